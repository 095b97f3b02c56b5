"""What the database tells live processes, turned into what pages are told: which parts changed, and by whom."""

import json
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
    "event": ["timeline"],
    "why": ["whys", "factors"],
    "factor": ["factors", "actions"],
    "action": ["actions", "factors"],
    "attachment": ["attachments"],
}


@dataclass(frozen=True)
class Notice:
    """Parts of one editor page changed; `id` is the key of the audit entry behind it, None for text typed together."""

    parts: list[str]
    number: int | None = None
    review_pk: int | None = None
    id: int | None = None
    person_pk: int | None = None
    verb: str = ""
    by: str = field(default="", compare=False)

    def as_event(self) -> bytes:
        """As a server-sent event."""
        said = {"id": self.id, "parts": self.parts, "by": self.by, "verb": self.verb}
        return f"event: changed\ndata: {json.dumps(said)}\n\n".encode()


def notice_of_audit(said: dict[str, Any]) -> Notice | None:
    """The notice for a new audit entry; None for what no editor page shows."""
    kind, _, key = said["subject"].partition(" ")
    if kind not in ("incident", "review") or not key.isdigit() or said["verb"] == "write":
        return None
    parts = parts_of_verb(said["verb"], said["detail"])
    return Notice(parts, number=int(key), id=said["id"], person_pk=said.get("person"), verb=said["verb"])


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
    return _PARTS.get(verb.rpartition("-")[2], ["page"])


def name_of(person_pk: int | None) -> str:
    """Whom to name; empty for the system itself."""
    person = Person.objects.filter(pk=person_pk).first() if person_pk else None
    return str(person) if person else ""
