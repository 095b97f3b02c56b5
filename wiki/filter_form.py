"""A form from which one filter after the other is added to a search, for those who do not write the query language."""

from collections.abc import Iterator, Mapping

from catalog.models import CauseCategory, Team
from core.query_language import SEVERITIES, Query, written_filter
from core.text import storable

FIELDS = ("service", "team", "cause", "severity", "after", "before", "is")
STATES = {
    "open-actions": "Open actions",
    "overdue": "Overdue actions",
    "recurring": "Happened again",
    "unread": "Not read by me",
}
MOST = 500  # teams and categories in a list
LONGEST = 200


def choices() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, as values and labels, by field. Two queries."""
    return {
        "team": list(Team.objects.values_list("slug", "name")[:MOST]),
        "cause": list(CauseCategory.objects.values_list("slug", "name")[:MOST]),
        "severity": [(one, one.upper()) for one in SEVERITIES],
        "is": list(STATES.items()),
    }


def with_filters(query: Query, given: Mapping[str, str]) -> str:
    """The text of `query` with a filter for each field that was filled in; those that it has already stay once."""
    has = {(one.kind, one.value) for one in query.filters if not one.negated}
    added = [written_filter(kind, value) for kind, value in _filled(given) if (kind, value) not in has]
    return " ".join([query.text, *added]).strip()


def _filled(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for kind in FIELDS:
        value = " ".join(storable(given.get(kind, "")).replace('"', " ").split())[:LONGEST]
        if value:
            yield kind, value
