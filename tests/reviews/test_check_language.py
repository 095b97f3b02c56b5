"""`check_language` as a program calls it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

TEXT = "# Naïve 🔥\n\nIt was human error.\n"


def _checked(capsys: Any, *arguments: str) -> str:
    call_command("check_language", *arguments)
    return str(capsys.readouterr().out)


def test_json_points_at_the_exact_characters(db: None, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "review.md").write_text(TEXT, "utf-8")
    [finding] = json.loads(_checked(capsys, str(tmp_path / "review.md"), "--json"))["findings"]
    assert {*finding} == {"rule", "severity", "start", "end", "text", "why", "suggestion"}
    assert TEXT[finding["start"] : finding["end"]] == finding["text"]
    assert finding["rule"] == "language-human-error"


def test_people_get_a_line_with_the_place(db: None, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "review.md").write_text(TEXT, "utf-8")
    assert _checked(capsys, str(tmp_path / "review.md")).startswith("3:")


def test_stdin_is_read_where_no_file_is_named(db: None, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert "language-human-error" in _checked(capsys)


def test_a_text_that_is_fine_has_no_findings(db: None, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "fine.md").write_text("The pod should have restarted.", "utf-8")
    assert json.loads(_checked(capsys, str(tmp_path / "fine.md"), "--json")) == {"findings": []}


def test_bytes_that_are_no_text_are_said_and_the_rest_is_checked(db: None, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "latin.md").write_bytes(b"caf\xe9. It was human error.")
    with pytest.raises(SystemExit) as ended:
        _checked(capsys, str(tmp_path / "latin.md"), "--json")
    assert ended.value.code == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["findings"]
    assert "UTF-8" in said.err


@pytest.mark.parametrize("name", ["no-such-file", "\x00"])
def test_a_file_that_is_not_there_is_named(db: None, name: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("check_language", name)
    assert refused.value.returncode == 2
