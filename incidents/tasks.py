"""What the worker does for this room."""

from smtplib import SMTPException

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from incidents.mails import send_mail

_RETRY = RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions=[OSError, SMTPException])


@app.task(retry=_RETRY)
def mail_notification(notification: int) -> None:
    """One mail for one notification; tried again for some hours while the mail server does not take it."""
    send_mail(notification)
