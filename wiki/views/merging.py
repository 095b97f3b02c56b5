"""Merging a service or a cause category into another one: what would change, then the change."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.requests import PersonRequest, signed_in
from catalog.models import CauseCategory, Service
from wiki.merging.allowed import may_merge
from wiki.merging.causes import cause_merge, merge_causes
from wiki.merging.services import merge_services, service_merge


@dataclass(frozen=True)
class _Kind:
    """How one kind of thing is merged; `called` as the page names it."""

    called: str
    all: Callable[[], "QuerySet[Any]"]
    would: Callable[[Any, Any], Any]
    merge: Callable[[Person, int, int], Any]


_CAUSE = _Kind("category", CauseCategory.objects.all, cause_merge, merge_causes)
_SERVICE = _Kind("service", Service.objects.all, service_merge, merge_services)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def cause(request: PersonRequest, slug: str) -> HttpResponse:
    """A cause category into another one."""
    return _page(request, _CAUSE, slug)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def service(request: PersonRequest, slug: str) -> HttpResponse:
    """A service into another one."""
    return _page(request, _SERVICE, slug)


def _page(request: PersonRequest, kind: _Kind, slug: str) -> HttpResponse:
    """For everybody but administrators the page does not exist."""
    was = kind.all().filter(slug=slug).first() if may_merge(request.user) else None
    if was is None:
        raise Http404
    sent = request.POST if request.method == "POST" else request.GET
    wanted = sent.get("into", "")
    into = kind.all().filter(slug=wanted).exclude(pk=was.pk).first() if wanted.isprintable() else None
    problem = f"Choose the {kind.called} that takes it up." if wanted or request.method == "POST" else ""
    if request.method == "POST" and into is not None:
        try:
            kept = kind.merge(request.user, was.pk, into.pk)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            messages.success(request, f"“{was.name}” is part of “{kept.name}” now.")
            return redirect(kept.get_absolute_url())
    elif into is not None:
        problem = ""
    context = {
        "kind": kind.called,
        "was": was,
        "into": into,
        "would": kind.would(was, into) if into is not None else None,
        "others": kind.all().exclude(pk=was.pk).order_by("name"),
        "problem": problem,
    }
    return render(request, "wiki/merge.html", context, status=422 if problem else 200)
