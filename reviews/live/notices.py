"""What the database tells live processes, turned into what pages are told: which parts changed, and by whom."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Person
from reviews.live.places import part_of_place
from reviews.models import SectionKind

_PARTS = {
    "facts": ["facts", "timeline"],
    "causes": ["facts"],
    "participant": ["participants"],
    "visibility": ["visibility"],
    "event": ["timeline", "whys"],
    "why": ["whys", "factors"],
    "evidence": ["whys"],
    "perspective": ["timeline"],
    "roles": ["participants"],
    "factor": ["factors", "actions", "whys"],
    "action": ["actions", "factors"],
    "held": ["actions"],
    "attachment": ["attachments"],
    "review": ["approval", "participants"],
    "approve": ["approval"],
    "changes": ["approval"],
    "request": ["approval", "participants"],
    "status": ["approval"],
    "finding": ["findings"],
    "recurrence": ["recurrence"],
}
_THING = re.compile(r"(event|why|factor|action) ([0-9]{1,18})\b")


@dataclass(frozen=True)
class Notice:
    """Parts of one editor page changed; `id` is the key of the audit entry behind it, None for text typed together."""

    parts: list[str]
    number: int | None = None
    review_pk: int | None = None
    id: int | None = None
    person_pk: int | None = None
    verb: str = ""
    thing: str = ""  # the item of a part that it is about, as the page names it: "event-12"
    by: str = field(default="", compare=False)

    def as_event(self) -> bytes:
        """As a server-sent event."""
        return f"event: changed\ndata: {json.dumps(self.said())}\n\n".encode()

    def said(self) -> dict[str, Any]:
        """What the page is told."""
        who = {"by": self.by, "person": self.person_pk}
        return {"id": self.id, "parts": self.parts, **who, "verb": self.verb, "thing": self.thing}


def notice_of_audit(said: dict[str, Any]) -> Notice | None:
    """The notice for a new audit entry; None for what no editor page shows."""
    kind, _, key = said["subject"].partition(" ")
    if kind not in ("incident", "review") or not key.isdigit() or said["verb"] == "write":
        return None
    parts = parts_of_verb(said["verb"], said["detail"])
    thing = _THING.match(said["detail"])
    return Notice(
        parts,
        number=int(key),
        id=said["id"],
        person_pk=said.get("person"),
        verb=said["verb"],
        thing=f"{thing[1]}-{thing[2]}" if thing else "",
    )


def notice_of_texts(said: dict[str, Any]) -> Notice:
    """The notice for texts that reached their rows."""
    parts = list(dict.fromkeys(part_of_place(place) for place in said["places"]))
    return Notice(parts, review_pk=said["review"])


def parts_of_verb(verb: str, detail: str) -> list[str]:
    """The parts of the page that show what a verb of the audit trail changed; "page" where all of it may."""
    if verb == "save-section":
        kind = detail.partition(" ")[0]
        return [kind] if kind in SectionKind.values else ["page"]
    if "comment" in verb or "thread" in verb:
        return ["comments"]
    if verb.endswith("-finding") and detail.startswith("timeline-"):
        return ["findings", "timeline"]  # which says it in place
    return _PARTS.get(verb.rpartition("-")[2], ["page"])


def name_of(person_pk: int | None) -> str:
    """Whom to name; empty for the system itself."""
    person = Person.objects.filter(pk=person_pk).first() if person_pk else None
    return str(person) if person else ""
