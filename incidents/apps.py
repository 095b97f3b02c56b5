"""The facts of an incident."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Title, severity, services, people, status, visibility."""

    name = "incidents"
