"""The supervisor behind `make run`, with real child processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from core.supervisor import RESTART_SECONDS, Child, Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"]


def wait_until(true: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def run_in_thread(*children: Child) -> tuple[Supervisor, threading.Thread]:
    supervisor = Supervisor(list(children), lambda text: None)
    thread = threading.Thread(target=supervisor.run, args=[lambda: None])
    thread.start()
    wait_until(lambda: all(child.process is not None for child in children))
    return supervisor, thread


def test_a_killed_child_is_started_again() -> None:
    child = Child("web", SLEEPER, os.environ)
    supervisor, thread = run_in_thread(child)
    try:
        assert child.process
        first = child.process.pid
        time.sleep(RESTART_SECONDS)
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: child.process is not None and child.process.pid != first)
        assert child.process and child.process.poll() is None
    finally:
        supervisor.stopping.set()
        thread.join()


def test_stopping_ends_every_child() -> None:
    children = Child("web", SLEEPER, os.environ), Child("worker", SLEEPER, os.environ)
    supervisor, thread = run_in_thread(*children)
    pids = [child.process.pid for child in children if child.process]
    supervisor.stopping.set()
    thread.join()
    assert not any(alive(pid) for pid in pids)


def test_a_child_that_ignores_the_request_is_ended(monkeypatch) -> None:
    monkeypatch.setattr("core.supervisor.STOP_SECONDS", 0.2)
    child = Child("web", STUBBORN, os.environ)
    child.start()
    assert child.process
    time.sleep(0.5)
    child.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_children_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    code = (
        "import os, sys, time; from pathlib import Path; from core.supervisor import Child; "
        f"c = Child('web', {SLEEPER!r}, os.environ); c.start(); "
        f"Path({str(noted)!r}).write_text(str(c.process.pid)); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parent.parent.parent)
    wait_until(lambda: noted.exists() and noted.read_text() != "")
    child = int(noted.read_text())
    parent.kill()
    parent.wait()
    wait_until(lambda: _gone_or_zombie(child))


def _gone_or_zombie(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"
