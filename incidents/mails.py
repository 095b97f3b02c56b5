"""Mails that follow notifications, where a mail server is configured (docs/operations.md)."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from incidents.models import Notification


def mail_after_commit(notification: Notification) -> None:
    """Give the worker the mail to send, in the caller's transaction: no commit, no mail."""
    person = notification.person
    if settings.MAILS_NOTIFICATIONS and person.email and person.wants_mail:
        from incidents.tasks import mail_notification  # the queue is ready once all rooms are

        mail_notification.defer(notification=notification.pk)


def send_mail(pk: int) -> bool:
    """Send it, unless it was read meanwhile, its person may not see it any more, or wants no mails.

    Raises OSError or SMTPException where the server does not take it.
    """
    notification = (
        Notification.objects.select_related("incident", "person", "actor").filter(pk=pk, read_at=None).first()
    )
    if notification is None:
        return False
    person = notification.person
    may_see = Notification.objects.visible_to(person).filter(pk=pk).exists()
    if not may_see or not person.wants_mail or not person.email:
        return False
    title = " ".join(notification.incident.title.split())
    subject = f"{notification.actor} {notification.get_kind_display()}: {title}"
    body = render_to_string("incidents/mail.txt", {"one": notification, "site": settings.SITE_ADDRESS.rstrip("/")})
    headers = {"Auto-Submitted": "auto-generated"}  # so that no holiday note answers it
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[person.email], headers=headers).send()
    return True
