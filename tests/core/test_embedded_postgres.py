"""The embedded PostgreSQL as its users meet it: real servers in temporary homes."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from core.embedded_postgres import SYSTEM_USER, Cluster

ROOT = Path(__file__).resolve().parent.parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another user")


@pytest.fixture
def cluster(tmp_path: Path):
    made = Cluster(tmp_path / "home")
    yield made
    made.remove()


def count_rows(cluster: Cluster) -> int:
    with psycopg.connect(cluster.conninfo()) as connection:
        row = connection.execute("SELECT count(*) FROM note").fetchone()
    assert row is not None
    return row[0]


def write_row(cluster: Cluster) -> None:
    with psycopg.connect(cluster.conninfo()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (id int)")
        connection.execute("INSERT INTO note VALUES (1)")


def server_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().splitlines()[0])


def run_python(code: str, cluster: Cluster) -> subprocess.Popen[str]:
    program = f"from pathlib import Path; from core.embedded_postgres import Cluster; c = Cluster(Path({str(cluster.home)!r})); {code}"
    return subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_starts_once_and_keeps_data_across_a_stop(cluster: Cluster) -> None:
    assert cluster.ensure_running()
    write_row(cluster)
    assert not cluster.ensure_running()
    assert cluster.stop()
    assert not cluster.stop()
    assert cluster.ensure_running()
    assert count_rows(cluster) == 1


def test_a_server_left_behind_by_a_killed_process_is_taken_over(cluster: Cluster) -> None:
    user = run_python("c.ensure_running(); print('up', flush=True); import time; time.sleep(60)", cluster)
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    pid = server_pid(cluster)
    user.send_signal(signal.SIGKILL)
    user.wait()
    assert not cluster.ensure_running()
    assert server_pid(cluster) == pid


def test_recovers_after_the_server_itself_was_killed(cluster: Cluster) -> None:
    cluster.ensure_running()
    write_row(cluster)
    os.kill(server_pid(cluster), signal.SIGKILL)
    time.sleep(0.2)
    assert cluster.ensure_running()
    assert count_rows(cluster) == 1


def test_several_processes_that_begin_at_once_share_one_server(cluster: Cluster) -> None:
    users = [run_python("print(c.ensure_running())", cluster) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda user: user.communicate()[0].strip(), users))
    assert sorted(answers) == ["False", "False", "False", "True"]


def test_listens_on_a_private_socket_only(cluster: Cluster) -> None:
    cluster.ensure_running()
    assert stat.S_IMODE(cluster.socket_folder.stat().st_mode) == 0o700
    with psycopg.connect(cluster.conninfo()) as connection:
        row = connection.execute("SHOW listen_addresses").fetchone()
    assert row == ("",)


def test_a_deep_home_gets_its_socket_elsewhere(tmp_path: Path) -> None:
    deep = Cluster(tmp_path / ("d" * 100) / "home")
    try:
        deep.ensure_running()
        assert deep.answers()
        assert not deep.socket_folder.is_relative_to(tmp_path)
        assert stat.S_IMODE(deep.socket_folder.stat().st_mode) == 0o700
    finally:
        deep.remove()


def test_stop_leaves_a_server_that_others_use(cluster: Cluster) -> None:
    cluster.ensure_running()
    with psycopg.connect(cluster.conninfo()):
        assert not cluster.stop(only_if_unused=True)
    assert cluster.stop(only_if_unused=True)


@as_root
def test_as_root_the_server_has_a_user_of_its_own_and_no_folder_is_opened_up(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "home")
    try:
        cluster.ensure_running()
        write_row(cluster)
        owner = Path(f"/proc/{server_pid(cluster)}").stat().st_uid
        assert owner == pwd.getpwnam(SYSTEM_USER).pw_uid
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert count_rows(cluster) == 1
    finally:
        cluster.remove()
