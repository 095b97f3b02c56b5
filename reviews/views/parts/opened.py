"""What stands open on the editor page."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from core.text import whole_number
from incidents.models import Deletion
from reviews.word_diff import Change, word_changes
from timeline.pasted import PastedLine


@dataclass(frozen=True)
class Conflict:
    """Somebody saved a section while it was being edited: their text and the typed one, and how they differ.

    The field holds both together, unless they are too long to be carried in a form three times; then the typed one.
    """

    theirs: str
    mine: str
    by: str
    is_own: bool
    at: Any
    is_merged: bool
    clashes: int = 0

    @property
    def changes(self) -> list[Change]:
        """What turns their text into the typed one."""
        return word_changes(self.theirs, self.mine)


@dataclass(frozen=True)
class Opened:
    """A part that is being edited: which item of it (None: a new one), below which why, for which why evidence is
    cited, which perspective (`below` is the event of a new one), and the form as typed.

    `base` is the text from which the typed one was made, where the form says so; `role` what a new participant does;
    `me` is the username of who opened it.
    """

    part: str = ""
    item: int | None = None
    below: int | None = None
    cite: int | None = None
    perspective: int | None = None
    form: forms.Form | None = None
    conflict: Conflict | None = None
    base: str | None = None
    pasted: list[PastedLine] | None = None
    deletion: Deletion | None = None
    after: int | None = None
    editing: bool = True
    role: str = ""
    me: str = ""

    def asks_for(self, part: str) -> bool:
        """Whether the form of `part` stands open."""
        return self.part == part and self.editing

    def deleted_from(self, part: str) -> Deletion | None:
        """What was deleted from `part` a moment ago."""
        return self.deletion if self.part == part else None


NOTHING = Opened()


def opened_by(request: HttpRequest) -> Opened:
    """What the address asks for: ?edit=PART, with &item=PK for one of its items, &below=PK for a new why, or for a new
    perspective on an event, &cite=PK for evidence or &perspective=PK."""
    part = request.GET.get("edit", "")
    if not part:
        return NOTHING
    role = request.GET.get("role", "")
    item, below, cite, perspective = (key_in(request, name) for name in ("item", "below", "cite", "perspective"))
    return Opened(
        part, item=item, below=below, cite=cite, perspective=perspective, role=role, me=request.user.get_username()
    )


def key_in(request: HttpRequest, name: str) -> int | None:
    """A key in the address; None where there is none."""
    return whole_number(request.GET.get(name, ""))
