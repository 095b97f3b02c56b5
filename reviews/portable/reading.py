"""Reading a file that `writing` made back into a document, as loose data that `checking` looks at."""

import json
import re
from typing import Any

from reviews.importing.document import UnreadableDocument

Loose = dict[str, Any]
MAX_BYTES = 25_000_000

_JSON_BEGINS = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{\s*"debrief"\s*:')
_MARKDOWN_BEGINS = re.compile(rb"\A(?:\xef\xbb\xbf)?---[ \t]*\r?\ndebrief: *[0-9]+[ \t]*\r?\n")
_VALUE = re.compile(r"(\w+):[ \t]*(.*)")
_MARK = re.compile(r"<!-- debrief (\w+)(?: (\{.*\}))? -->[ \t]*")
_MARKED = re.compile(r"^\\(?=\\*<!-- debrief\b)", re.MULTILINE)
_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")


def is_portable(content: bytes) -> bool:
    """Whether the file says that Debrief exported it."""
    return bool(_JSON_BEGINS.match(content[:200]) or _MARKDOWN_BEGINS.match(content[:200]))


def read_loose(content: bytes, name: str) -> Loose:
    """The document; UnreadableDocument with a message for a person where the file was damaged."""
    if len(content) > MAX_BYTES:
        raise UnreadableDocument(f"{name} is too large: an exported review has at most {MAX_BYTES // 1_000_000} MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableDocument(f"{name} is not UTF-8, as exported reviews are. Export it again.") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _from_json(text, name) if text.lstrip().startswith("{") else _Markdown(text, name).read()


def _from_json(text: str, name: str) -> Loose:
    try:
        loose = json.loads(text)
    except ValueError as problem:
        at = f" (line {problem.lineno})" if isinstance(problem, json.JSONDecodeError) else ""
        raise UnreadableDocument(f"{name} is no longer well-formed JSON{at}. Export it again.") from None
    except RecursionError:
        raise UnreadableDocument(f"{name} is nested more deeply than any review.") from None
    if not isinstance(loose, dict):
        raise UnreadableDocument(f"{name} is not a review that Debrief exported.")
    return loose


class _Markdown:
    """One pass over the comments of a file; each begins a part."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines = text.split("\n")
        self.loose: Loose = {"sections": {}, "events": [], "whys": [], "factors": [], "actions": []}
        self.whys: dict[Any, Loose] = {}

    def read(self) -> Loose:
        end = next((n for n, line in enumerate(self.lines[1:], 1) if line.rstrip() == "---"), 0)
        for number, line in enumerate(self.lines[1:end], 2):
            if line.strip():
                key, value = self._value(line, number)
                self.loose[key] = value
        marks = [(n, mark) for n in range(end + 1, len(self.lines)) if (mark := _MARK.fullmatch(self.lines[n]))]
        for (start, mark), after in zip(marks, [*(n for n, _ in marks[1:]), len(self.lines)], strict=True):
            self._take(mark[1], self._facts(mark[2], start + 1), self.lines[start + 1 : after], start + 1)
        return self.loose

    def _value(self, line: str, number: int) -> tuple[str, Any]:
        found = _VALUE.fullmatch(line)
        if found is None:
            raise self._damaged(number)
        return found[1], self._json(found[2], number)

    def _facts(self, written: str | None, number: int) -> Loose:
        return self._json(written, number) if written else {}

    def _json(self, written: str, number: int) -> Any:
        try:
            return json.loads(written)
        except (ValueError, RecursionError):
            raise self._damaged(number) from None

    def _take(self, part: str, facts: Loose, lines: list[str], number: int) -> None:
        if part in ("timeline", "whys", "factors", "actions", "end"):
            return
        if part in ("known", "sense"):
            self._seen(number)[part] = _text(lines)
            return
        heading, text = _headed(lines)
        if part == "section":
            self.loose["sections"][str(facts.pop("kind", ""))] = {**facts, "text": text}
        elif part == "event":
            self.loose["events"].append({**facts, "text": text, "perspectives": []})
        elif part == "perspective":
            self._last("events", number)["perspectives"].append(facts)
        elif part == "factor":
            self.loose["factors"].append({**facts, "text": text})
        elif part == "action":
            self.loose["actions"].append({"title": heading, **facts, "details": text})
        elif part == "why":
            self._take_why({"question": heading, **facts, "answer": text, "children": []}, number)
        else:
            raise self._damaged(number)

    def _take_why(self, why: Loose, number: int) -> None:
        below = why.pop("below", None)
        if below is None:
            beside = self.loose["whys"]
        elif isinstance(below, int) and below in self.whys:
            beside = self.whys[below]["children"]
        else:
            raise self._damaged(number)
        beside.append(why)
        if isinstance(why.get("id"), int):
            self.whys[why["id"]] = why

    def _seen(self, number: int) -> Loose:
        perspectives = self._last("events", number)["perspectives"]
        if not perspectives:
            raise self._damaged(number)
        found: Loose = perspectives[-1]
        return found

    def _last(self, part: str, number: int) -> Loose:
        if not self.loose[part]:
            raise self._damaged(number)
        found: Loose = self.loose[part][-1]
        return found

    def _damaged(self, number: int) -> UnreadableDocument:
        return UnreadableDocument(
            f"{self.name}, line {number}: this is not as Debrief writes it. Put it right, or take out the first "
            "lines, between ---, to import it as any other Markdown."
        )


def _headed(lines: list[str]) -> tuple[str, str]:
    """The heading of a part, '' where somebody took it out, and its text."""
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    found = _HEADING.fullmatch(lines[first]) if first is not None else None
    if first is None or found is None:
        return "", _text(lines)
    return found[1], _text(lines[first + 1 :])


def _text(lines: list[str]) -> str:
    """What stands between one blank line above and one below."""
    text = "\n".join(lines)
    text = text.removeprefix("\n").removesuffix("\n")
    return _MARKED.sub("", text) if text.strip() else ""
