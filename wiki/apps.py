"""What is published."""

from django.apps import AppConfig


class WikiConfig(AppConfig):
    """Search and reading pages."""

    name = "wiki"

    def ready(self) -> None:
        """Index every version as it is published, and count its terms."""
        from wiki import indexing, term_counts  # noqa: F401
