"""The audit trail of a review in words: what each verb of an operation says to people."""

import re

from core.models import AuditEntry
from reviews.checker.rulebook import titled

_SAID = {
    "start": ("", "began the review"),
    "import": ("", "imported it from a file"),
    "change-status": ("", "moved it to"),
    "change-facts": ("facts", "changed the facts"),
    "set-causes": ("facts", "set the cause categories"),
    "add-event": ("timeline", "added to the timeline"),
    "change-event": ("timeline", "changed in the timeline"),
    "undo-delete-event": ("timeline", "brought back to the timeline"),
    "add-perspective": ("timeline", "added a perspective to"),
    "change-perspective": ("timeline", "changed a perspective on"),
    "undo-delete-perspective": ("timeline", "brought back the perspective"),
    "add-why": ("whys", "asked"),
    "change-why": ("whys", "changed the question"),
    "move-why": ("whys", "moved the question"),
    "undo-delete-why": ("whys", "brought back the question"),
    "cite-evidence": ("whys", "cited evidence for the answer to"),
    "remove-evidence": ("whys", "removed evidence for the answer to"),
    "add-factor": ("factors", "named the factor"),
    "change-factor": ("factors", "changed the factor"),
    "move-factor": ("factors", "moved the factor"),
    "undo-delete-factor": ("factors", "brought back the factor"),
    "connect-factor": ("factors", "said what removes the factor"),
    "disconnect-factor": ("factors", "took away what removes the factor"),
    "add-action": ("actions", "added the action"),
    "change-action": ("actions", "changed the action"),
    "move-action": ("actions", "moved the action"),
    "undo-delete-action": ("actions", "brought back the action"),
    "verify-action": ("actions", "verified the action"),
    "unverify-action": ("actions", "took back that it is verified, of the action"),
    "split-action": ("actions", "split the action"),
    "merge-action": ("actions", "merged with another one the action"),
    "unmerge-action": ("actions", "took back the merge of the action"),
    "link-action": ("actions", "said what is waited for by the action"),
    "unlink-action": ("actions", "took away what was waited for by the action"),
    "answer-held": ("actions", "said whether it held of the action"),
    "choose-roles": ("participants", "let the published version write people by"),
    "add-participant": ("participants", "added"),
    "remove-participant": ("participants", "removed"),
    "change-visibility": ("visibility", "set the readers"),
    "add-attachment": ("attachments", "attached"),
    "remove-attachment": ("attachments", "removed the attachment"),
    "purge-attachment": ("attachments", "deleted for good the attachment"),
    "undo-delete-attachment": ("attachments", "brought back the attachment"),
    "use-template": ("", "chose the template"),
    "ask-for-review": ("approval", "asked for a review by"),
    "approve": ("approval", "approved"),
    "ask-for-changes": ("approval", "asked for changes"),
    "withdraw-request": ("approval", "withdrew the request to"),
    "dismiss-finding": ("", "dismissed the finding"),
    "take-back-finding": ("", "no longer dismisses the finding"),
    "confirm-recurrence": ("", "said that this happened before"),
    "take-back-recurrence": ("", "took back that this happened before"),
}
# The part of a review that shows a deletion of that kind (incidents.models.Deletion).
PART_OF_KIND = {
    "event": "timeline",
    "perspective": "timeline",
    "why": "whys",
    "factor": "factors",
    "action": "actions",
    "attachment": "attachments",
}
VERBS = [verb for verb in _SAID if verb != "import"]
PART_OF_VERB = {verb: part for verb, (part, _) in _SAID.items()}

_THING = re.compile(r"(event|why|factor|action) ([0-9]{1,18})\b")
_FACTS = {
    "occurred_at": "when it began",
    "occurred_is_date": "",
    "time_zone": "time zone",
    "detected_at": "detected",
    "detected_by": "who noticed it",
    "responded_at": "first response",
    "mitigated_at": "mitigated",
    "resolved_at": "resolved",
}
_STATUS = {"in-review": "in review"}

Thing = tuple[str, int]


def thing_of(entry: AuditEntry) -> Thing | None:
    """Which thing of the review it is about: kind and key."""
    found = _THING.match(entry.detail)
    return (found[1], int(found[2])) if found else None


def said_of(entry: AuditEntry) -> str:
    """What its person did, in words that a name can stand before and a thing after."""
    said = _SAID[entry.verb][1]
    detail = entry.detail
    if entry.verb == "change-status":
        return f"{said} {_STATUS.get(detail, detail)}"
    if entry.verb == "change-facts":
        named = [_FACTS.get(name, name) for name in detail.split(", ")]
        return f"{said}: {', '.join(name for name in named if name)}"
    if entry.verb == "change-visibility":
        kind, _, readers = detail.partition(" ")
        return f"{said}: {kind}{f', {readers}' if readers else ''}"
    if entry.verb.endswith("-participant"):
        return f"{said} {detail.replace('-', ' ')}"
    if entry.verb.startswith("undo-delete-") or entry.verb.endswith("-attachment"):
        return f"{said} “{detail}”"
    if entry.verb in ("ask-for-review", "withdraw-request"):
        return f"{said} {detail}"
    if entry.verb.endswith("-finding"):
        rule, _, rest = detail.partition(" at ")
        reason = rest.partition(": ")[2]
        return f"{said} “{titled(rule)}”{f': {reason}' if reason else ''}"
    if entry.verb == "choose-roles":
        return f"{said} {'their roles' if detail == 'roles' else 'their names'}"
    if entry.verb == "use-template":
        return f"{said} “{detail}”" if detail else "chose the usual sections"
    if entry.verb == "change-action":
        changed = detail.partition(": ")[2].replace("done_at", "").replace("_", " ")
        return f"{said}’s {changed}" if changed and "," not in changed else said
    if entry.verb == "set-causes":
        return f"{said}: {detail}" if detail else "took away the cause categories"
    return said
