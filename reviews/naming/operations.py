"""Choosing whether the next published version writes people as roles, and which."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.access import Verb
from accounts.models import Person
from core import audit
from core.problems import Problems
from incidents.operations import locked_incident
from reviews.models import Review, RoleName
from reviews.naming.book import Book
from reviews.naming.finding import find
from reviews.naming.people import NamedRow, named_in, rows_of
from reviews.snapshot import snapshot_of

LONGEST_ROLE, LONGEST_NAME = 80, 200
MOST = 500
_ROLE = re.compile(r"[^\W\d_](?:[^\W_]|[ '’&,.()/-])*")


@dataclass(frozen=True)
class Chosen:
    """The role of one row, as typed; `key` is that of its NamedRow, "name:" with any name for a new one."""

    key: str
    role: str
    everywhere: bool = False


class RolesRefused(ValidationError):
    """Some roles cannot be taken; `by_key` holds the messages of each."""

    def __init__(self, by_key: dict[str, list[str]]) -> None:
        super().__init__([message for messages in by_key.values() for message in messages])
        self.by_key = by_key


@transaction.atomic
def choose_roles(person: Person, review: Review, *, on: bool, chosen: Iterable[Chosen] = ()) -> Review:
    """Set the switch, and the roles of those `chosen`; a name added by hand goes with an empty role.

    Raises RolesRefused where a role is empty, too long, another one's, or names somebody.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    review = Review.objects.select_related("incident", "template").get(pk=incident.pk)
    rows = {row.key: row for row in rows_of(review, snapshot_of(review))}
    wanted = {one.key: one for one in [*chosen][:MOST]}
    _refuse(rows, wanted)
    for one in wanted.values():
        _store(review, rows.get(one.key), one)
    if review.names_as_roles != on or wanted:
        review.names_as_roles = on
        review.save(update_fields=["names_as_roles"])
        audit.record(person, "choose-roles", f"incident {incident.number}", "roles" if on else "names")
    return review


def keep_roles(review: Review, rows: Iterable[NamedRow]) -> None:
    """Let whoever was published as a role stay that role in later versions. In the publishing transaction."""
    RoleName.objects.bulk_create(
        [
            RoleName(
                review_id=review.pk,
                person_id=row.named.person,
                name="" if row.named.person else row.named.name,
                role=row.named.role,
            )
            for row in rows
            if not row.is_stored and not row.is_left
        ],
        ignore_conflicts=True,
    )


def _store(review: Review, row: NamedRow | None, one: Chosen) -> None:
    person = row.named.person if row else None
    name = "" if person else _name_in(one.key)
    if not person and not name:
        return  # somebody who is no longer in the review
    stored = RoleName.objects.filter(review=review, person=person, name__iexact=name).first()
    if not one.role:
        if stored is not None:
            stored.delete()
        return
    stored = stored or RoleName(review=review, person_id=person, name=name)
    stored.role, stored.everywhere = one.role, one.everywhere
    stored.save()


def _name_in(key: str) -> str:
    """The name in the key of a row without an account."""
    kind, _, name = key.partition(":")
    return " ".join(name.split()) if kind == "name" else ""


def _refuse(rows: dict[str, NamedRow], wanted: dict[str, Chosen]) -> None:
    """Raise RolesRefused where a role cannot stand for its name."""
    roles = {key: row.named.role for key, row in rows.items()} | {key: one.role for key, one in wanted.items()}
    people = [key for key, row in rows.items() if row.named.person]
    book = Book.of(named_in(rows.values()))
    refused: dict[str, list[str]] = {}
    for key, one in wanted.items():
        name = rows[key].named.shown if key in rows else _name_in(key)
        same = [rows[other].named.shown for other in people if other != key and _alike(roles[other], one.role)]
        problems = Problems()
        problems.line("role", one.role, longest=LONGEST_ROLE)
        problems.line("role", name, longest=LONGEST_NAME)
        if not one.role and key in people:
            problems.add("role", f"Write what {name} did, such as “the on-call engineer”.")
        if one.role and one.role != name:
            if not _ROLE.fullmatch(one.role):
                problems.add("role", "Use letters, spaces and hyphens, beginning with a letter.")
            elif any(not mention.doubt for mention in find(one.role, book)):
                problems.add("role", f"“{one.role}” names somebody. Write what they did.")
            elif same and key in people:
                told = "Tell them apart, as in “the first …” and “the second …”."
                problems.add("role", f"{same[0]} is “{one.role}” as well. {told}")
        if problems.messages:
            refused[key] = problems.messages["role"]
    if refused:
        raise RolesRefused(refused)


def _alike(role: str, other: str) -> bool:
    return role.casefold() == other.casefold()
