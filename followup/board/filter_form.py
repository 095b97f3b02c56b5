"""A form from which filters are added to the board, for those who do not write the query language."""

from actions.models import ActionKind, ActionStatus
from catalog.models import CauseCategory, Service, Team
from core.query_language import SEVERITIES
from followup.board.vocabulary import STATES

FIELDS = ("owner", "team", "service", "cause", "severity", "status", "kind", "after", "before", "is")
MOST = 500  # names in a list


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
