"""What could not be delivered or done, for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from accounts.requests import PersonRequest, signed_in
from core.failed_jobs import drop_job, failed_jobs, try_job_again
from followup.reminders.undelivered import drop, try_again, undelivered

LARGEST_KEY = 2**63 - 1


def administrators(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: PersonRequest, **keys: Any) -> HttpResponseBase:
        if not request.user.has_role(Role.ADMINISTRATOR) or any(key > LARGEST_KEY for key in keys.values()):
            raise Http404
        return view(request, **keys)

    return signed_in(guarded)


@administrators
@require_safe
def dead_letters(request: PersonRequest) -> HttpResponse:
    """Messages and jobs that were given up. Five queries with those of session and person."""
    context = {"undelivered": list(undelivered()), "jobs": failed_jobs()}
    return render(request, "followup/undelivered.html", context)


@administrators
@require_POST
def message_again(request: PersonRequest, message: int) -> HttpResponse:
    """Sends it once more."""
    try_again(request.user, message)
    messages.success(request, "It is tried again within five minutes.")
    return redirect("undelivered")


@administrators
@require_POST
def message_drop(request: PersonRequest, message: int) -> HttpResponse:
    """Sends it never."""
    drop(request.user, message)
    messages.success(request, "It is dropped.")
    return redirect("undelivered")


@administrators
@require_POST
def job_again(request: PersonRequest, job: int) -> HttpResponse:
    """Does it once more."""
    try_job_again(request.user, job)
    messages.success(request, "It is tried again at once.")
    return redirect("undelivered")


@administrators
@require_POST
def job_drop(request: PersonRequest, job: int) -> HttpResponse:
    """Does it never."""
    drop_job(request.user, job)
    messages.success(request, "It is dropped.")
    return redirect("undelivered")
