"""Whether a fix held, as the published page shows it beside the action, in the very query that asks for the page."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from followup.models import HoldAnswer, HoldCheck
from reviews.naming.writing import Naming

_SENTENCES = {
    HoldAnswer.HELD: "It held",
    HoldAnswer.RECURRED: "It recurred",
    HoldAnswer.UNKNOWN: "Not known yet whether it held",
}


@dataclass(frozen=True)
class Held:
    """The last answer since the item was done; `note` is empty where the reader may not know whom it names."""

    answer: str
    by: str
    on: date
    note: str

    @property
    def sentence(self) -> str:
        """The answer in words."""
        return _SENTENCES[HoldAnswer(self.answer)]


def held_as_json() -> Subquery:
    """For queries of action items: the answer as data for `held_in`, None without one."""
    answered = HoldCheck.objects.filter(action=OuterRef("pk"), done_at=OuterRef("done_at")).exclude(answer="")
    told = JSONObject(
        answer="answer",
        note="note",
        at="answered_at",
        by="answered_by",
        name="answered_by__name",
        username="answered_by__username",
    )
    return Subquery(answered.order_by("-number").values(told=told)[:1])


def held_in(row: dict[str, Any] | None, naming: Naming | None, *, takes_part: bool) -> Held | None:
    """What `held_as_json` gave, as the version is written: `naming` writes people as roles, and then the note is for
    those who take part."""
    if row is None:
        return None
    by = naming.role_of(row["by"]) if naming else row["name"] or row["username"]
    note = row["note"] if naming is None else naming.written(row["note"]) if takes_part else ""
    return Held(row["answer"], by, datetime.fromisoformat(row["at"]).date(), note)
