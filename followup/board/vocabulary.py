"""What the board may be asked for, and how it is said."""

from actions.models import ActionKind, ActionStatus
from core.query_language import SEVERITIES, Vocabulary

NONE = "none"  # owner:none, team:none: those that have none
STATES = {
    "unfinished": "Unfinished",
    "finished": "Finished",
    "mine": "Mine",
    "unassigned": "Unassigned",
    "overdue": "Overdue",
    "due-this-week": "Due this week",
    "undated": "Without a date",
    "blocked": "Waiting for another item",
    "unverified": "Done, not verified",
    "no-factor": "Removes no factor",
}
BOARD = Vocabulary(
    examples={
        "owner": "owner:me",
        "team": "team:platform",
        "service": "service:payments",
        "cause": "cause:capacity",
        "severity": "severity:sev1",
        "status": "status:open",
        "kind": "kind:detect",
        "after": "after:2026-12",
        "before": "before:+2w",
        "quarter": "quarter:2026-Q4",
        "is": "is:overdue",
    },
    values={
        "severity": (*SEVERITIES, NONE),
        "status": tuple(ActionStatus.values),
        "kind": tuple(ActionKind.values),
        "is": tuple(STATES),
    },
    ahead=True,
)
