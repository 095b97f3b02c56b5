"""How long `make run` takes until /healthz answers: in a fresh clone with empty caches, and on a second start.

Bars: 90 s and 6 s. There is nothing to compare with but itself: the second start is shown beside a third, so that
noise shows. Needs the package registry.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench import site
from core.embedded_postgres import Cluster

FIRST_BAR, SECOND_BAR = 90.0, 6.0
GIVE_UP = 600.0


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    with tempfile.TemporaryDirectory(prefix="debrief-start-") as folder:
        clone = Path(folder) / "debrief"
        subprocess.run(["git", "clone", "--quiet", str(site.ROOT), str(clone)], check=True)
        caches = {"UV_CACHE_DIR": f"{folder}/uv-cache", "PIP_CACHE_DIR": f"{folder}/pip-cache"}
        try:
            first, second, third = (_start(clone, caches) for _ in range(3))
        finally:
            Cluster(clone / "var").remove()
    figures = {
        "benchmark": "start",
        "fresh_clone_seconds": round(first, 1),
        "second_start_seconds": round(second, 2),
        "third_start_seconds": round(third, 2),
        "bars": [FIRST_BAR, SECOND_BAR],
        "met": first < FIRST_BAR and second < SECOND_BAR,
    }
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print(f"Fresh clone, empty caches  {first:6.1f} s  (bar {FIRST_BAR:.0f})")
    print(f"Second start               {second:6.1f} s  (bar {SECOND_BAR:.0f}); third {third:.1f} s")


def _start(clone: Path, caches: dict[str, str]) -> float:
    """Seconds from `make run` to the first good answer; the site is stopped with Ctrl-C's signal afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if k not in ("DEBRIEF_HOME", "DATABASE_URL", "VIRTUAL_ENV")}
    began = time.perf_counter()
    site_process = subprocess.Popen(
        ["make", "--no-print-directory", "run"],
        cwd=clone,
        env={**environment, **caches, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while time.perf_counter() - began < GIVE_UP:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return time.perf_counter() - began
            if site_process.poll() is not None:
                raise SystemExit(f"make run ended with status {site_process.returncode}.")
            time.sleep(0.05)
        raise SystemExit(f"No answer within {GIVE_UP:.0f} s.")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(site_process.pid, signal.SIGINT)
        site_process.wait(60)


if __name__ == "__main__":
    main()
