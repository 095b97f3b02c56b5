"""`render_markdown`: what every text goes through before it is shown, for a file, for stdin, or line by line."""

import io
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError

from core.markdown import render


class Command(BaseCommand):
    """Writes safe HTML; needs no database."""

    help = "Render Markdown as safe HTML. Exit status 1 if any of the input was refused."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: [FILE|-] [--jsonl]."""
        parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file, or - for stdin (the default)")
        parser.add_argument("--jsonl", action="store_true", help='read {"id","text"} lines, write {"id","html"} lines')

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints HTML, or a JSON line for each JSON line."""
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="xmlcharrefreplace")
        source = _opened(options["file"])
        whole = self._lines(source) if options["jsonl"] else self._text(source)
        if not whole:
            raise SystemExit(1)

    def _text(self, source: BinaryIO) -> bool:
        written = source.read()
        text = written.decode("utf-8-sig", "replace")
        self.stdout.write(render(text))
        if text.encode("utf-8") != written.removeprefix(b"\xef\xbb\xbf"):
            self.stderr.write("Some bytes are not UTF-8 and are shown as \N{REPLACEMENT CHARACTER}; save it as UTF-8.")
            return False
        return True

    def _lines(self, source: BinaryIO) -> bool:
        whole = True
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            try:
                name, text = _read(line)
            except ValueError as problem:
                self.stderr.write(f"Line {number}: {problem}")
                whole = False
            else:
                self.stdout.write(json.dumps({"id": name, "html": render(text)}))
        return whole


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return io.BytesIO(Path(name).read_bytes())
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "that is no file name"
        raise CommandError(f"Cannot read {name!r}: {reason}.", returncode=2) from None


def _read(line: bytes) -> tuple[Any, str]:
    """The id and the text of one line. Raises ValueError with what is wrong with it."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError('this is not JSON; write {"id": "1", "text": "..."} on one line.') from None
    if not isinstance(row, dict) or "id" not in row:
        raise ValueError('there is no "id"; write {"id": "1", "text": "..."}.')
    if not isinstance(row.get("text"), str):
        raise ValueError('there is no "text", or it is not a string; write {"id": "1", "text": "..."}.')
    return row["id"], row["text"]
