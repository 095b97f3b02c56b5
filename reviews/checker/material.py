"""A review as the rules of the checker see it: plain data, read from the database or made from texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from timeline.milestones import Milestones

UNKNOWN = Milestones(None, None, None, None, None)
# Where the prose sections stand among the other parts of the published page.
_FIRST = ("summary", "impact", "narrative")
_LATER = ("went_well", "went_badly", "lucky")
_LAST = ("lessons",)


@dataclass(frozen=True)
class ViewTold:
    """How an event looked to someone."""

    pk: int
    known: str = ""
    sense: str = ""


@dataclass(frozen=True)
class EventTold:
    """One event of the timeline; `zone` is the one that it was written in, `written_as` the time as typed."""

    pk: int
    at: datetime
    kind: str
    text: str
    zone: str = "UTC"
    written_as: str = ""
    views: tuple[ViewTold, ...] = ()


@dataclass(frozen=True)
class WhyTold:
    """A question with its answer; `parent` is the key of the why whose answer it asks about."""

    pk: int
    question: str
    answer: str = ""
    parent: int | None = None
    is_root_cause: bool = False
    has_category: bool = False


@dataclass(frozen=True)
class FactorTold:
    """A contributing factor with the keys of the why that it comes from and of the actions that remove it."""

    pk: int
    text: str
    why: int | None = None
    actions: tuple[int, ...] = ()


@dataclass(frozen=True)
class ActionTold:
    """An action item; `removes` are the keys of factors."""

    pk: int
    title: str
    details: str = ""
    done_when: str = ""
    has_owner: bool = False
    due: date | None = None
    is_finished: bool = False
    removes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Material:
    """A review as the rules see it. Sections hold what people wrote: the scaffolding of a template is blanked out.

    `events` stand in order of time, `whys` each above the questions about its answer. Those of the `milestones` that
    are `stated` stand among the facts, the others come from events.
    """

    sections: Mapping[str, str] = field(default_factory=dict)
    events: tuple[EventTold, ...] = ()
    whys: tuple[WhyTold, ...] = ()
    factors: tuple[FactorTold, ...] = ()
    actions: tuple[ActionTold, ...] = ()
    milestones: Milestones = UNKNOWN
    stated: Milestones = UNKNOWN
    began: datetime | date | None = None
    zone: str = "UTC"
    people: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    facilitator: str = ""
    is_imported: bool = False
    today: date = date.max

    @property
    def summary(self) -> str:
        """The summary as people wrote it."""
        return self.sections.get("summary", "")

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text that people wrote with its place, in reading order."""
        return ((place, text) for place, text in self._reading() if text)

    def order(self) -> dict[str, int]:
        """Every place with its turn in reading order; a whole part comes before what stands in it."""
        return {place: turn for turn, (place, _) in enumerate(self._reading())}

    def _reading(self) -> Iterator[tuple[str, str]]:
        yield "summary", ""
        yield from self._sections(_FIRST)
        yield "timeline", ""
        for event in self.events:
            yield f"event:{event.pk}", event.text
            for view in event.views:
                yield f"perspective-known:{view.pk}", view.known
                yield f"perspective-sense:{view.pk}", view.sense
        yield "whys", ""
        for why in self.whys:
            yield f"why-question:{why.pk}", why.question
            yield f"why:{why.pk}", why.answer
        yield "factors", ""
        for factor in self.factors:
            yield f"factor:{factor.pk}", factor.text
        yield from self._sections(_LATER)
        yield "actions", ""
        for action in self.actions:
            yield f"action:{action.pk}", action.title
            yield f"action-done-when:{action.pk}", action.done_when
            yield f"action-details:{action.pk}", action.details
        yield from self._sections(_LAST)

    def _sections(self, kinds: Iterable[str]) -> Iterator[tuple[str, str]]:
        return ((f"section:{kind}", self.sections.get(kind, "")) for kind in kinds)
