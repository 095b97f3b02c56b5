"""Finding a Chromium for the browser tests, and installing one where that is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The shell draws no window around a page: the same engine, at a third of the work for each page.
SHELL = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# A closed network refuses the browser's own background traffic; without these flags it tries again and again.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find(*, with_window: bool = False) -> str | None:
    """The path of a Chromium: CHROMIUM, one on PATH, or Playwright's own; None if there is none.

    The shell is taken first; `with_window`, the whole browser, as people have it: to measure how long it takes.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in (*BROWSERS, SHELL) if with_window else (SHELL, *BROWSERS):
        if found := shutil.which(name):
            return found
    own = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    kinds = ("chromium_headless_shell-*/chrome-*/*headless*shell", "chromium-*/chrome-linux*/chrome")
    return next((str(path) for kind in kinds for path in sorted(own.glob(kind))), None)


def install() -> None:
    """Install Debian's Chromium where we are root and apt-get is there; says in one line when it cannot be had."""
    if os.environ.get("CHROMIUM") or shutil.which(SHELL):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        if not find():
            _apt_get("update", "-qq")
        # Distributions without the shell have the browser.
        if not _apt_get("install", "-y", "-qq", SHELL) and not find():
            _apt_get("install", "-y", "-qq", "chromium")
    if not find():
        sys.stderr.write("No Chromium here and none can be installed: the browser tests will be skipped.\n")


def _apt_get(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = subprocess.DEVNULL
    done = subprocess.run(["apt-get", *arguments], env=environment, stdout=quiet, stderr=quiet, check=False)
    return done.returncode == 0


if __name__ == "__main__" and "--install" in sys.argv[1:]:
    install()
