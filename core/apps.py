"""What every room stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Markdown, instants and zones, embedded PostgreSQL, audit, helpers of the base templates."""

    name = "core"
