"""From a query as understood to the entries that match it: always inside what the person may see."""

import operator
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import reduce
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.lookups import Exact

from accounts.access import takes_part_condition
from accounts.models import Person
from actions.models import ActionItem
from wiki.known_values import KnownValues
from wiki.models import SearchEntry
from wiki.query_language import Filter, Query, Term
from wiki.recurrence import recurring
from wiki.searchable import searchable

CONFIG = "english"
_HYPHENS = str.maketrans("-", " ")


@dataclass(frozen=True)
class Matching:
    """A query by a person on a day: which entries it matches. Leaves out what could not be understood."""

    person: Person
    query: Query
    known: KnownValues
    today: date
    zone: tzinfo

    def entries(
        self, *, without_kind: str = "", without: Term | Filter | None = None
    ) -> "QuerySet[SearchEntry, SearchEntry]":
        """The matching entries that the person may see, in no order.

        `without_kind` leaves out the filters that ask for a value of that kind (for the facet of the kind), `without`
        one part of the query (to say what it costs).
        """
        filters = [one for one in self.query.filters if one is not without]
        # PostgreSQL looks at conditions in this order, and a vector is dear to fetch.
        entries = SearchEntry.objects.filter(self._filtered(filters, without_kind)).visible_to(self.person)
        words = self.words(without)
        if words is not None:
            # Words that are all too common make an empty query, which would match nothing; it is left out instead.
            entries = entries.filter(Q(vector=words) | Q(Exact(nodes_in(words), 0)))
        return entries

    def words(self, without: Term | Filter | None = None) -> SearchQueryCombinable | None:
        """The words as a query of PostgreSQL; None when there are none."""
        groups = [
            reduce(operator.and_, (words_of(term) for term in group if term is not without))
            for group in self.query.groups
            if any(term is not without for term in group)
        ]
        return reduce(operator.or_, groups) if groups else None

    def sought(self) -> SearchQueryCombinable | None:
        """Any of the words that an entry should have, to mark them in a snippet; None when there are none."""
        sought = [words_of(term) for term in self.query.terms if not term.negated]
        return reduce(operator.or_, sought) if sought else None

    def _filtered(self, filters: Iterable[Filter], without_kind: str) -> Q:
        """Filters of one kind mean either; each negated one excludes."""
        either: dict[str, Q] = defaultdict(Q)
        asked: set[str] = set()
        condition = Q()
        for one in filters:
            meaning = self._meaning(one)
            if meaning is None:
                continue
            if one.negated:
                condition &= ~meaning
            elif one.kind != without_kind:
                either[one.kind] = either[one.kind] | meaning if one.kind in asked else meaning
                asked.add(one.kind)
        return reduce(operator.and_, either.values(), condition)

    def _meaning(self, one: Filter) -> Q | None:
        """The condition of one filter; None when its value means nothing here."""
        known = self.known.of(one)
        match one.kind:
            case "service" | "cause":
                return Q(**{f"{one.kind}_ids__overlap": known.ids}) if known else None
            case "team":
                if known is None:
                    return None
                return Q(service_ids__overlap=known.ids) | Q(_has_action(team__in=known.teams))
            case "owner":
                return self._owned(one, known.ids if known else [])
            case "tag":
                spellings = {one.value, one.value.lower(), one.value.upper(), one.value.capitalize()}
                as_published = Q(tags=None) | Q(tags__overlap=sorted(spellings))
                return Q(incident__tags__overlap=sorted(spellings)) & as_published
            case "severity":
                return Q(severity=one.value)
            case "status":
                return Q(incident__status=one.value)
            case "is":
                return self._state(one.value)
        return self._days(one)

    def _owned(self, one: Filter, ids: list[int]) -> Q:
        """Whose actions they are is told of a review that names people, to those who take part, and to the owner."""
        owned = _has_action(Q(owner__in=ids) | Q(owner_as_written__iexact=one.value))
        told = Q(names_as_roles=False) | takes_part_condition(self.person, "incident")
        mine = Q(_has_action(owner=self.person)) if self.person.pk in ids else Q(pk__in=[])
        return (Q(owned) & told) | mine

    def _state(self, state: str) -> Q | None:
        match state:
            case "open-actions":
                return Q(Exists(ActionItem.objects.filter(incident=OuterRef("pk")).unfinished()))
            case "overdue":
                return Q(Exists(ActionItem.objects.filter(incident=OuterRef("pk")).overdue(self.today)))
            case "recurring":
                return recurring(self.person)
        return None

    def _days(self, one: Filter) -> Q | None:
        """`after` includes the day it names, `before` ends before it: together they leave no day out or twice."""
        if one.days is None:
            return None
        first, end = self._midnight(one.days.first), self._midnight(one.days.end)
        match one.kind:
            case "after":
                return Q(occurred_at__gte=first)
            case "before":
                return Q(occurred_at__lt=first)
        return Q(occurred_at__gte=first, occurred_at__lt=end)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def words_of(term: Term) -> SearchQueryCombinable:
    """A word or phrase as a query of PostgreSQL, by a function that takes any text and knows no operators.

    A word with a hyphen is sought as its parts, so that post-mortem finds "post mortem" as well.
    """
    text = searchable(term.text)
    if text.translate(_HYPHENS).replace(" ", "").isalpha():
        text = text.translate(_HYPHENS)
    query = SearchQuery(text, config=CONFIG, search_type="phrase")
    return ~query if term.negated else query


def nodes_in(words: SearchQueryCombinable) -> Func:
    """How many words and operators are left in a query; 0 where all its words are too common, or are none."""
    return Func(words, function="numnode", output_field=IntegerField())


def _has_action(*conditions: Q, **more: Any) -> Exists:
    return Exists(ActionItem.objects.filter(*conditions, incident=OuterRef("pk"), **more))


def newest_first(entries: "QuerySet[SearchEntry, SearchEntry]") -> "QuerySet[SearchEntry, SearchEntry]":
    """By date, the newest first: the order of the index that all bounded reads walk."""
    return entries.order_by(F("occurred_at").desc(), F("incident").desc())
