"""What an exported file says of a review: the published version, or the draft as it stands.

The document, in either form (`writing`, `reading`), with instants as ISO 8601 in UTC or None and the parts counted from
1 in the order in which they are read, so that the same review gives the same file wherever it is:

    debrief (the form's number) number title status visibility severity detected_by recorded_at published_at note
    template
    occurred_at occurred_is_date time_zone tags authors names_as_roles recurrence_of: [numbers]
    stated: {detected_at ...}, the milestones that are stated apart from the timeline
    readers: {people: [sign-in name] teams: [slug]} of a restricted review
    people: [{name username role}]    services: [{slug name}]    causes: [{slug name}]
    sections: {kind: {text title?}}
    events: [{id at zone kind text written_as source_url perspectives: [{who known sense}]}]
    whys: [{id question answer is_root_cause cause: {slug name} evidence: [{event url label}] children}]
    factors: [{id text cause why actions}]
    actions: [{id title done_when details kind status owner team due done_at reason evidence verified_by verified_at
        tracker_url split_from merged_into waits_for: [id] moved_due: [{at from to why by}]}], by names and with the
        links within the review; where it writes people as roles, without what was written since (evidence, why)
    attachments: [{id name path}], path as in the addresses that texts give
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch

from accounts.models import Person
from actions.models import ActionChange, ActionItem, ChangedField
from incidents.models import Incident, Visibility
from reviews.models import Recurrence, Review, SectionKind, Version
from reviews.naming.writing import Naming
from reviews.snapshot import snapshot_of

FORM = 1
MILESTONES = ("detected_at", "responded_at", "mitigated_at", "resolved_at")
Document = dict[str, Any]


def portable_of(review: Review) -> Document:
    """`review` as a file tells it. Some ten queries. Pending live edits must be in the rows."""
    version = review.versions.order_by("-number").first()
    frozen = version.document if version is not None and review.incident.is_published else snapshot_of(review)
    is_frozen = version is not None and review.incident.is_published
    sections = frozen["sections"] if is_frozen else _as_typed(review)
    local = _Local(frozen)
    return {
        "debrief": FORM,
        **_facts(review, frozen, version if is_frozen else None),
        "sections": {kind: _without_html(one) for kind, one in sections.items()},
        "events": [local.event(one) for one in frozen["events"]],
        "whys": local.tree(frozen["whys"]),
        "factors": [local.factor(one) for one in frozen["factors"]],
        "actions": _actions(review, frozen, local, version if is_frozen else None),
        "attachments": [
            {"id": str(one.pk), "name": one.name, "path": one.get_absolute_url().lstrip("/")}
            for one in review.attachments.all()
            if not is_frozen or one.is_published
        ],
    }


def _facts(review: Review, frozen: Document, version: Version | None) -> Document:
    incident = review.incident
    return {
        "number": incident.number,
        "title": frozen["title"],
        "status": incident.status,
        "visibility": incident.visibility,
        "severity": frozen["severity"],
        "detected_by": frozen.get("detected_by", ""),
        "recorded_at": _iso(incident.created_at),
        "published_at": _iso(version.published_at) if version else None,
        "note": version.note if version else "",
        "names_as_roles": version.names_as_roles if version else review.names_as_roles,
        "template": review.template.slug if review.template else "",
        "occurred_at": frozen["occurred_at"],
        "occurred_is_date": frozen["occurred_is_date"],
        "time_zone": frozen["time_zone"],
        "stated": _stated(incident, frozen),
        "tags": frozen["tags"],
        "authors": frozen["authors"],
        "readers": _readers(incident),
        "people": _people(incident, frozen, names=not (version and version.names_as_roles)),
        "services": [_named(one) for one in frozen["services"]],
        "causes": sorted((_named(one) for one in frozen["causes"]), key=lambda one: one["slug"]),
        "recurrence_of": sorted(_earlier(review)),
    }


def _earlier(review: Review) -> Iterable[int]:
    return Recurrence.objects.filter(review=review).values_list("earlier__incident__number", flat=True)


def _stated(incident: Incident, frozen: Document) -> dict[str, str | None]:
    """Milestones that the incident itself states, as the document gives them."""
    stated = {name: _iso(getattr(incident, name)) for name in MILESTONES}
    return {name: at for name, at in stated.items() if at and at == frozen["milestones"].get(name)}


def _readers(incident: Incident) -> dict[str, list[str]]:
    if incident.visibility != Visibility.RESTRICTED:
        return {}
    people = incident.grants.filter(person__isnull=False).values_list("person__username", flat=True)
    teams = incident.grants.filter(team__isnull=False).values_list("team__slug", flat=True)
    return {"people": sorted(people), "teams": sorted(teams)}


def _people(incident: Incident, frozen: Document, *, names: bool) -> list[dict[str, str]]:
    """Who takes part, as the document names them; with the sign-in name where it names them at all."""
    called = {}
    if names:
        called = {(str(one.person), one.role): one.person.username for one in incident.participants.all()}
    return [
        {"name": one["name"], "username": called.get((one["name"], one["role"]), ""), "role": one["role"]}
        for one in frozen["people"]
    ]


def _as_typed(review: Review) -> dict[str, dict[str, str]]:
    """The sections of a draft with the headings that they begin with, written below or not."""
    typed = {section.kind: section.text for section in review.sections.all()}
    return {str(kind): {"text": text} for kind in SectionKind.values if (text := typed.get(kind))}


def _actions(review: Review, frozen: Document, local: "_Local", version: Version | None) -> list[Document]:
    items = ActionItem.objects.filter(incident=review.pk).select_related("owner", "team", "verified_by")
    moves = ActionChange.objects.filter(field=ChangedField.DUE).exclude(before="").select_related("by")
    items = items.prefetch_related("waits_for", Prefetch("changes", moves, to_attr="moves"))
    rows: dict[int, Any] = {row.pk: row for row in items}
    naming = Naming.frozen(version.roles) if version and version.names_as_roles else None
    return [local.action(one, rows.get(one["id"]), naming) for one in frozen["actions"]]


class _Local:
    """Numbers parts from 1, in place of the keys that they have in this database."""

    def __init__(self, frozen: Document) -> None:
        self._events = _counted(one["id"] for one in frozen["events"])
        self._actions = _counted(one["id"] for one in frozen["actions"])
        self._factors = _counted(one["id"] for one in frozen["factors"])
        self._whys = _counted(one["id"] for one in _walked(frozen["whys"]))

    def event(self, one: Document) -> Document:
        return {
            "id": self._events[one["id"]],
            **{name: one[name] for name in ("at", "zone", "kind", "text", "written_as", "source_url")},
            "perspectives": [
                {name: seen[name] for name in ("who", "known", "sense")} for seen in one.get("perspectives", ())
            ],
        }

    def tree(self, whys: list[Document]) -> list[Document]:
        """A stack instead of recursion: the depth of a tree is its authors' choice."""
        roots: list[Document] = []
        waiting: list[tuple[Document, list[Document]]] = [(one, roots) for one in reversed(whys)]
        while waiting:
            one, beside = waiting.pop()
            below: list[Document] = []
            beside.append({**self._why(one), "children": below})
            waiting.extend((child, below) for child in reversed(one["children"]))
        return roots

    def _why(self, one: Document) -> Document:
        cited = [
            {"event": self._events.get(proof["event"]), "url": proof["url"], "label": proof["label"]}
            for proof in one.get("evidence", ())
        ]
        return {
            "id": self._whys[one["id"]],
            **{name: one[name] for name in ("question", "answer", "is_root_cause")},
            "cause": _named(one["cause"]),
            "evidence": [proof for proof in cited if proof["event"] or proof["url"]],
        }

    def factor(self, one: Document) -> Document:
        return {
            "id": self._factors[one["id"]],
            "text": one["text"],
            "cause": _named(one["cause"]),
            "why": self._whys.get(one.get("why")),
            "actions": [self._actions[pk] for pk in one["actions"] if pk in self._actions],
        }

    def action(self, one: Document, row: Any, naming: Naming | None) -> Document:
        """What the document says, and where the item stands at present."""
        owner, reason = one["owner"], one.get("reason", "")
        if row is not None:
            owner = str(row.owner) if row.owner else row.owner_as_written
            if naming and owner:
                owner = naming.role_of(row.owner_id) if row.owner_id else naming.label_or_nobody(owner)
            reason = naming.written(row.reason) if naming else row.reason
        return {
            "id": self._actions[one["id"]],
            **{name: one.get(name, "") for name in ("title", "done_when", "details", "kind", "team", "due")},
            **({"due": row.due.isoformat() if row.due else None, "team": str(row.team or "")} if row else {}),
            "owner": owner,
            "status": row.status if row else "open",
            "done_at": _iso(row.done_at) if row else None,
            "reason": reason,
            "tracker_url": row.tracker_url if row else "",
            **(self._life(row, naming) if row else {}),
        }

    def _life(self, row: Any, naming: Naming | None) -> Document:
        """What became of the item, without the keys that hold nothing."""

        def called(person: Person | None) -> str:
            return naming.role_of(person.pk) if naming and person else str(person or "")

        told = {
            "evidence": "" if naming else row.evidence,
            "verified_by": called(row.verified_by),
            "verified_at": _iso(row.verified_at),
            "split_from": self._actions.get(row.split_from_id),
            "merged_into": self._actions.get(row.merged_into_id),
            "waits_for": sorted(self._actions[one.pk] for one in row.waits_for.all() if one.pk in self._actions),
            "moved_due": [
                {
                    "at": _iso(one.at),
                    "from": one.before,
                    "to": one.after or None,
                    "why": "" if naming else one.note,
                    "by": called(one.by),
                }
                for one in row.moves
            ],
        }
        return {name: value for name, value in told.items() if value}


def _counted(keys: Iterable[int]) -> dict[int | None, int]:
    return {key: number for number, key in enumerate(keys, 1)}


def _walked(whys: list[Document]) -> Iterable[Document]:
    waiting = list(reversed(whys))
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(one["children"]))


def _named(one: Document | None) -> dict[str, str] | None:
    return {"slug": one["slug"], "name": one["name"]} if one else None


def _without_html(section: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in section.items() if name != "html"}


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
