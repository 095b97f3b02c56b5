"""Delivering a message of the outbox, and noting what came of it."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from catalog.models import Team
from core.slack import Slack, SlackBusy, SlackError, SlackRefused, post_to_webhook
from core.zones import zone_named
from followup.models import Channel, Outgoing
from followup.reminders import outbox
from followup.reminders.letter import Letter, letter_of, site
from followup.reminders.preferences import preference_of, reminders_of_team, rhythms_of
from followup.reminders.slack_message import blocks_of
from followup.reminders.stopping import stop_path
from followup.reminders.team_post import post_of


class Undelivered(Exception):
    """It was not taken. `for_good`: trying again as it is changes nothing."""

    def __init__(
        self, problem: str, *, for_good: bool = False, may_have_arrived: bool = False, wait: timedelta | None = None
    ) -> None:
        self.problem, self.for_good, self.may_have_arrived, self.wait = problem, for_good, may_have_arrived, wait
        super().__init__(problem)


class TryLater(Exception):
    """For the worker: the message waits in the outbox until `at`."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        super().__init__(f"Not delivered yet; tried again at {at:%Y-%m-%d %H:%M} UTC.")


def deliver(pk: int) -> Outgoing | None:
    """Send the message, if it is to be sent and nobody else does; how it stands then. What is not taken is no error."""
    with outbox.taken(pk) as outgoing:
        if outgoing is None:
            return None
        try:
            _send(outgoing)
        except Undelivered as problem:
            if problem.for_good:
                outbox.note_failed(outgoing, problem.problem)
            else:
                outbox.note_problem(
                    outgoing, problem.problem, may_have_arrived=problem.may_have_arrived, wait=problem.wait
                )
        except Exception as problem:
            broke_off = f"It broke off ({type(problem).__name__}); the log of the worker says where."
            outbox.note_problem(outgoing, broke_off, may_have_arrived=True)
            raise
        return outgoing


def _send(outgoing: Outgoing) -> None:
    settled = ""
    if outgoing.team:
        settled = _post_to_team(outgoing, outgoing.team)
    elif outgoing.person:
        settled = _tell(outgoing, outgoing.person)
    if settled:
        outbox.note_dropped(outgoing, settled)
    else:
        outbox.note_sent(outgoing)


def _tell(outgoing: Outgoing, person: Person) -> str:
    """Sends it to somebody; or why there is nothing to send."""
    if outgoing.channel not in rhythms_of(person, preference_of(person)):
        return "They want no messages by this channel, or have no address."
    letter = letter_of(outgoing, person, _today(person.time_zone))
    if letter is None:
        return "All that it was to tell of is settled."
    if outgoing.channel == Channel.SLACK:
        _post_to_person(person, letter)
    else:
        _mail(outgoing, person, letter)
    return ""


def _post_to_team(outgoing: Outgoing, team: Team) -> str:
    """Posts it to the channel of a team; or why there is nothing to post."""
    chosen = reminders_of_team(team)
    if not chosen.webhook:
        return "The team has no channel any more."
    letter = post_of(team, _today(chosen.time_zone), again=outgoing.retried)
    if letter is None:
        return "Nothing is overdue or due this week."
    try:
        post_to_webhook(chosen.webhook, letter.subject, blocks_of(letter, f"<{site()}/actions/|All action items>"))
    except SlackError as problem:
        raise _of_slack(problem) from problem
    return ""


def _today(zone: str) -> date:
    return timezone.now().astimezone(zone_named(zone)).date()


def _mail(outgoing: Outgoing, person: Person, letter: Letter) -> None:
    stop = site() + stop_path(person, Channel.MAIL)
    context = {"letter": letter, "person": person, "stop": stop, "settings": f"{site()}{reverse('reminders')}"}
    mail = EmailMultiAlternatives(
        letter.subject,
        render_to_string("followup/reminder.txt", context).strip() + "\n",
        to=[person.email],
        headers=_headers(outgoing, stop),
    )
    mail.attach_alternative(render_to_string("followup/reminder.html", context), "text/html")
    server = get_connection()
    try:
        server.open()
    except (OSError, SMTPException) as problem:
        said = f" ({problem.smtp_code}): {_words(problem.smtp_error)}" if hasattr(problem, "smtp_code") else "."
        raise Undelivered(f"The mail server cannot be reached{said}") from problem
    try:
        server.send_messages([mail])
    except SMTPRecipientsRefused as problem:
        raise _of_recipient(problem) from problem
    except (SMTPSenderRefused, SMTPResponseException) as problem:
        said = _words(problem.smtp_error)
        raise Undelivered(f"The mail server refused it ({problem.smtp_code}): {said}") from problem
    except (OSError, SMTPException) as problem:
        raise Undelivered("The mail server did not confirm it.", may_have_arrived=True) from problem
    except ValueError as problem:
        raise Undelivered(f"The address {person.email} cannot be written to.", for_good=True) from problem
    finally:
        with suppress(OSError, SMTPException):
            server.close()


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


def _of_recipient(problem: SMTPRecipientsRefused) -> Undelivered:
    code, said = next(iter(problem.recipients.values()))
    return Undelivered(f"The mail server refuses the address ({code}): {_words(said)}", for_good=code >= 500)


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:300]


def _post_to_person(person: Person, letter: Letter) -> None:
    slack = Slack(settings.SLACK_API, settings.SLACK_TOKEN)
    try:
        slack.post(slack.member(person.email), letter.subject, blocks_of(letter, _foot()))
    except SlackError as problem:
        raise _of_slack(problem) from problem


def _foot() -> str:
    return f"<{site()}{reverse('reminders')}|Fewer messages, or none>"


def _of_slack(problem: SlackError) -> Undelivered:
    wait = problem.wait if isinstance(problem, SlackBusy) else None
    return Undelivered(
        str(problem),
        for_good=isinstance(problem, SlackRefused),
        may_have_arrived=problem.may_have_arrived,
        wait=wait,
    )
