"""The command `render_markdown`, as another program calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, given: bytes = b"", home: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command where no database could be started."""
    home.mkdir(exist_ok=True)
    environment = {"PATH": "/usr/bin:/bin", "DEBRIEF_HOME": str(home), "DATABASE_URL": "postgres://nowhere.invalid/x"}
    return subprocess.run(
        [sys.executable, "manage.py", "render_markdown", *arguments],
        input=given, capture_output=True, cwd=ROOT, env=environment, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_text_from_stdin_becomes_html(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, given="# Zeit\n\n*é* <b>".encode(), home=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "<h3>Zeit</h3>\n<p><em>é</em> &lt;b&gt;</p>\n"


def test_a_file_becomes_html(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbf**a**")
    assert run(str(tmp_path / "a.md"), home=tmp_path).stdout == b"<p><strong>a</strong></p>\n"


def test_lines_of_json_become_lines_of_json(tmp_path: Path) -> None:
    given = [{"id": "a", "text": "*x*\n\ny"}, {"id": 2, "text": ""}, {"id": "\ud800", "text": "\ud800"}]
    done = run("--jsonl", given="\n\n".join(map(json.dumps, given)).encode(), home=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "a", "html": "<p><em>x</em></p>\n<p>y</p>"},
        {"id": 2, "html": ""},
        {"id": "\ud800", "html": "<p>\ufffd</p>"},
    ]


def test_bad_lines_are_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [b'{"id": 1, "text": "a"}', b"no", b"[" * 100_000, b'{"text": "x"}', b'{"id": 2}', b'{"id": 3, "text": 4}']
    lines += [b"\xff", b"[]", b'{"id": 9, "text": "b"}']
    done = run("--jsonl", given=b"\n".join(lines), home=tmp_path)
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 9]
    assert [line.split(b":")[0] for line in done.stderr.splitlines()] == [b"Line %d" % n for n in range(2, 9)]


def test_bytes_that_are_no_text_are_told_and_the_rest_is_rendered(tmp_path: Path) -> None:
    done = run(given=b"a\xffb", home=tmp_path)
    assert (done.returncode, done.stdout.decode()) == (1, "<p>a\ufffdb</p>\n")
    assert b"UTF-8" in done.stderr


@pytest.mark.parametrize("arguments", [["no-such-file"], ["."], ["--unknown"], ["a", "b"]])
def test_wrong_usage_is_status_2_with_a_message(arguments: list[str], tmp_path: Path) -> None:
    done = run(*arguments, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr
