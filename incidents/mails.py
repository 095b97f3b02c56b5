"""Mails that follow notifications."""

from incidents.models import Notification


def send_mail_of(notification: Notification) -> None:
    """Have the worker send it once the transaction is committed."""
