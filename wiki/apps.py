"""What is published."""

from django.apps import AppConfig


class WikiConfig(AppConfig):
    """Search and reading pages."""

    name = "wiki"

    def ready(self) -> None:
        """Index every version as it is published."""
        from wiki import indexing  # noqa: F401
