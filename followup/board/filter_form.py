"""A form from which filters are added to the board, for those who do not write the query language."""

from collections.abc import Iterator, Mapping

from actions.models import ActionKind, ActionStatus
from catalog.models import CauseCategory, Service, Team
from core.query_language import SEVERITIES, Query, written_filter
from core.text import storable
from followup.board.vocabulary import STATES

FIELDS = ("owner", "team", "service", "cause", "severity", "status", "kind", "after", "before", "is")
MOST = 500  # names in a list
LONGEST = 200


def choices() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What can be chosen from lists: field, label, and values with labels. Three queries."""
    return [
        ("team", "Team", [("none", "No team"), *Team.objects.values_list("slug", "name")[:MOST]]),
        ("service", "Service", list(Service.objects.values_list("slug", "name")[:MOST])),
        ("cause", "Cause", [("none", "No category"), *CauseCategory.objects.values_list("slug", "name")[:MOST]]),
        ("severity", "Severity", [(one, one.upper()) for one in SEVERITIES]),
        ("status", "Status", [(value, str(label)) for value, label in ActionStatus.choices]),
        ("kind", "Kind", [(value, str(label)) for value, label in ActionKind.choices]),
        ("is", "Which are", list(STATES.items())),
    ]


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
