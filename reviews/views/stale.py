"""Saving an item that somebody else changed while its form stood open: nothing of theirs is replaced unseen.

A form says in `version` what stood in each field when it was made, as digests. What only one side changed is kept from
that side; where both changed a field, nothing is stored and both values are shown.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, QueryDict

from accounts.access import Verb
from accounts.requests import PersonRequest
from core.models import AuditEntry
from incidents.operations import locked_incident
from reviews.live.store import bring_into_rows
from reviews.models import Review
from reviews.queries import draft_for
from reviews.views.editor import show, submit
from reviews.views.parts.opened import Opened

STALE = 409
# Times are read in the zone beside them: whoever changes one of these changes what the others mean.
_TIMES = {"time", "zone", "began", "detected_at", "responded_at", "mitigated_at", "resolved_at"}

Typed = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A field that both changed, with what each wants there."""

    label: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Clash:
    """What a form could not store, and who was there first."""

    differences: list[Difference]
    by: str
    is_own: bool
    at: datetime | None


def save_change(
    request: PersonRequest,
    review: Review,
    make: Callable[[Review], Opened],
    operation: Callable[..., Any],
    *,
    thing: str,
    focus: str,
    together: bool = False,
) -> HttpResponse:
    """Runs `operation` with what the form says, unless somebody else changed the same fields since it was made.

    `make` opens the form on what is stored, read under the lock; `thing` is its name in the audit trail, empty for the
    facts; `together` says that one of its texts may be written together meanwhile.
    """
    with transaction.atomic():
        locked_incident(request.user, Verb.EDIT, review.pk)
        if together:
            bring_into_rows(review.pk)
        review = draft_for(request.user, review.incident.number)
        opened = make(review)
        form: Any = opened.form
        form.data = data = form.data.copy()
        if clashing := _reconcile(form, data, data.get("version", "")):
            form.clash = _clash(request, review, form, clashing, thing)
            form.made_of = version_of(form)
            return show(request, review, opened, status=STALE)
        return submit(request, review, opened, operation, focus=lambda done: focus)


def version_of(form: Any) -> str:
    """What stands in the fields of what the form is about."""
    return ",".join(f"{name}:{_digest(_stored(form, name))}" for name in form.fields)


def _reconcile(form: Any, data: QueryDict, version: str) -> list[str]:
    """Takes over into `data` what only others changed; returns the fields that both changed.

    A form that names no version was not made by a page, and is taken as it is.
    """
    known = dict(part.split(":", 1) for part in version.split(",") if ":" in part)
    names = [name for name in form.fields if name in known]
    theirs = {name: _stored(form, name) for name in names}
    mine = {name: _as_typed(form, name, form[name].data) for name in names}
    by_them = {name for name in names if _digest(theirs[name]) != known[name]}
    by_me = {name for name in names if _digest(mine[name]) != known[name]}
    clashing = {name for name in by_them & by_me if theirs[name] != mine[name]}
    if "zone" in by_them | by_me and by_them & _TIMES and by_me & _TIMES:
        clashing |= {name for name in names if name in _TIMES and theirs[name] != mine[name]}
    for name in by_them - by_me - clashing:
        data.setlist(name, [value for value in theirs[name] if value])
    return [name for name in names if name in clashing]


def _clash(request: PersonRequest, review: Review, form: Any, names: list[str], thing: str) -> Clash:
    about = Q(detail=thing) | Q(detail__startswith=f"{thing}:") | Q(detail=thing.replace(" ", ":"))
    if not thing:
        about = Q(verb__in=("change-facts", "set-causes"))
    entries = AuditEntry.objects.filter(about, subject=f"incident {review.incident.number}")
    last = entries.select_related("person").order_by("-pk").first()
    differences = [
        Difference(
            form[name].label,
            _in_words(form, name, _stored(form, name)),
            _in_words(form, name, _as_typed(form, name, form[name].data)),
        )
        for name in names
    ]
    person = last.person if last else None
    return Clash(differences, str(person or "Somebody"), person == request.user, last.at if last else None)


def _stored(form: Any, name: str) -> Typed:
    return _as_typed(form, name, form.get_initial_for_field(form.fields[name], name))


def _as_typed(form: Any, name: str, value: Any) -> Typed:
    """As a browser would send it: the same for what is stored and for what was typed."""
    value = form.fields[name].prepare_value(value)
    if isinstance(value, (list, tuple)):
        return tuple(sorted(str(one) for one in value))
    if isinstance(value, bool):
        return ("on",) if value else ("",)
    return ("".join(str(one) for one in ["" if value is None else value]).replace("\r\n", "\n").strip(),)


def _digest(typed: Typed) -> str:
    return hashlib.sha256("\0".join(typed).encode(errors="replace")).hexdigest()[:12]


def _in_words(form: Any, name: str, typed: Typed) -> str:
    choices = getattr(form.fields[name].widget, "choices", None)
    if choices is not None:
        labels = {str(key): str(label).strip() for key, label in choices}
        return ", ".join(labels.get(one, one) for one in typed)
    return {"on": "Yes", "": "No"}[typed[0]] if form[name].widget_type == "checkbox" else typed[0]
