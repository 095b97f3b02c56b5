"""A published incident played back event by event, without what came next: for training, and against hindsight."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.models import Person
from core.problems import Problems
from wiki.article import Moment
from wiki.models import ReplayNote

LONGEST_NOTE = 5000


@dataclass(frozen=True)
class Seen:
    """An event that has happened by now, and what the reader noted there."""

    moment: Moment
    note: str
    is_now: bool

    @property
    def since(self) -> str:
        """ "+7 min" after the impact began. Before, nobody knew that it would."""
        return self.moment.said if self.moment.since and self.moment.since > timedelta() else ""


@dataclass(frozen=True)
class Replay:
    """`step` events have happened. The last step shows the whole of it, with the notes beside the events."""

    step: int
    seen: list[Seen]
    total: int

    @property
    def is_begun(self) -> bool:
        """Whether anything has happened yet."""
        return self.step > 0

    @property
    def is_over(self) -> bool:
        """Whether nothing is hidden any more."""
        return self.step > self.total

    @property
    def now(self) -> Seen | None:
        """The event that just happened; None before the first and after the last."""
        return self.seen[-1] if self.is_begun and not self.is_over else None

    @property
    def has_notes(self) -> bool:
        """Whether anything was noted so far."""
        return any(one.note for one in self.seen)


def replay_of(moments: list[Moment], notes: dict[int, str], step: int) -> Replay:
    """The replay after `step` events; more than there are is its end."""
    step = min(max(step, 0), len(moments) + 1)
    seen = [
        Seen(moment, notes.get(moment.event["id"], ""), is_now=turn == step)
        for turn, moment in enumerate(moments[:step], 1)
    ]
    return Replay(step, seen, len(moments))


def notes_of(person: Person, incident_pk: int) -> dict[int, str]:
    """What the person noted in the replay of an incident, by the keys of its events. One query."""
    return dict(ReplayNote.objects.filter(person=person, incident=incident_pk).values_list("event", "text"))


def keep_note(person: Person, incident_pk: int, event: int, text: str) -> None:
    """Keep a note for the person alone; an empty one goes. ValidationError where it is too long.

    The caller has checked that the person may read the review and that it has that event.
    """
    problems = Problems()
    text = problems.text("note", text, longest=LONGEST_NOTE)
    problems.refuse_any()
    where: dict[str, Any] = {"person": person, "incident_id": incident_pk, "event": event}
    if not text:
        ReplayNote.objects.filter(**where).delete()
        return
    ReplayNote.objects.update_or_create(**where, defaults={"text": text})


def forget_notes(person: Person, incident_pk: int) -> None:
    """Remove all that the person noted in the replay of an incident."""
    ReplayNote.objects.filter(person=person, incident=incident_pk).delete()
