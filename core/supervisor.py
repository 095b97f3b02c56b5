"""Keeping a few child processes alive until told to stop."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

STOP_SECONDS = 10
RESTART_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One program that should run all the time, in a process group of its own."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start it, or start it again."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches only the supervisor, which stops its children in order
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the program and all that it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        if self.process is None:
            return
        self.signal_group(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self.signal_group(signal.SIGKILL)
        self.process.wait()


@dataclass
class Supervisor:
    """Runs children until SIGINT, SIGTERM or SIGHUP, and starts again one that ends by itself."""

    children: list[Child]
    say: Callable[[str], None]
    stopping: threading.Event = field(default_factory=threading.Event)

    def listen_for_signals(self) -> None:
        """From now on a signal to stop only sets `stopping`; the run ends in its own order."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def run(self, on_started: Callable[[], None]) -> None:
        """Start all children, call `on_started`, and watch until told to stop; then stop them all."""
        try:
            for child in self.children:
                child.start()
            on_started()
            while not self.stopping.wait(0.2):
                for child in self.children:
                    self._restart_if_ended(child)
        finally:
            for child in reversed(self.children):
                child.stop()

    def _restart_if_ended(self, child: Child) -> None:
        if child.process is None or child.process.poll() is None:
            return
        if time.monotonic() - child.started < RESTART_SECONDS:
            return
        self.say(f"The {child.name} process ended (status {child.process.returncode}); starting it again.")
        child.signal_group(signal.SIGKILL)  # what it left behind still holds its port
        child.start()


def _end_with_parent() -> None:
    """In the child before its program starts: be told to end when the supervisor is killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
