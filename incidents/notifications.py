"""Telling people what was said to them or asked of them while a review is written."""

from accounts.access import Verb, may
from accounts.models import Person
from incidents.mails import send_mail_of
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
    send_mail_of(notification)
    return notification


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
