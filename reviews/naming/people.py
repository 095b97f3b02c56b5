"""Whose names stand in a review, and as which role each is written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models.functions import Lower

from accounts.models import Person
from catalog.models import Service, Team
from reviews.models import Review, RoleName
from reviews.naming.book import Book, Named
from reviews.naming.document import Document, texts_in
from reviews.naming.finding import find
from reviews.naming.suggesting import ENGINEER, is_nobody, names_among, suggested, told_apart
from reviews.naming.writing import whole_name_of
from timeline.models import Perspective


@dataclass(frozen=True)
class NamedRow:
    """Somebody the review names, and the role; `is_stored` where somebody chose it, otherwise it is proposed.

    `is_by_hand`: a name that somebody added, since nothing but the texts holds it.
    """

    named: Named
    is_stored: bool
    is_by_hand: bool = False

    @property
    def key(self) -> str:
        """Who it is, in a form."""
        return f"person:{self.named.person}" if self.named.person else f"name:{self.named.name}"

    @property
    def is_left(self) -> bool:
        """Whether the words are no person's and stay."""
        return self.named.role == self.named.name


def rows_of(review: Review, document: Document) -> list[NamedRow]:
    """Everybody whom `document` (the review as it is now) names, in the order in which people come to it.

    Participants, who owns actions, whose perspectives are told, authors and owners as written, accounts that the texts
    name, and the names that somebody added by hand. Six queries.
    """
    stored = list(RoleName.objects.filter(review=review.pk).select_related("person"))
    by_person = {one.person_id: one for one in stored if one.person_id}
    by_name = {one.name.casefold(): one for one in stored if one.name}
    parts = _parts(review)
    people = {person.pk: person for person in _taking_part(review)}
    rows = [_of_person(person, parts.get(person.pk, ())) for person in people.values()]
    found, named_alike = _in_texts(document, rows)
    rows += [_of_person(person, ()) for person in found]
    written = [*_as_written(document), *named_alike, *(one.name for one in stored if one.name)]
    known = {one.shown.casefold() for one in rows}
    things = _called_so(written)
    book = Book.of(rows)
    for name in dict.fromkeys(written):
        is_somebody_else = name.casefold() in by_name or not whole_name_of(name, book)
        if name.casefold() not in known and is_somebody_else:
            known.add(name.casefold())
            rows.append(Named(name, name if name.casefold() in things or is_nobody(name) else ENGINEER))
    by_hand = by_name.keys() - {name.casefold() for name in [*_as_written(document), *named_alike]}
    return [
        replace(row, is_by_hand=row.named.person is None and row.named.name.casefold() in by_hand)
        for row in _with_stored(rows, by_person, by_name)
    ]


def named_in(rows: Iterable[NamedRow]) -> list[Named]:
    """Those whose names are looked for: words that stay are no names."""
    return [row.named for row in rows if not row.is_left]


def _taking_part(review: Review) -> list[Person]:
    """Participants, whose perspectives are told, and who owns actions; each once."""
    incident = review.incident
    found = [one.person for one in incident.participants.select_related("person")]
    told = Perspective.objects.filter(event__incident=incident, person__isnull=False).select_related("person")
    found += [one.person for one in told if one.person]
    owned = incident.actions.filter(owner__isnull=False).select_related("owner")
    found += [one.owner for one in owned if one.owner]
    return list({person.pk: person for person in found}.values())


def _parts(review: Review) -> dict[int, list[str]]:
    parts: dict[int, list[str]] = {}
    for one in review.incident.participants.all():
        parts.setdefault(one.person_id, []).append(one.role)
    return parts


def _of_person(person: Person, parts: Iterable[str]) -> Named:
    return Named(person.name, suggested(parts, person.role), person.username, person.email, person=person.pk)


def _in_texts(document: Document, rows: list[Named]) -> tuple[list[Person], list[str]]:
    """Accounts that the texts name, and given names that several accounts have."""
    known = {one.person for one in rows}
    accounts = [person for person in Person.objects.order_by("pk") if person.pk not in known]
    book = Book.of([*rows, *(_of_person(person, ()) for person in accounts)])
    found: dict[int, None] = {}
    alike: dict[str, None] = {}
    for text in texts_in(document):
        for one in find(text, book, at_large=True):
            if len(one.who) == 1:
                found.setdefault(one.who[0])
            elif not any(number < len(rows) for number in one.who):
                alike.setdefault(text[one.start : one.end])
    return [accounts[number - len(rows)] for number in found if number >= len(rows)], list(alike)


def _as_written(document: Document) -> list[str]:
    """What stands for people without an account: authors, owners of actions, and whose perspectives are told.

    Of several in one place each; a group as it is.
    """
    names = [*document["authors"], *(one["owner"] for one in document["actions"])]
    for event in document["events"]:
        names += [one["who"] for one in event.get("perspectives", [])]
    written = [" ".join(name.split()) for name in names]
    return [each for name in dict.fromkeys(written) if name for each in (names_among(name) or [name])]


def _called_so(names: Iterable[str]) -> set[str]:
    """Which of the names are those of a team or a service, folded. One query, none without names."""
    folded = {name.casefold() for name in names}
    if not folded:
        return set()
    things = [
        model.objects.annotate(called=Lower(field)).filter(called__in=folded).order_by().values_list("called")
        for model, field in ((Team, "name"), (Team, "slug"), (Service, "name"), (Service, "slug"))
    ]
    return {called for (called,) in things[0].union(*things[1:])}


def _with_stored(rows: list[Named], by_person: dict[Any, RoleName], by_name: dict[str, RoleName]) -> list[NamedRow]:
    def stored_of(one: Named) -> RoleName | None:
        return by_person.get(one.person) if one.person else by_name.get(one.name.casefold())

    proposed = [one for one in rows if stored_of(one) is None and one.role != one.name]
    taken = [stored.role for one in rows if (stored := stored_of(one)) is not None]
    apart = iter(told_apart([one.role for one in proposed], taken))
    found = []
    for one in rows:
        if stored := stored_of(one):
            found.append(NamedRow(replace(one, role=stored.role, everywhere=stored.everywhere), True))
        else:
            found.append(NamedRow(one if one.role == one.name else replace(one, role=next(apart)), False))
    return found
