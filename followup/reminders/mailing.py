"""A letter as a mail, and handing it to the mail server."""

from contextlib import suppress
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Person
from followup.models import Channel, Outgoing
from followup.reminders.letter import Letter, site
from followup.reminders.outbox import Undelivered
from followup.reminders.stopping import stop_path


def mail_letter(outgoing: Outgoing, person: Person, letter: Letter) -> None:
    """Mail the letter to `person`. Raises Undelivered."""
    stop = site() + stop_path(person, Channel.MAIL)
    context = {"letter": letter, "stop": stop, "settings": f"{site()}{reverse('reminders')}"}
    mail = EmailMultiAlternatives(
        letter.subject,
        render_to_string("followup/reminder.txt", context).strip() + "\n",
        to=[person.email],
        headers=_headers(outgoing, stop),
    )
    mail.attach_alternative(render_to_string("followup/reminder.html", context), "text/html")
    _hand_over(mail)


def _headers(outgoing: Outgoing, stop: str) -> dict[str, str]:
    """RFC 8058 asks for the two headers that let a mail program stop these mails by one click."""
    host = urlsplit(site()).hostname or "localhost"
    headers = {
        "Message-ID": f"<reminder-{outgoing.key}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Id": f"Reminders of Debrief <reminders.{host}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return headers | ({"X-Debrief-Sent-Again": str(outgoing.attempts)} if outgoing.retried else {})


def _hand_over(mail: EmailMultiAlternatives) -> None:
    """What fails before the mail is under way cannot have arrived."""
    server = get_connection()
    try:
        server.open()
    except SMTPResponseException as problem:
        raise Undelivered(f"The mail server lets nobody in: {_words(problem.smtp_error)}") from problem
    except (OSError, SMTPException) as problem:
        raise Undelivered("The mail server cannot be reached.") from problem
    try:
        server.send_messages([mail])
    except SMTPRecipientsRefused as problem:
        raise _of_recipient(problem) from problem
    except SMTPResponseException as problem:
        said = _words(problem.smtp_error)
        raise Undelivered(f"The mail server refused it ({problem.smtp_code}): {said}") from problem
    except (OSError, SMTPException) as problem:
        raise Undelivered("The mail server did not confirm it.", may_have_arrived=True) from problem
    except ValueError as problem:
        raise Undelivered(f"The address {mail.to[0]} cannot be written to.", for_good=True) from problem
    finally:
        with suppress(OSError, SMTPException):
            server.close()


def _of_recipient(problem: SMTPRecipientsRefused) -> Undelivered:
    code, said = next(iter(problem.recipients.values()))
    return Undelivered(f"The mail server refuses the address ({code}): {_words(said)}", for_good=code >= 500)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]
