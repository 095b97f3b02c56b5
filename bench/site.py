"""A site of its own for benchmarks: a temporary home with the demo organisation, servers started and stopped."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def temporary_home() -> Iterator[None]:
    """Points this process and its children at a fresh DEBRIEF_HOME with its own database, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="debrief-bench-") as home:
        os.environ["DEBRIEF_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.pop("DATABASE_URL", None)
        try:
            yield
        finally:
            from core.embedded_postgres import Cluster

            Cluster(Path(home)).remove()


@contextlib.contextmanager
def kept_home(name: str) -> Iterator[None]:
    """As `temporary_home`, but below DEBRIEF_HOME/bench/, and kept for the next time."""
    home = Path(os.environ.get("DEBRIEF_HOME") or ROOT / "var").resolve() / "bench" / name
    home.mkdir(parents=True, exist_ok=True)
    os.environ["DEBRIEF_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.pop("DATABASE_URL", None)
    try:
        yield
    finally:
        from core.embedded_postgres import Cluster

        Cluster(home).stop()


def manage(*arguments: str) -> None:
    """Run one of the project's commands in the benchmark's home."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextlib.contextmanager
def serving(application: str, settings: str = "config.settings") -> Iterator[str]:
    """Serve a WSGI application as `make run` does; gives its address."""
    port = free_port()
    from core.management.commands.serve import granian_command

    server = subprocess.Popen(
        granian_command("127.0.0.1", port, application),
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": settings, "DEBRIEF_SUPERVISED": "1"},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/healthz")
        yield address
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def running(command: list[str], health: str) -> Iterator[None]:
    """Runs a server until the end of the block, which begins when `health` answers."""
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "DEBRIEF_SUPERVISED": "1"})
    try:
        wait_for(health)
        yield
    finally:
        server.terminate()
        server.wait()


@contextlib.contextmanager
def serving_editor() -> Iterator[str]:
    """Serves the pages and the live process that they connect to; gives the address of the pages."""
    from core.management.commands.serve import live_command
    from core.static_collection import collect_static_files

    collect_static_files()
    port = free_port()
    os.environ["DEBRIEF_LIVE_PORT"] = str(port)
    with serving("config.wsgi:application") as web:
        os.environ["DEBRIEF_WEB_PORT"] = web.rpartition(":")[2]
        with running(live_command("127.0.0.1", port), f"http://127.0.0.1:{port}/live/healthz"):
            yield web


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str) -> None:
    """Until the address answers."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"{address} does not answer.")
