"""Everything that the page of an action item shows its reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.http import Http404

from accounts.access import Verb, may
from accounts.form_fields import people_offered
from accounts.models import Person
from actions.linking import is_in_circle
from actions.models import ActionItem, ActionItemQuerySet, ActionStatus
from actions.verifying import may_take_back, may_verify
from followup.held.shown import Held, held_as_json, held_in
from followup.item.forms import (
    DoneForm,
    DueForm,
    EvidenceForm,
    ItemForm,
    MergeForm,
    MoveForm,
    NoteForm,
    OtherItemForm,
    OwnerForm,
    SplitForm,
    TeamForm,
    WontDoForm,
    WordsForm,
)
from followup.item.history import Happening, history_of_item
from followup.worded import Worded, all_worded, for_reader, worded
from incidents.models import Status, Visibility
from reviews.anchors import first_words
from reviews.models import Version

MOST_OFFERED = 200
_LONGEST = 200
FORMS: Mapping[str, type[ItemForm]] = {
    "owner": OwnerForm,
    "team": TeamForm,
    "due": DueForm,
    "move": MoveForm,
    "done": DoneForm,
    "evidence": EvidenceForm,
    "wont_do": WontDoForm,
    "words": WordsForm,
    "verify": NoteForm,
    "unverify": NoteForm,
    "split": SplitForm,
    "merge": MergeForm,
    "unmerge": NoteForm,
    "wait": OtherItemForm,
}
_MOVES: Mapping[ActionStatus, list[tuple[str, str]]] = {
    ActionStatus.PROPOSED: [(ActionStatus.OPEN.value, "Agree to do it")],
    ActionStatus.OPEN: [(ActionStatus.IN_PROGRESS.value, "Begin")],
    ActionStatus.IN_PROGRESS: [(ActionStatus.OPEN.value, "Set back to open")],
    ActionStatus.DONE: [(ActionStatus.OPEN.value, "Reopen")],
    ActionStatus.WONT_DO: [(ActionStatus.OPEN.value, "Reopen")],
}


@dataclass(frozen=True)
class Removed:
    """A factor that the item removes: its key and first words."""

    pk: int
    words: str


@dataclass
class ItemPage:
    """An item, what belongs to it, and what its reader may do. `opened` is the form that was not stored, by name."""

    item: Worded
    person: Person
    today: date
    opened: str = ""
    form: ItemForm | None = None
    forms: dict[str, ItemForm] = field(default_factory=dict)

    @property
    def action(self) -> ActionItem:
        """Its row."""
        return self.item.action

    @cached_property
    def tells_all(self) -> bool:
        """Whether the reader may know all that was written about it."""
        return self.item.tells_names or self.item.is_owner

    @cached_property
    def takes_part(self) -> bool:
        """Whether they take part in its review."""
        return may(self.person, Verb.COMMENT, self.action.incident)

    @property
    def is_archived(self) -> bool:
        """Whether its review is fixed, and so is it."""
        return self.action.incident.status == Status.ARCHIVED

    @cached_property
    def may_assign(self) -> bool:
        """Whether they may change where it stands."""
        incident = self.action.incident
        return not self.is_archived and (self.item.is_owner or may(self.person, Verb.ASSIGN, incident))

    @cached_property
    def unheard(self) -> str:
        """Why its owner hears nothing of it while there is something to do; empty where they do. One query at most."""
        owner, incident = self.action.owner, self.action.incident
        if owner is None or self.action.is_finished or self.item.is_owner:
            return ""
        if not owner.is_active:
            return "Their account is closed, so nobody hears of it. Hand it over."
        if (incident.is_published and incident.visibility == Visibility.INTERNAL) or may(owner, Verb.SEE, incident):
            return ""
        return "They may not read this review, so they hear nothing of it. Add them to it, or hand it over."

    @cached_property
    def may_write(self) -> bool:
        """Whether they may change its words."""
        return not self.is_archived and self.takes_part and may(self.person, Verb.EDIT, self.action.incident)

    @cached_property
    def may_verify(self) -> bool:
        """Whether they may say that it is done, having seen what shows it."""
        is_done = self.action.status == ActionStatus.DONE and not self.is_archived
        return is_done and self.tells_all and may_verify(self.person, self.action)

    @cached_property
    def may_unverify(self) -> bool:
        """Whether they may take that back."""
        return not self.is_archived and bool(self.action.verified_by_id) and may_take_back(self.person, self.action)

    @cached_property
    def held(self) -> Held | None:
        """Whether the fix held, as far as anybody said."""
        return held_in(getattr(self.action, "held", None), self.item.naming, takes_part=self.tells_all)

    @property
    def moves(self) -> list[tuple[str, str]]:
        """The statuses that need no words, with what a button says."""
        return [] if self.action.merged_into_id else _MOVES[ActionStatus(self.action.status)]

    @property
    def moves_on(self) -> bool:
        """Whether one of `moves` is what comes next."""
        return self.action.status in (ActionStatus.PROPOSED, ActionStatus.OPEN)

    @property
    def review_page(self) -> str:
        """The page of its review."""
        return self.item.review_url.partition("#")[0]

    @property
    def has_others(self) -> bool:
        """Whether any other item has to do with it."""
        return bool(self.parts or self.merged or self.waits_for or self.holds_up or self.split_from)

    @property
    def days_overdue(self) -> int:
        """How many days it should have been done for."""
        due = self.action.due
        return (self.today - due).days if due and self.action.is_overdue(self.today) else 0

    @property
    def is_due_today(self) -> bool:
        """Whether today is the day."""
        return not self.action.is_finished and self.action.due == self.today

    @cached_property
    def removes(self) -> list[Removed]:
        """The factors that it removes, as published for those who take no part. One query."""
        if self.takes_part:
            return [Removed(one.pk, first_words(one.text, one.html, _LONGEST)) for one in self.action.factors.all()]
        versions = Version.objects.filter(review=self.action.incident_id).order_by("-number")
        factors = versions.values_list("document__factors", flat=True).first() or []
        return [
            Removed(one["id"], first_words(one["text"], one["html"], _LONGEST))
            for one in factors
            if self.action.pk in one["actions"]
        ]

    @cached_property
    def waits_for(self) -> list[Worded]:
        """What it waits for."""
        return self._worded(self.action.waits_for.visible_to(self.person))

    @cached_property
    def holds_up(self) -> list[Worded]:
        """What waits for it."""
        return self._worded(self.action.holds_up.visible_to(self.person))

    @cached_property
    def is_in_circle(self) -> bool:
        """Whether it waits for itself in the end."""
        return bool(self.waits_for and self.holds_up) and is_in_circle(self.person, self.action)

    @cached_property
    def parts(self) -> list[Worded]:
        """What was split off."""
        return self._worded(self.action.parts.visible_to(self.person))

    @cached_property
    def merged(self) -> list[Worded]:
        """What was merged into it."""
        return self._worded(self.action.merged.visible_to(self.person))

    @cached_property
    def split_from(self) -> Worded | None:
        """What it was split from."""
        return self._one(self.action.split_from_id)

    @cached_property
    def merged_into(self) -> Worded | None:
        """What it was merged into."""
        return self._one(self.action.merged_into_id)

    @cached_property
    def verified_by(self) -> str:
        """Who verified it."""
        return self.item.person(self.action.verified_by)

    @cached_property
    def history(self) -> list[Happening]:
        """What happened to it, the latest first."""
        return history_of_item(self.item, self.person)

    @property
    def times_moved(self) -> int:
        """How often its due date was changed after it was first set."""
        return sum(1 for one in self.history if one.is_due and one.before)

    @cached_property
    def offered_people(self) -> list[Person]:
        """Who is offered while an owner is typed; nobody where the page is to hold no names."""
        return people_offered() if self.may_assign and self.tells_all else []

    @cached_property
    def offered_items(self) -> list[Worded]:
        """Which items are offered while another one is named: the unfinished ones of the same review."""
        if not self.may_assign:
            return []
        beside = ActionItem.objects.visible_to(self.person).unfinished().filter(incident=self.action.incident_id)
        return self._worded(beside.exclude(pk=self.action.pk), MOST_OFFERED)

    def __getitem__(self, name: str) -> ItemForm:
        """The form of that name: as typed where it was not stored, otherwise a new one."""
        if name == self.opened and self.form is not None:
            return self.form
        if name not in self.forms:
            self.forms[name] = make_form(self, name)
        return self.forms[name]

    def _worded(self, rows: ActionItemQuerySet, most: int = MOST_OFFERED) -> list[Worded]:
        return all_worded(for_reader(rows, self.person)[:most], self.person)

    def _one(self, pk: int | None) -> Worded | None:
        if pk is None:
            return None
        return next(iter(self._worded(ActionItem.objects.visible_to(self.person).filter(pk=pk))), None)


def page_of(person: Person, action_pk: int, today: date) -> ItemPage:
    """The page of an item for `person`, for whom it is `today`. Http404 where they may not see it."""
    if action_pk >= 2**63:
        raise Http404
    visible = ActionItem.objects.visible_to(person).filter(pk=action_pk)
    rows = for_reader(visible, person).select_related("incident", "owner", "team", "verified_by")
    action: Any = rows.annotate(held=held_as_json()).first()
    if action is None:
        raise Http404
    return ItemPage(worded(action, person), person, today)


def make_form(page: ItemPage, name: str, typed: Any = None) -> ItemForm:
    """A form of the page. Raises KeyError for a name that is none."""
    more: dict[str, Any] = {"may_write": page.may_write} if name == "split" else {}
    return FORMS[name](typed, action=page.action, tells_all=page.tells_all, auto_id=f"{name}-%s", **more)
