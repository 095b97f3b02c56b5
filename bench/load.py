"""Asking a page over and over, from 16 connections: with wrk where it is installed, else from Python."""

import http.client
import re
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 16


@dataclass(frozen=True)
class Load:
    """What one run of load measured."""

    requests_per_second: float
    failures: int


def tool() -> str:
    """What generates the load on this machine."""
    return "wrk" if shutil.which("wrk") else "python threads (install wrk for a lighter client)"


def ask(address: str, seconds: float, cookie: str = "") -> Load:
    """Requests per second that `address` answered during `seconds`; failures are answers other than 2xx."""
    if shutil.which("wrk"):
        return _ask_with_wrk(address, seconds, cookie)
    return _ask_from_python(address, seconds, cookie)


def _ask_with_wrk(address: str, seconds: float, cookie: str) -> Load:
    said = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "-H", f"Cookie: {cookie}", address],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Load(float(rate[1]) if rate else 0.0, int(failed[1]) if failed else 0)


def _ask_from_python(address: str, seconds: float, cookie: str) -> Load:
    parts = urlsplit(address)
    deadline = time.monotonic() + seconds
    answered, failed = [0] * CONNECTIONS, [0] * CONNECTIONS

    def client(which: int) -> None:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
        while time.monotonic() < deadline:
            connection.request("GET", parts.path, headers={"Cookie": cookie})
            response = connection.getresponse()
            response.read()
            answered[which] += 1
            failed[which] += response.status != 200

    clients = [threading.Thread(target=client, args=(which,)) for which in range(CONNECTIONS)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return Load(sum(answered) / seconds, sum(failed))
