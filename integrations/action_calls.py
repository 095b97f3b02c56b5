"""The calls of the API about action items."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from accounts.access import Verb
from accounts.form_fields import find_person
from accounts.models import Person
from accounts.requests import PersonRequest
from actions.linking import wait_for, wait_no_more
from actions.locking import locked_action
from actions.models import ActionItem, ActionItemQuerySet, ActionStatus
from actions.verifying import take_back_verification, verify_action
from catalog.models import Team
from core.text import storable
from followup.worded import all_worded, for_reader, owner_told_condition
from integrations.action_shapes import ActionAnswer, ActionAnswers, ActionChange, ActionQuery, NewAction
from integrations.door import error
from reviews.models import Factor
from reviews.queries import draft_for
from reviews.removals import add_review_action, change_review_action

_BESIDE = {"note", "verified", "waits_for", "factors", "review"}
_LATER = ("reason", "evidence", "tracker_url")  # what only an item that is there already has
calls = Router(tags=["actions"])


@calls.get("", response=ActionAnswers, summary="Action items")
def list_actions(request: PersonRequest, query: Query[ActionQuery]) -> ActionAnswers:
    """Those that you may see, the first due first. By owner, only where you may know who owns them."""
    found = _found(request.user, query).order_by("due", "pk")
    start = (query.page - 1) * query.per_page
    return ActionAnswers(
        count=found.count(),
        page=query.page,
        per_page=query.per_page,
        results=_answers(request, found, slice(start, start + query.per_page)),
    )


@calls.post("", response={201: ActionAnswer}, summary="Add an action item")
def add(request: PersonRequest, response: HttpResponse, payload: NewAction) -> Any:
    """At the end of those of its review, for who may edit that."""
    given = payload.model_dump(exclude_unset=True)
    review = draft_for(request.user, payload.review)
    values = {name: value for name, value in _values(given).items() if name not in _LATER}
    later = {name: given[name] for name in _LATER if given.get(name)}
    wanted = str(values.pop("status", ActionStatus.OPEN))
    with transaction.atomic():
        # Added as open and then set to what it is, so that a reason is there before "won't do" asks for it.
        status = wanted if wanted == ActionStatus.PROPOSED else ActionStatus.OPEN
        factors = _factors(review.pk, given.get("factors", []))
        action = add_review_action(request.user, review, factors=factors, **{"title": "", **values, "status": status})
        change_review_action(request.user, action.pk, status=wanted, **later)
    answer = _answer(request, action.pk)
    response["ETag"] = answer.etag
    response["Location"] = answer.url
    return 201, answer


@calls.get("/{int:action}", response=ActionAnswer, summary="An action item")
def read(request: PersonRequest, response: HttpResponse, action: int) -> ActionAnswer:
    """With its ETag."""
    answer = _answer(request, action)
    response["ETag"] = answer.etag
    return answer


@calls.patch("/{int:action}", response=ActionAnswer, summary="Change an action item")
def change(request: PersonRequest, response: HttpResponse, action: int, payload: ActionChange) -> Any:
    """All of it or nothing. With If-Match, 412 where it is not as you saw it."""
    given = payload.model_dump(exclude_unset=True)
    with transaction.atomic():
        _, incident = locked_action(request.user, Verb.SEE, _storable_key(action))
        expected = request.headers.get("If-Match", "").strip()
        if expected not in ("", "*") and _answer(request, action).etag not in _tags(expected):
            return error(412, "It was changed since you read it. Read it again, and change what should differ.")
        values = _values({name: value for name, value in given.items() if name not in _BESIDE})
        if "factors" in given:
            values["factors"] = _factors(incident.pk, given["factors"])
        if values:
            change_review_action(request.user, action, note=given.get("note", ""), **values)
        if given.get("waits_for") is not None:
            _set_links(request.user, action, given["waits_for"])
        if given.get("verified") is not None:
            verb = verify_action if given["verified"] else take_back_verification
            verb(request.user, action, given.get("note", ""))
    answer = _answer(request, action)
    response["ETag"] = answer.etag
    return answer


def _found(person: Person, query: ActionQuery) -> ActionItemQuerySet:
    found = ActionItem.objects.visible_to(person)
    if query.review is not None:
        found = found.filter(incident__number=query.review)
    if query.owner:
        owner = _named_owner(person, query.owner)
        told = owner_told_condition(person)
        found = found.filter(told, owner=owner)
    if query.team:
        found = found.filter(team=None if query.team == "none" else _team(query.team))
    if query.status:
        found = found.filter(status__in=_statuses(query.status))
    if query.overdue:
        found = found.overdue(timezone.localdate())
    if query.due_after:
        found = found.filter(due__gt=query.due_after)
    if query.due_before:
        found = found.filter(due__lt=query.due_before)
    return found


def _named_owner(person: Person, called: str) -> Person | None:
    if called == "none":
        return None
    return person if called == "me" else _person(called)


def _statuses(written: str) -> list[str]:
    wanted = [one.strip() for one in written.split(",") if one.strip()]
    if unknown := [one for one in wanted if one not in ActionStatus.values]:
        known = ", ".join(ActionStatus.values)
        raise ValidationError({"status": [f"“{storable(unknown[0])[:40]}” is no status. Those are {known}."]})
    return wanted


def _answer(request: PersonRequest, action: int) -> ActionAnswer:
    found = _answers(request, ActionItem.objects.visible_to(request.user).filter(pk=_storable_key(action)), slice(1))
    if not found:
        raise Http404
    return found[0]


def _answers(request: PersonRequest, rows: ActionItemQuerySet, which: slice) -> list[ActionAnswer]:
    """Five queries, however many there are."""
    fetched = for_reader(rows, request.user).select_related("incident", "owner", "team", "verified_by")
    items = list(fetched.prefetch_related("factors", "waits_for")[which])
    named = {key for one in items for key in (one.split_from_id, one.merged_into_id) if key}
    named |= {other.pk for one in items for other in one.waits_for.all()}
    visible: set[int] = set()
    if named:
        visible = set(ActionItem.objects.visible_to(request.user).filter(pk__in=named).values_list("pk", flat=True))
    site = request.build_absolute_uri("/")[:-1]
    return [ActionAnswer.of(one, visible, site) for one in all_worded(items, request.user)]


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """As the operations take them."""
    values = {name: value for name, value in given.items() if name not in _BESIDE}
    if "owner" in values:
        values["owner"] = _person(values["owner"]) if values["owner"] else None
    if "team" in values:
        values["team"] = _team(values["team"]) if values["team"] else None
    return values


def _person(called: str) -> Person:
    try:
        return find_person(storable(called))
    except ValidationError as problem:
        raise ValidationError({"owner": problem.messages}) from None


def _team(slug: str) -> Team:
    team = Team.objects.filter(slug=storable(slug)).first()
    if team is None:
        raise ValidationError({"team": [f"There is no team “{storable(slug)[:40]}”. Give its short name."]})
    return team


def _factors(review_pk: int, keys: list[int]) -> list[Factor]:
    found = list(Factor.objects.filter(review=review_pk, pk__in=keys))
    if len(found) < len(set(keys)):
        raise ValidationError({"factors": ["One of these is no factor of this review."]})
    return found


def _set_links(person: Person, action_pk: int, keys: list[int]) -> None:
    """Links to what the caller may not see stay."""
    stands = ActionItem.objects.visible_to(person).filter(holds_up=action_pk)
    now, wanted = set(stands.values_list("pk", flat=True)), set(keys)
    for key in sorted(wanted - now):
        try:
            wait_for(person, action_pk, key)
        except Http404:
            raise ValidationError({"waits_for": [f"There is no action item {key}."]}) from None
    for key in sorted(now - wanted):
        wait_no_more(person, action_pk, key)


def _tags(written: str) -> set[str]:
    return {one.strip().removeprefix("W/") for one in written.split(",")}


def _storable_key(pk: int) -> int:
    if pk >= 2**63:
        raise Http404
    return pk
