"""The inbox: what people were told."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from incidents.notifications import notifications_of, read_all, read_notification

A_PAGE = 50


@signed_in
@require_safe
def notifications(request: PersonRequest) -> HttpResponse:
    """The list, the newest first. Four queries with those of session and person."""
    page = Paginator(notifications_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "incidents/notifications.html",
        {"page": page, "by_mail": settings.MAILS_NOTIFICATIONS, "has_unread": any(not one.read_at for one in page)},
    )


@signed_in
@require_safe
def open_notification(request: PersonRequest, notification: int) -> HttpResponse:
    """Leads to what it is about; it counts as read from then on."""
    return redirect(read_notification(request.user, notification).get_absolute_url())


@signed_in
@require_POST
def read_everything(request: PersonRequest) -> HttpResponse:
    """Nothing is unread any more."""
    read_all(request.user)
    return redirect("notifications")


@signed_in
@require_POST
def mails(request: PersonRequest) -> HttpResponse:
    """Turns mails on or off."""
    person = request.user
    person.wants_mail = "wants_mail" in request.POST
    person.save(update_fields=["wants_mail"])
    messages.success(request, "You get a mail for each." if person.wants_mail else "You get no more mails.")
    return redirect("notifications")
