"""The database wrapper for the embedded PostgreSQL (settings without DATABASE_URL)."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from core.embedded_postgres import Cluster


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the embedded cluster; starts it first unless `make run` looks after it."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's parameters, with the socket of the cluster in DEBRIEF_HOME."""
        cluster = Cluster(settings.DEBRIEF_HOME)
        if settings.EMBEDDED_POSTGRES_STARTS:
            cluster.ensure_running()
        self.settings_dict["HOST"] = str(cluster.socket_folder)
        return super().get_connection_params()
