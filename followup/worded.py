"""Action items as their reader may read them.

Where the latest version of a review writes people as roles, and the reader took no part in it, names are for others:
titles and texts are its own, owners are roles, and what was written later stays untold until it is published: it may
name whom the version does not know. The owner of an item reads what it says, and themselves by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Exists, F, Func, JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import JSONObject

from accounts.access import takes_part_condition
from accounts.models import Person
from actions.models import ActionItem, ActionItemQuerySet
from incidents.models import Incident
from reviews.models import Version
from reviews.naming.writing import Naming

LATER = "An action item that was added since"  # since the version was published


@dataclass
class Worded:
    """An item, and how its reader may read it. `naming` is None where they may know its people by name.

    `is_owner`: the reader owns it. `frozen` is the item as its version holds it, empty where it came later.
    """

    action: ActionItem
    title: str
    about: str
    is_owner: bool = False
    naming: Naming | None = None
    frozen: dict[str, Any] = field(default_factory=dict)

    @property
    def tells_names(self) -> bool:
        """Whether the reader may know by name who did what."""
        return self.naming is None

    @property
    def owner(self) -> str:
        """Who does it; empty for nobody. Needs the owner, which `for_reader` fetches along."""
        written = str(self.action.owner or self.action.owner_as_written)
        if self.naming is None or self.is_owner or not written:
            return written
        return self.person(self.action.owner) if self.action.owner else self.naming.label_or_nobody(written)

    def person(self, whom: Person | None) -> str:
        """Someone who had a hand in it; empty for nobody."""
        if whom is None or self.naming is None:
            return str(whom or "")
        return self.naming.role_of(whom.pk)

    @property
    def details_html(self) -> str:
        """The details, rendered."""
        return self.action.details_html if self.naming is None else str(self.frozen.get("details_html", ""))

    @property
    def done_when(self) -> str:
        """How one will know that it is done."""
        return self.action.done_when if self.naming is None else str(self.frozen.get("done_when", ""))

    @property
    def reason(self) -> str:
        """Why it will not be done."""
        return self._as_published(self.action.reason, "reason")

    @property
    def evidence_html(self) -> str:
        """What shows that it is done; no version holds it, so it is for those who may know names, and for its owner."""
        return self.action.evidence_html if self.naming is None or self.is_owner else ""

    @property
    def tracker_url(self) -> str:
        """The address of its issue in a tracker, in which people may be named: for whom `evidence_html` is."""
        return self.action.tracker_url if self.naming is None or self.is_owner else ""

    @property
    def review_url(self) -> str:
        """The page of its review, at the item: the published one where there is one."""
        incident = self.action.incident
        page = Incident(number=incident.number, title=self.about).get_absolute_url()
        return f"{page if incident.is_published else incident.get_edit_url()}#action-{self.action.pk}"

    def _as_published(self, now: str, name: str) -> str:
        if self.naming is None or self.is_owner or not now:
            return now
        written = self.naming.written(now)
        return written if written == self.frozen.get(name, "") else ""


def for_reader(actions: ActionItemQuerySet, person: Person) -> ActionItemQuerySet:
    """`actions` with what `worded` needs, in the same query; it filters nothing."""
    versions = Version.objects.filter(review=OuterRef("incident")).order_by("-number")
    item = Func(
        F("document"),
        Value("$.actions[*] ? (@.id == $id)"),
        JSONObject(id=OuterRef("pk")),
        function="jsonb_path_query_first",
        template="%(function)s(%(expressions)s)",
        output_field=JSONField(),
    )
    frozen = JSONObject(roles="roles", title=KeyTextTransform("title", "document"), action=item)
    told = versions.values(told=Case(When(names_as_roles=True, then=frozen)))[:1]
    taking_part = Incident.objects.filter(takes_part_condition(person, "pk"), pk=OuterRef("incident"))
    return actions.select_related("incident", "owner", "team").annotate(
        told=Case(When(~Exists(taking_part), then=Subquery(told)))
    )


def worded(action: Any, person: Person) -> Worded:
    """An item of `for_reader` as `person` may read it. Runs no query."""
    return all_worded([action], person)[0]


def all_worded(actions: Iterable[Any], person: Person) -> list[Worded]:
    """Each as `person` may read it; asks for what `actions` are, and nothing else."""
    namings: dict[int, Naming] = {}
    found = []
    for action in actions:
        is_owner = action.owner_id == person.pk
        if not action.told:
            found.append(Worded(action, action.title, action.incident.title, is_owner))
            continue
        naming = namings.get(action.incident_id) or Naming.frozen(action.told["roles"])
        namings[action.incident_id] = naming
        frozen = action.told["action"] or {}
        title = frozen.get("title") or (naming.written(action.title) if is_owner else LATER)
        found.append(Worded(action, title, action.told["title"], is_owner, naming, frozen))
    return found


def owner_told_condition(person: Person, path: str = "") -> Q:
    """Whose owner `person` may know: what filters, groups and counts by owner looks at these items only.

    `path` leads from the filtered table to the action item.
    """
    told = names_told_condition(person, path)
    return told and told | Q(**{f"{path}__owner" if path else "owner": person.pk})


def names_told_condition(person: Person, path: str = "") -> Q:
    """The items whose texts `person` may read as they stand: what looks for words in them looks at these only."""
    prefix = f"{path}__" if path else ""
    taking_part = takes_part_condition(person, f"{prefix}incident")
    newer = Version.objects.filter(review=OuterRef("review"), number__gt=OuterRef("number"))
    with_roles = Version.objects.filter(~Exists(newer), names_as_roles=True).values("review")
    # The condition of those who take part in everything is empty, which Django leaves out of an OR.
    return taking_part and ~Q(**{f"{prefix}incident__in": with_roles}) | taking_part
