"""How long answers take while several connections ask at once: with wrk where it is installed, else from Python."""

import http.client
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

Request = tuple[str, str]  # cookie, path


@dataclass(frozen=True)
class Latency:
    """Milliseconds: the median, and what 95 of 100 answers stay below; how many failed, and of how many."""

    median: float
    p95: float
    failures: int
    requests: int


def under_load(base: str, requests: Sequence[Request], connections: int, seconds: float) -> Latency:
    """Each connection asks for the next of `requests` as soon as it has an answer."""
    if shutil.which("wrk"):
        return _with_wrk(base, requests, connections, seconds)
    return _from_python(base, requests, connections, seconds)


def alone(base: str, requests: Sequence[Request]) -> list[float]:
    """Milliseconds of each request, one after the other on one connection."""
    connection = _connection(base)
    return [_timed(connection, request)[0] for request in requests]


def _with_wrk(base: str, requests: Sequence[Request], connections: int, seconds: float) -> Latency:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as addresses:
        addresses.writelines(f"{cookie}\t{path}\n" for cookie, path in requests)
        addresses.flush()
        said = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "30s", "-s",
             str(Path(__file__).with_name("latency.lua")), base],
            check=True, capture_output=True, text=True, env={**os.environ, "ADDRESSES": addresses.name},
        ).stdout  # fmt: skip
    measured = re.search(r"measured (\d+) (\d+) (\d+) (\d+)", said)
    if measured is None:
        raise SystemExit(f"wrk said nothing to read: {said}")
    median, p95, failures, asked = map(int, measured.groups())
    return Latency(median / 1000, p95 / 1000, failures, asked)


def _from_python(base: str, requests: Sequence[Request], connections: int, seconds: float) -> Latency:
    times: list[float] = []
    failures: list[int] = []
    turn = count()
    deadline = time.monotonic() + seconds

    def client() -> None:
        connection = _connection(base)
        while time.monotonic() < deadline:
            took, status = _timed(connection, requests[next(turn) % len(requests)])
            times.append(took)
            if status != 200:
                failures.append(status)

    clients = [threading.Thread(target=client) for _ in range(connections)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    return Latency(statistics.median(times), statistics.quantiles(times, n=20)[-1], len(failures), len(times))


def _connection(base: str) -> http.client.HTTPConnection:
    parts = urlsplit(base)
    return http.client.HTTPConnection(parts.hostname or "", parts.port)


def _timed(connection: http.client.HTTPConnection, request: Request) -> tuple[float, int]:
    cookie, path = request
    began = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    response = connection.getresponse()
    response.read()
    return 1000 * (time.perf_counter() - began), response.status
