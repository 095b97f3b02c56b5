"""What a catalog file says, before any of it is stored."""

from dataclasses import dataclass, field
from typing import Literal

from catalog.slugs import service_slug

LONGEST_NAME, LONGEST_SLUG, LONGEST_ABOUT = 120, 80, 5_000


class BadEntry(ValueError):
    """An entry that cannot be taken; the message tells a person why."""


@dataclass(frozen=True)
class Place:
    """Where an entry stands: its file, and its line from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass
class Entry:
    """A service or a team. What is '' or empty is not stated, and left as it is where it is known already.

    `called` says by what the file calls it; `title` is a name that was given for people to read.
    """

    kind: Literal["service", "team"]
    place: Place
    slug: str
    called: str
    title: str = ""
    about: str = ""
    owner: "Owner | None" = None
    aliases: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    weight: int = 0  # of several that are the same service, the one with the least says what it is

    @property
    def name(self) -> str:
        """For people."""
        return self.title or self.called


@dataclass(frozen=True)
class Owner:
    """A team as an owner is written; it comes into being when it is new."""

    slug: str
    called: str


@dataclass
class CatalogFile:
    """What one file holds: entries, who is in which team (by the team's slug), and what cannot be taken."""

    entries: list[Entry] = field(default_factory=list)
    memberships: list[tuple[str, list[str]]] = field(default_factory=list)  # slug of a team, names of one person
    passed_over: int = 0
    further: list[tuple[Place, str]] = field(default_factory=list)  # files that it refers to
    problems: list[tuple[Place, str]] = field(default_factory=list)


def slug_of(name: str) -> str:
    """The slug that a name gives; BadEntry where it gives none, or too long a one."""
    slug = service_slug(name)
    if not slug:
        raise BadEntry(f"“{name[:60]}” has no letter or digit of the Latin alphabet to make an address of.")
    if len(slug) > LONGEST_SLUG:
        raise BadEntry(f"“{name[:60]}…” is too long: at most {LONGEST_SLUG} characters.")
    return slug


def short(value: str, longest: int, called: str) -> str:
    """The text in one line; BadEntry where it is longer than it may be."""
    text = " ".join(value.split())
    if len(text) > longest:
        raise BadEntry(f"The {called} has {len(text):,} characters; at most {longest:,} fit.")
    return text
