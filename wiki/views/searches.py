"""The searches that somebody keeps, those of lately, and the feeds of both."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.feed_addresses import feed_token
from accounts.requests import PersonRequest, signed_in
from core.text import one_line
from wiki.feeds import feed_path
from wiki.searches import (
    delete_search,
    forget_recent,
    recent_searches,
    remember_search,
    save_search,
    saved_searches,
    set_mails,
)
from wiki.views.search_page import address


@signed_in
@require_safe
def searches(request: PersonRequest) -> HttpResponse:
    """All of them. Five queries with those of session and person."""
    person = request.user
    token = feed_token(person)
    text = one_line(request.GET.get("q", ""))[:2000]
    kept = [
        {"saved": one, "url": address(one.text), "feed": f"{feed_path(token)}saved/{one.pk}/" if token else ""}
        for one in saved_searches(person)
    ]
    context: dict[str, Any] = {
        "kept": kept,
        "recent": [(one.text, address(one.text)) for one in recent_searches(person)],
        "feed": request.build_absolute_uri(feed_path(token)) if token else "",
        "text": text,
        "text_feed": request.build_absolute_uri(feed_path(token, text)) if token and text else "",
        "by_mail": settings.MAILS_NOTIFICATIONS,
    }
    return render(request, "wiki/searches.html", context)


@signed_in
@require_safe
def name_search(request: PersonRequest) -> HttpResponse:
    """The form under which name to keep a search."""
    text = one_line(request.GET.get("q", ""))[:2000]
    part = "#form" if request.htmx else ""
    return render(request, f"wiki/save_search.html{part}", {"text": text, "by_mail": settings.MAILS_NOTIFICATIONS})


@signed_in
@require_POST
def save(request: PersonRequest) -> HttpResponse:
    """Keeps the search, or says what is missing above the form, where everything stays as typed."""
    name, text, mails = request.POST.get("name", ""), request.POST.get("q", ""), "mails" in request.POST
    try:
        saved = save_search(request.user, name=name, text=text, mails=mails)
    except ValidationError as problem:
        typed = {"text": text, "name": name, "mails": mails, "problems": problem.message_dict}
        context = {**typed, "by_mail": settings.MAILS_NOTIFICATIONS}
        return render(request, "wiki/save_search.html", context, status=422)
    messages.success(request, f"“{saved.name}” is kept.")
    return redirect("searches")


@signed_in
@require_POST
def change_mails(request: PersonRequest, search: int) -> HttpResponse:
    """Mails about this search, or none."""
    saved = set_mails(request.user, search, "mails" in request.POST)
    said = "You get a mail when" if saved.mails else "You get no more mails when"
    messages.success(request, f"{said} something new matches “{saved.name}”.")
    return redirect("searches")


@signed_in
@require_POST
def delete(request: PersonRequest, search: int) -> HttpResponse:
    """Keeps it no longer."""
    messages.success(request, f"“{delete_search(request.user, search).name}” is deleted.")
    return redirect("searches")


@signed_in
@require_POST
def remember(request: PersonRequest) -> HttpResponse:
    """Notes what was searched for, once a result was followed or the search was sent."""
    remember_search(request.user, request.POST.get("q", ""))
    return HttpResponse(status=204)


@signed_in
@require_POST
def forget(request: PersonRequest) -> HttpResponse:
    """No recent searches any more."""
    forget_recent(request.user)
    messages.success(request, "Your recent searches are forgotten.")
    return redirect("searches")
