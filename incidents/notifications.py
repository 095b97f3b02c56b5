"""Telling people what was said to them or asked of them while a review is written."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from accounts.access import Verb, may
from accounts.models import Person
from core.text import one_line
from incidents.mails import mail_after_commit
from incidents.models import Incident, Notification, NotificationKind

LONGEST = 200


def notify(
    person: Person, incident: Incident, kind: str, actor: Person, text: str = "", anchor: str = ""
) -> Notification | None:
    """Tell `person` that `actor` did `kind` (a NotificationKind): `text` is what was said, `anchor` the place on the
    editor page ("comment-12"). In the caller's transaction, with a mail after its commit.

    None where nobody is told: nobody hears of their own doing, nor of a review in which they take no part.
    """
    if person.pk == actor.pk or not may(person, Verb.COMMENT, incident):
        return None
    notification = Notification.objects.create(
        person=person, incident=incident, kind=NotificationKind(kind), actor=actor, text=_shortened(text), anchor=anchor
    )
    mail_after_commit(notification)
    return notification


def notifications_of(person: Person) -> "QuerySet[Notification, Notification]":
    """All that `person` was told, the newest first, while they take part in the review that it is about."""
    found = Notification.objects.visible_to(person).filter(person=person)
    return found.select_related("incident", "actor").order_by("-created_at", "-pk")


def unread_of(person: Person) -> "QuerySet[Notification, Notification]":
    """What `person` has not read yet, the newest first."""
    return notifications_of(person).filter(read_at=None)


def unread_count(person: Any) -> int:
    """How much is unread: counted once a request, and only where its person is known to have anything stored."""
    if not person.is_authenticated or not person.may_have_unread:
        return 0
    if not hasattr(person, "_unread_count"):
        person._unread_count = unread_of(person).count()
    return int(person._unread_count)


def in_frame(request: HttpRequest) -> dict[str, Any]:
    """For templates: `unread`, of whoever is signed in. Fragments for htmx hold no frame."""
    person = getattr(request, "user", None)
    return {"unread": unread_count(person) if person and not getattr(request, "htmx", False) else 0}


def read_notification(person: Person, pk: int) -> Notification:
    """The notification, read from now on. Http404 where it is not theirs, or no longer."""
    notification = notifications_of(person).filter(pk=pk).first()
    if notification is None:
        raise Http404
    if notification.read_at is None:
        notification.read_at = timezone.now()
        notification.save(update_fields=["read_at"])
    return notification


def read_all(person: Person) -> int:
    """Mark everything as read; how much that was. What can no longer be seen is marked with it."""
    return Notification.objects.filter(person=person, read_at=None).update(read_at=timezone.now())


def _shortened(text: str) -> str:
    words = one_line(text)
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
