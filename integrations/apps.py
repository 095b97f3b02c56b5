"""The room as Django knows it."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """The machine's door."""

    name = "integrations"

    def ready(self) -> None:
        """Hear of changes to action items that have an issue in a tracker."""
        from integrations.trackers import linking  # noqa: F401
