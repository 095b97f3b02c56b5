"""Delivering a message of the outbox, and noting what came of it."""

from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Person
from catalog.models import Team
from core.slack import Slack, SlackBusy, SlackError, SlackRefused, post_to_webhook
from core.zones import zone_named
from followup.models import Channel, Outgoing
from followup.reminders import outbox
from followup.reminders.letter import Letter, letter_of, site
from followup.reminders.mailing import mail_letter
from followup.reminders.preferences import channels_set_up, preference_of, reminders_of_team, rhythms_of
from followup.reminders.slack_message import blocks_of
from followup.reminders.team_post import post_of


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
        except outbox.Undelivered as problem:
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
    if outgoing.channel not in channels_set_up():
        raise outbox.Undelivered(f"{outgoing.get_channel_display()} is not set up (docs/operations.md).")
    if outgoing.channel not in rhythms_of(person, preference_of(person)):
        return "They want no messages by this channel, or have no address."
    letter = letter_of(outgoing, person, _today(person.time_zone))
    if letter is None:
        return "All that it was to tell of is settled."
    if outgoing.channel == Channel.SLACK:
        _post_to_person(person, letter)
    else:
        mail_letter(outgoing, person, letter)
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


def _post_to_person(person: Person, letter: Letter) -> None:
    slack = Slack(settings.SLACK_API, settings.SLACK_TOKEN)
    try:
        slack.post(slack.member(person.email), letter.subject, blocks_of(letter, _foot()))
    except SlackError as problem:
        raise _of_slack(problem) from problem


def _foot() -> str:
    return f"<{site()}{reverse('reminders')}|Fewer messages, or none>"


def _of_slack(problem: SlackError) -> outbox.Undelivered:
    wait = problem.wait if isinstance(problem, SlackBusy) else None
    return outbox.Undelivered(
        str(problem),
        for_good=isinstance(problem, SlackRefused),
        may_have_arrived=problem.may_have_arrived,
        wait=wait,
    )
