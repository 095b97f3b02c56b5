"""The JSON of action items."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Self

from ninja import Field, Schema

from followup.worded import Worded

MOST_AT_ONCE = 200
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ActionAnswer(Schema):
    """An action item as its reader may read it. `owner` is a sign-in name, null for nobody and where a review writes
    people as roles to the reader: `owner_name` is how it calls them. `waits_for` holds the items that they may see.
    """

    id: int
    review: int
    title: str
    owner: str | None
    owner_name: str
    team: str | None
    due: date | None
    status: str
    kind: str
    factors: list[int]
    tracker_url: str
    details: str
    done_when: str
    reason: str
    evidence: str
    done_at: datetime | None
    verified_by: str | None
    verified_at: datetime | None
    split_from: int | None
    merged_into: int | None
    waits_for: list[int]
    created_at: datetime
    url: str

    @classmethod
    def of(cls, item: Worded, visible: Iterable[int], site: str) -> Self:
        """An item with its factors, links, owner, team and who verified it fetched along; `visible` are the keys of
        the items that it may name."""
        action: Any = item.action
        tells = item.tells_names or item.is_owner
        seen = set(visible)
        verifier = action.verified_by
        return cls(
            id=action.pk,
            review=action.incident.number,
            title=item.title,
            owner=action.owner.username if action.owner and tells else None,
            owner_name=item.owner,
            team=action.team.slug if action.team else None,
            due=action.due,
            status=action.status,
            kind=action.kind,
            factors=sorted(factor.pk for factor in action.factors.all()),
            tracker_url=item.tracker_url,
            details=action.details if item.tells_names else str(item.frozen.get("details", "")),
            done_when=item.done_when,
            reason=item.reason,
            evidence=action.evidence if tells else "",
            done_at=action.done_at,
            verified_by=verifier.username if verifier and item.tells_names else None,
            verified_at=action.verified_at,
            split_from=action.split_from_id if action.split_from_id in seen else None,
            merged_into=action.merged_into_id if action.merged_into_id in seen else None,
            waits_for=sorted(one.pk for one in action.waits_for.all() if one.pk in seen),
            created_at=action.created_at,
            url=f"{site}/actions/{action.pk}/",
        )

    @property
    def etag(self) -> str:
        """Changes with anything that the answer says."""
        return f'"{hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:32]}"'


class ActionAnswers(Schema):
    """A page of action items; `count` is how many there are in all."""

    count: int
    page: int
    per_page: int
    results: list[ActionAnswer]


class _Values(Schema):
    """What both calls may give. `team` is a team's short name; `owner` a sign-in name or a full name; null for none."""

    title: str = ""
    details: str = ""
    done_when: str = Field("", description="How one will know that it is done.")
    kind: str = "prevent"
    owner: str | None = None
    team: str | None = None
    due: date | None = None
    status: str = "open"
    reason: str = Field("", description="Why it won't be done; wont-do needs one.")
    evidence: str = Field("", description="What shows that it is done: a link, or Markdown.")
    tracker_url: str = ""
    factors: list[Key] = Field([], max_length=1_000, description="Those of its review that it removes.")


class NewAction(_Values):
    """An action item to add to the review of that number."""

    review: Key


class ActionChange(_Values):
    """What to change; all else stays. `note` is kept in the history, beside what it changes."""

    note: str = ""
    verified: bool | None = Field(
        None, description="Somebody other than the owner has looked and says that it is done."
    )
    waits_for: list[Key] | None = Field(None, max_length=50, description="The items that it waits for.")


class ActionQuery(Schema):
    """Which action items."""

    review: Key | None = None
    owner: str = Field("", description="A sign-in name, `me`, or `none`.")
    team: str = Field("", description="A team's short name, or `none`.")
    status: str = Field("", description="One of them, or several with commas between.")
    overdue: bool = False
    due_after: date | None = None
    due_before: date | None = None
    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(50, ge=1, le=MOST_AT_ONCE)
