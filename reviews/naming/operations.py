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

LONGEST_ROLE = 80
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
            if not row.is_stored
        ],
        ignore_conflicts=True,
    )


def _store(review: Review, row: NamedRow | None, one: Chosen) -> None:
    kind, _, name = one.key.partition(":")
    if kind == "person":
        if row is not None and row.named.person:
            whose = {"person_id": row.named.person}
        else:
            return
    else:
        whose = {"name": " ".join(name.split())}
        if not one.role:
            RoleName.objects.filter(review=review, person=None, name__iexact=whose["name"]).delete()
            return
    found = RoleName.objects.filter(
        review=review, **({**whose} if kind == "person" else {"name__iexact": name})
    ).first()
    stored = found or RoleName(review=review, **whose)
    stored.role, stored.everywhere = one.role, one.everywhere
    stored.save()


def _refuse(rows: dict[str, NamedRow], wanted: dict[str, Chosen]) -> None:
    refused: dict[str, list[str]] = {}
    roles = {key: (wanted[key].role if key in wanted else row.named.role) for key, row in rows.items()}
    roles |= {key: one.role for key, one in wanted.items() if key not in rows}
    people = {key for key in roles if key.startswith("person:")}
    book = Book.of(named_in(rows.values()))
    for key, one in wanted.items():
        problems = Problems()
        name = rows[key].named.shown if key in rows else key.partition(":")[2]
        problems.line("role", one.role, longest=LONGEST_ROLE)
        if not key.startswith("person:"):
            problems.line("role", name, longest=200)
        if not one.role:
            if key in people:
                problems.add("role", f"Write what {name} did, such as “the on-call engineer”.")
        elif one.role != name:
            same = next(
                (other for other in people if other != key and roles[other].casefold() == one.role.casefold()), ""
            )
            if not _ROLE.fullmatch(one.role):
                problems.add("role", "Use letters, spaces and hyphens, beginning with a letter.")
            elif any(not mention.doubt for mention in find(one.role, book)):
                problems.add("role", f"“{one.role}” names somebody. Write what they did.")
            elif same and key in people:
                other = rows[same].named.shown
                problems.add(
                    "role", f"{other} is “{one.role}” as well. Tell them apart, as in “the first …” and “the second …”."
                )
        if problems.messages:
            refused[key] = problems.messages["role"]
    if refused:
        raise RolesRefused(refused)
