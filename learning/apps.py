"""What the organisation learns."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    """Trends."""

    name = "learning"

    def ready(self) -> None:
        """Measure every review as it is published."""
        from learning import measuring  # noqa: F401
