"""A whole review as data (reviews.snapshot), written anew with roles in the place of names."""

from collections.abc import Callable, Iterator
from typing import Any

from core.markdown import render
from reviews.naming.writing import Naming

Document = dict[str, Any]

# What is a name as a whole, and what says nothing about people or would mean something else with another word in it.
_NAMES = {"owner", "who", "name", "authors"}
_AS_IT_IS = {
    "id", "number", "slug", "kind", "kind_label", "role", "role_label", "severity", "detected_by",
    "time_zone", "zone", "at", "due", "occurred_at", "milestones", "services", "causes", "cause", "team",
}  # fmt: skip


def with_roles(document: Document, naming: Naming) -> Document:
    """`document` as `naming` writes it: every text rendered anew, every other word that could be a name as well.

    What a later part of the shape adds is written anew by default. Addresses stay; `naming` notes the names in them.
    """
    return _mapped(document, naming)


def texts_in(document: Document) -> Iterator[str]:
    """Every text and word of `document` in which a name could stand."""
    found: list[str] = []
    _walk(document, lambda name, value: found.append(value))
    yield from found


def _mapped(value: Document, naming: Naming) -> Document:
    written: Document = {}
    for name, one in value.items():
        if name in _AS_IT_IS or _text_of(name, value) is not None:
            written[name] = one
        else:
            written[name] = _anew(name, one, naming)
    for name in written:
        if (source := _text_of(name, value)) is not None and written[source] != value[source]:
            written[name] = render(written[source]) if value[name] else value[name]
    return written


def _anew(name: str, value: Any, naming: Naming) -> Any:
    if isinstance(value, str):
        if name.endswith("url"):
            naming.written(value)
            return value
        return naming.label(value) if name in _NAMES else naming.written(value)
    if isinstance(value, list):
        return [_anew(name, one, naming) for one in value]
    return _mapped(value, naming) if isinstance(value, dict) else value


def _text_of(name: str, value: Document) -> str | None:
    """The name of the text whose HTML this is: "text" of "html", "answer" of "answer_html"."""
    source = "text" if name == "html" else name.removesuffix("_html")
    return source if source != name and source in value else None


def _walk(value: Any, take: Callable[[str, str], None], name: str = "") -> None:
    waiting = [(name, value)]
    while waiting:
        name, one = waiting.pop()
        if isinstance(one, str):
            take(name, one)
        elif isinstance(one, list):
            waiting += [(name, each) for each in reversed(one)]
        elif isinstance(one, dict):
            waiting += [
                (key, each)
                for key, each in reversed(one.items())
                if key not in _AS_IT_IS and _text_of(key, one) is None
            ]
