"""`make run`: everything that Debrief needs, in one command."""

import contextlib
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import connection

from core.embedded_postgres import Cluster, EmbeddedPostgresError
from core.models import AuditEntry
from core.static_collection import collect_static_files
from core.supervisor import Child, Supervisor

READY_SECONDS = 60
DEMO_ACCOUNTS = [("alice", "engineer"), ("lee", "team lead"), ("sam", "reader"), ("admin", "administrator")]


class Command(BaseCommand):
    """Starts the database, migrates, fills an empty one with the demo, serves until Ctrl-C."""

    help = "Run Debrief: embedded PostgreSQL (unless DATABASE_URL is set), web, live and worker."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until stopped. HOST, PORT and DEBRIEF_HOME come from the environment."""
        host = os.environ.get("HOST") or "127.0.0.1"
        port = _port(os.environ.get("PORT") or "8000")
        _refuse_taken_port(host, port)
        live_port = _port(os.environ.get("LIVE_PORT") or str(free_port_after(host, port)))
        supervisor = Supervisor(_children(host, port, live_port), self._say)
        supervisor.listen_for_signals()
        cluster = Cluster(settings.DEBRIEF_HOME) if settings.EMBEDDED_POSTGRES else None
        try:
            if cluster:
                cluster.ensure_running()
            self._prepare()
            if not supervisor.stopping.is_set():
                supervisor.run(lambda: self._announce(host, port, supervisor))
        except EmbeddedPostgresError as problem:
            raise CommandError(str(problem)) from problem
        finally:
            connection.close()
            if cluster and cluster.stop(only_if_unused=True):
                self._say("Stopped.")

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0)
        if not get_user_model().objects.exists():
            self._welcome_the_first()
        collect_static_files()

    def _welcome_the_first(self) -> None:
        if settings.DEMO_IN_EMPTY_DATABASE:
            self._say("The database is empty: loading the demo organisation.")
            call_command("load_demo", verbosity=0)
        else:
            self._say(
                "Nobody can sign in yet: make an administrator with `.venv/bin/python manage.py createsuperuser`."
            )

    def _announce(self, host: str, port: int, supervisor: Supervisor) -> None:
        shown = "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104
        address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
        deadline = time.monotonic() + READY_SECONDS
        while not _answers(f"{address}healthz"):
            if supervisor.stopping.wait(0.05):
                return
            if time.monotonic() > deadline:
                raise CommandError(f"The web process did not answer within {READY_SECONDS} s; its messages are above.")
        self._say(f"Debrief is at {address}")
        if AuditEntry.objects.filter(verb="load-demo").exists():
            self._say("Demo accounts, password debrief-demo:")
            for username, role in DEMO_ACCOUNTS:
                self._say(f"  {username:<6} {role}")
        self._say("Ctrl-C stops everything.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _children(host: str, port: int, live_port: int) -> list[Child]:
    environment = {
        **os.environ, "DEBRIEF_SUPERVISED": "1", "DEBRIEF_WEB_PORT": str(port), "DEBRIEF_LIVE_PORT": str(live_port)
    }  # fmt: skip
    worker = [sys.executable, "manage.py", "procrastinate", "worker"]
    web = granian_command(host, port, "config.wsgi:application")
    live = live_command(host, live_port)
    return [Child("live", live, environment), Child("web", web, environment), Child("worker", worker, environment)]


def granian_command(host: str, port: int, application: str) -> list[str]:
    """The command that serves a WSGI application as Debrief serves its own."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", os.environ.get("WEB_WORKERS") or "2", "--blocking-threads", "4", "--backpressure", "64",
        "--no-access-log", "--log-level", "warning", application,
    ]  # fmt: skip


def live_command(host: str, port: int) -> list[str]:
    """The command that serves sockets and event streams. One process holds its rooms in memory."""
    return [
        sys.executable, "-m", "uvicorn", "--host", host, "--port", str(port), "--lifespan", "on",
        "--ws", "websockets-sansio", "--ws-max-size", "4200000", "--ws-ping-interval", "20", "--ws-ping-timeout", "20",
        "--timeout-graceful-shutdown", "2", "--no-access-log", "--no-server-header", "--log-level", "warning",
        "config.live:application",
    ]  # fmt: skip


def free_port_after(host: str, port: int) -> int:
    """The next port that nobody listens on; any free one where those beside `port` are all taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [*range(port + 1, min(port + 20, 65536)), 0]:
        with closing(socket.socket(family, socket.SOCK_STREAM)) as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, candidate))
            return int(probe.getsockname()[1])
    return port + 1


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f'PORT is "{text}"; it must be a number from 1 to 65535.')
    return int(text)


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CommandError(
                f"Cannot listen on {host}:{port} ({problem.strerror}); choose another with PORT=8001 make run."
            ) from problem


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
