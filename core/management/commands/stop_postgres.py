"""`make stop`: stop an embedded PostgreSQL that was left running."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core.embedded_postgres import Cluster


class Command(BaseCommand):
    """Stops the embedded PostgreSQL of DEBRIEF_HOME."""

    help = "Stop the embedded PostgreSQL if it is running."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Says whether there was anything to stop."""
        stopped = Cluster(settings.DEBRIEF_HOME).stop()
        self.stdout.write("Stopped the embedded PostgreSQL." if stopped else "No embedded PostgreSQL is running.")
