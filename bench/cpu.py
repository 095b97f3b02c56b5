"""Processor time that answers take, of the web server and of PostgreSQL: unlike time on the clock, it hardly depends on
what else the machine does. From /proc, so on Linux alone; elsewhere it is 0.
"""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Spent:
    """Milliseconds since the processes began, or for each request of some."""

    python: float
    postgres: float

    def for_each_since(self, before: "Spent", requests: int) -> "Spent":
        """What each of the requests took, that were answered since `before`."""
        times = max(requests, 1)
        return Spent((self.python - before.python) / times, (self.postgres - before.postgres) / times)


def spent(home: Path) -> Spent:
    """By what this process started, and by the processes of the cluster in `home`, which must not end meanwhile."""
    parents = {pid: _parent(pid) for pid in _processes()}
    postmaster = _postmaster(home)
    return Spent(
        sum(_milliseconds(pid) for pid in parents if _is_below(pid, os.getpid(), parents)),
        sum(_milliseconds(pid) for pid, parent in parents.items() if parent == postmaster),
    )


def _processes() -> list[int]:
    return [int(one.name) for one in Path("/proc").glob("[0-9]*")] if Path("/proc/self/stat").exists() else []


def _postmaster(home: Path) -> int:
    from core.embedded_postgres import Cluster

    return int((Cluster(home).data / "postmaster.pid").read_text().split()[0])


def _is_below(pid: int, above: int, parents: dict[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == above:
            return True
    return False


def _parent(pid: int) -> int:
    fields = _fields(pid)
    return int(fields[1]) if fields else 0


def _milliseconds(pid: int) -> float:
    fields = _fields(pid)
    return 1000 * (int(fields[11]) + int(fields[12])) / _TICKS if fields else 0.0


def _fields(pid: int) -> list[str]:
    """What stands behind the name of the program: state, parent, and so on; nothing where it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
