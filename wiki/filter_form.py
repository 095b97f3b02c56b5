"""A form from which one filter after the other is added to a search, for those who do not write the query language."""

from catalog.models import CauseCategory, Team
from core.query_language import SEVERITIES

FIELDS = ("service", "team", "cause", "severity", "after", "before", "is")
STATES = {
    "open-actions": "Open actions",
    "overdue": "Overdue actions",
    "recurring": "Happened again",
    "unread": "Not read by me",
}
MOST = 500  # teams and categories in a list


def choices() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen, as values and labels, by field. Two queries."""
    return {
        "team": list(Team.objects.values_list("slug", "name")[:MOST]),
        "cause": list(CauseCategory.objects.values_list("slug", "name")[:MOST]),
        "severity": [(one, one.upper()) for one in SEVERITIES],
        "is": list(STATES.items()),
    }
