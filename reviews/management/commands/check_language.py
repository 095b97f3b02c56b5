"""`check_language`: the blameless-language rules on a file or stdin."""

import io
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from core.tables import CommandWithTables
from reviews.checker.findings import Finding
from reviews.checker.language import check_text
from reviews.checker.rulebook import rulebook


class Command(CommandWithTables):
    """Says which words close the question why something made sense, and what to ask instead."""

    help = "Check the wording of a text. Exit status 1 if some of its bytes could not be read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: [FILE|-] [--json]."""
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file, or - for stdin (the default)")
        parser.add_argument("--json", action="store_true", help="one JSON object with all findings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each finding, or JSON."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        written = _read(options["file"])
        text = written.decode("utf-8", "replace")
        found = check_text(text, rulebook())
        if options["json"]:
            self.stdout.write(json.dumps({"findings": [_as_json(one) for one in found]}))
        else:
            for one in found:
                self.stdout.write(_as_line(one, text))
        if text.encode("utf-8") != written:
            self.stderr.write("Some bytes are not UTF-8 and are read as \N{REPLACEMENT CHARACTER}; save it as UTF-8.")
            raise SystemExit(1)


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "that is no file name"
        raise CommandError(f"Cannot read {name!r}: {reason}.", returncode=2) from None


def _as_json(one: Finding) -> dict[str, Any]:
    """Offsets are characters from 0."""
    return {
        "rule": one.rule,
        "severity": one.severity,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "why": one.message,
        "suggestion": one.suggestion,
    }


def _as_line(one: Finding, text: str) -> str:
    start = one.start or 0
    line = text.count("\n", 0, start) + 1
    column = start - (text.rfind("\n", 0, start) + 1) + 1
    return f"{line}:{column} {one.rule} “{one.words}”: {one.message} {one.suggestion}".rstrip()
