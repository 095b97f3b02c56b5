"""What the organisation consists of."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Teams, services and cause categories."""

    name = "catalog"
