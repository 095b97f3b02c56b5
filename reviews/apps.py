"""The document."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """Sections, five whys, factors, versions, publishing, import."""

    name = "reviews"

    def ready(self) -> None:
        """Let backups take the attachments along."""
        from reviews import backed_up  # noqa: F401
