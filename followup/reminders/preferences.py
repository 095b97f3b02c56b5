"""What each person and each team chose about reminders."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import Person, Role
from catalog.models import Team
from core import audit
from core.problems import Problems
from core.zones import zone_named
from followup.models import Channel, ReminderPreference, Rhythm, TeamReminders, Weekday
from followup.reminders.slack_message import webhook_problem
from followup.reminders.stages import last_digest_day

DAYS_BEFORE = (14, 7, 3, 1, 0)
MOST_LEAD_AFTER = 365


def slack_is_set_up() -> bool:
    """Whether messages can be sent to people in Slack."""
    return bool(settings.SLACK_TOKEN and settings.SITE_ADDRESS)


def channels_set_up() -> list[Channel]:
    """By what anything can be sent to people here."""
    found = {Channel.MAIL: settings.MAILS_NOTIFICATIONS, Channel.SLACK: slack_is_set_up()}
    return [channel for channel, is_there in found.items() if is_there]


def preference_of(person: Person) -> ReminderPreference:
    """What `person` chose. Who chose nothing gets one mail a day at most; none where they wanted no mails at all."""
    found = ReminderPreference.objects.filter(person=person).first()
    return found or ReminderPreference(person=person, mail=Rhythm.DAILY if person.wants_mail else Rhythm.NONE)


def rhythms_of(person: Person, preference: ReminderPreference) -> dict[Channel, Rhythm]:
    """How messages reach `person`, by channel; without those that do not."""
    if not person.is_active or not person.email:
        return {}
    chosen = {Channel.MAIL: Rhythm(preference.mail), Channel.SLACK: Rhythm(preference.slack)}
    return {one: chosen[one] for one in channels_set_up() if chosen[one] != Rhythm.NONE}


@transaction.atomic
def set_preference(
    person: Person,
    *,
    mail: str,
    slack: str,
    days_before: list[int],
    when_late: bool,
    hour: int,
    weekday: int,
    time_zone: str,
) -> ReminderPreference:
    """Keep what `person` chose, their time zone too. ValidationError where a value will not do."""
    problems = Problems()
    problems.choice("mail", mail, Rhythm.values)
    problems.choice("slack", slack, Rhythm.values)
    problems.choice("hour", hour, range(24))  # type: ignore[arg-type]
    problems.choice("weekday", weekday, Weekday.values)  # type: ignore[arg-type]
    problems.zone("time_zone", time_zone)
    for number in days_before:
        problems.choice("days_before", number, DAYS_BEFORE)  # type: ignore[arg-type]
    problems.refuse_any()
    kept, _ = ReminderPreference.objects.update_or_create(
        person=person,
        defaults={
            "mail": mail,
            "slack": slack,
            "days_before": sorted(set(days_before), reverse=True),
            "when_late": when_late,
            "hour": hour,
            "weekday": weekday,
        },
    )
    if person.time_zone != time_zone:
        person.time_zone = time_zone
        person.save(update_fields=["time_zone"])
    detail = f"mail {mail}, slack {slack}, {weekday} {hour}:00 {time_zone}"
    audit.record(person, "set-reminders", f"person {person.pk}", detail)
    return kept


@transaction.atomic
def stop_reminders(person: Person, channel: Channel, rhythm: Rhythm = Rhythm.NONE) -> None:
    """No more of them by `channel`, or fewer."""
    preference = preference_of(person)
    setattr(preference, channel, rhythm)
    preference.save()
    audit.record(person, "set-reminders", f"person {person.pk}", f"{channel} {rhythm}")


def reminders_of_team(team: Team) -> TeamReminders:
    """What the team chose, or the defaults."""
    return TeamReminders.objects.filter(team=team).first() or TeamReminders(team=team)


def may_set_team(person: Person, team: Team) -> bool:
    """Whether `person` may choose for the team: its leads, those of its members who are team leads, administrators."""
    if person.has_role(Role.ADMINISTRATOR):
        return True
    membership = team.memberships.filter(person=person).first() if person.is_active else None
    return membership is not None and (membership.is_lead or person.has_role(Role.TEAM_LEAD))


@transaction.atomic
def set_team_reminders(
    person: Person,
    team: Team,
    *,
    lead_after: int | None,
    webhook: str | None,
    weekday: int,
    hour: int,
    time_zone: str,
) -> TeamReminders:
    """Keep what was chosen for a team; a webhook of None leaves the one that is kept. ValidationError by field."""
    if not may_set_team(person, team):
        raise PermissionDenied
    problems = Problems()
    if lead_after is not None and not 1 <= lead_after <= MOST_LEAD_AFTER:
        problems.add("lead_after", f"Write a number of days from 1 to {MOST_LEAD_AFTER}, or nothing.")
    problems.choice("weekday", weekday, Weekday.values)  # type: ignore[arg-type]
    problems.choice("hour", hour, range(24))  # type: ignore[arg-type]
    problems.zone("time_zone", time_zone)
    webhook = None if webhook is None else problems.line("webhook", webhook, longest=500)
    if webhook and (problem := webhook_problem(webhook)):
        problems.add("webhook", problem)
    problems.refuse_any()
    kept = reminders_of_team(team)
    kept.lead_after, kept.weekday, kept.hour, kept.time_zone = lead_after, weekday, hour, time_zone
    kept.webhook = kept.webhook if webhook is None else webhook
    kept.posted_until = last_digest_day(timezone.now().astimezone(zone_named(time_zone)).date(), weekday)
    kept.save()
    posts = "posts to Slack" if kept.webhook else "no posts"
    audit.record(person, "set-team-reminders", f"team {team.pk}", f"lead after {lead_after}, {posts}")
    return kept
