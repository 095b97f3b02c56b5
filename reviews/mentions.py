"""People named in a text as @username."""

import html
import re
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q

from accounts.models import Person

MOST = 50
_MENTION = re.compile(r"(?<![\w@./+-])@(\w[\w.+@-]{0,149})")
_TAG = re.compile(r"(<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)")
_NO_WORDS = re.compile(r"</?(a|code|pre)\b")


def with_names(rendered: str) -> tuple[str, list[Person]]:
    """Rendered text with the names of the people it mentions, and those people. One query where any may be meant.

    Code and links mention nobody; a name that is nobody's stays as it was written.
    """
    said = {name for _, is_prose, text in _pieces(rendered) if is_prose for name in _names_in(text)}
    known = _people(sorted(said)[:MOST])
    mentioned: dict[int, Person] = {}

    def named(found: re.Match[str]) -> str:
        for name in _readings(found[1]):
            if person := known.get(name.lower()):
                mentioned[person.pk] = person
                return f'<span class="mention">{html.escape(str(person))}</span>{found[1][len(name) :]}'
        return found[0]

    shown = "".join(_MENTION.sub(named, text) if is_prose else text for _, is_prose, text in _pieces(rendered))
    return shown, [*mentioned.values()]


def _pieces(rendered: str) -> Iterable[tuple[int, bool, str]]:
    """Tags and texts in order, with how deep each stands in code or links, and whether it is a text outside of them."""
    depth = 0
    for piece in _TAG.split(rendered):
        if _NO_WORDS.match(piece):
            depth += -1 if piece.startswith("</") else 1
        yield depth, depth == 0 and not piece.startswith("<"), piece


def _names_in(text: str) -> Iterable[str]:
    for found in _MENTION.finditer(text):
        yield from _readings(found[1])


def _readings(said: str) -> list[str]:
    """As written, and without the marks that end a sentence."""
    return list(dict.fromkeys([said, said.rstrip(".+@-_")]))


def _people(names: list[str]) -> dict[str, Person]:
    if not names:
        return {}
    meant = reduce(or_, (Q(username__iexact=name) for name in names))
    return {person.username.lower(): person for person in Person.objects.filter(meant, is_active=True)}
