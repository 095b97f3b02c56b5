"""The room as Django knows it."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """The machine's door."""

    name = "integrations"
