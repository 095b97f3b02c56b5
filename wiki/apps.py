"""What is published."""

from django.apps import AppConfig


class WikiConfig(AppConfig):
    """Search and reading pages."""

    name = "wiki"

    def ready(self) -> None:
        """Index every version as it is published, count its terms and find what is like it: in this order."""
        from wiki import indexing, term_counts  # noqa: F401, I001
        from wiki import neighbours, vocabulary  # noqa: F401
