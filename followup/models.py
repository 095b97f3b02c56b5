"""What becomes of action items: who is reminded of them, how and when, and what was sent."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from actions.models import ActionItem
from catalog.models import Team
from core.zones import validate_zone


class Channel(models.TextChoices):
    """By what reminders go out."""

    MAIL = "mail", "Mail"
    SLACK = "slack", "Slack"


class Rhythm(models.TextChoices):
    """How many messages somebody wants."""

    DAILY = "daily", "One a day at most, with all that there is"
    EACH = "each", "One for each action item"
    WEEKLY = "weekly", "One digest a week"
    NONE = "none", "None"


class Stage(models.TextChoices):
    """Why somebody is reminded of an item."""

    BEFORE = "before", "Due soon"
    DUE = "due", "Due"
    LATE = "late", "Overdue"
    LEAD = "lead", "Overdue, told to the team lead"
    DIGEST = "digest", "Weekly digest"
    HELD = "held", "Done some weeks ago: did it hold?"


class Weekday(models.IntegerChoices):
    """As ISO 8601 numbers them."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


def usual_days_before() -> list[int]:
    """How many days before an item is due somebody is reminded who has not chosen otherwise; 0 is the day itself."""
    return [7, 1, 0]


class ReminderPreference(models.Model):
    """What somebody chose; without a row the defaults hold (followup.reminders.preferences)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="reminder_preference"
    )
    mail = models.CharField(max_length=6, choices=Rhythm, default=Rhythm.DAILY)
    slack = models.CharField(max_length=6, choices=Rhythm, default=Rhythm.NONE)
    days_before = ArrayField(models.PositiveSmallIntegerField(), default=usual_days_before, blank=True)
    when_late = models.BooleanField(default=True, help_text="3 days after an item was due, then every week.")
    hour = models.PositiveSmallIntegerField(default=9, help_text="From when on, in the person's own time zone.")
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY, help_text="Of the digest.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(mail__in=Rhythm.values), name="reminder_mail_known"),
            models.CheckConstraint(condition=Q(slack__in=Rhythm.values), name="reminder_slack_known"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="reminder_hour_of_day"),
            models.CheckConstraint(condition=Q(weekday__in=Weekday.values), name="reminder_weekday_known"),
        ]

    def __str__(self) -> str:
        return f"reminders of {self.person_id}"


class TeamReminders(models.Model):
    """What a team chose; without a row its leads hear of what is a week overdue, and nothing is posted.

    A webhook of Slack is a secret: whoever has it writes into that channel.
    """

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="reminders")
    lead_after = models.PositiveSmallIntegerField(
        null=True, blank=True, default=7, validators=[MaxValueValidator(365)], help_text="Days overdue; empty: never."
    )
    webhook = models.CharField(max_length=500, blank=True)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY)
    hour = models.PositiveSmallIntegerField(default=9)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_zone])
    posted_until = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name_plural = "team reminders"
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="team_reminder_hour_of_day"),
            models.CheckConstraint(condition=Q(weekday__in=Weekday.values), name="team_reminder_weekday_known"),
        ]

    def __str__(self) -> str:
        return f"reminders of {self.team_id}"


class PlannedUntil(models.Model):
    """Up to which day, in their own zone, it was decided what somebody is reminded of. Its row is the lock of that."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="planned_until"
    )
    day = models.DateField(null=True)
    digest = models.DateField(null=True, help_text="As `day`, of digests.")

    class Meta:
        verbose_name_plural = "planned until"

    def __str__(self) -> str:
        return f"{self.person_id} until {self.day}"


class OutgoingState(models.TextChoices):
    """Where a message stands. What is being sent has been handed over, and nothing confirmed it yet."""

    WAITING = "waiting", "Waiting"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be delivered"
    DROPPED = "dropped", "Not sent"


class Outgoing(models.Model):
    """A message to a person, or to the channel of a team: written before it is sent, and sent from here alone.

    `retried` says that it may have arrived before: it was handed over, and no answer came. It then goes out again
    under the same `key`, of which its Message-ID is made.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel)
    is_digest = models.BooleanField(default=False)
    day = models.DateField(help_text="For whom it was written, that day.")
    key = models.UUIDField(unique=True)
    state = models.CharField(max_length=8, choices=OutgoingState, default=OutgoingState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    retried = models.BooleanField(default=False)
    next_try_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When it was sent, given up or dropped.")
    problem = models.TextField(blank=True, help_text="Why the last try failed, for people.")

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "outgoing"
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="outgoing_channel_known"),
            models.CheckConstraint(condition=Q(state__in=OutgoingState.values), name="outgoing_state_known"),
            models.CheckConstraint(
                condition=Q(person__isnull=False, team__isnull=True) | Q(person__isnull=True, team__isnull=False),
                name="outgoing_to_person_or_team",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["waiting", "sending"]), name="outgoing_to_send"
            ),
            models.Index(fields=["-ended_at"], condition=Q(state="failed"), name="outgoing_failed"),
            models.Index(fields=["person", "-id"], name="outgoing_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.day}: {self.state}"


class Reminder(models.Model):
    """That somebody is told of an item, once: the constraint keeps the same thing from being said twice.

    `on` is the day of which the stage speaks, such as the seventh before `due`. The item has no constraint in the
    database, so that nobody is told again when its deletion is undone.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    action = models.ForeignKey(ActionItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="reminders")
    stage = models.CharField(max_length=6, choices=Stage)
    on = models.DateField()
    due = models.DateField()
    channel = models.CharField(max_length=5, choices=Channel)
    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="reminders")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "action", "stage", "on", "due", "channel"], name="reminder_never_twice"
            ),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="reminder_stage_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="reminder_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.on} of {self.action_id}"


class HoldAnswer(models.TextChoices):
    """Whether a fix held, as whoever was asked says some weeks after it was done."""

    HELD = "held", "Held"
    RECURRED = "recurred", "Recurred"
    UNKNOWN = "unknown", "Not known yet"


class HoldSetting(models.Model):
    """When owners are asked whether their fixes held; one row, or none while the default holds (followup.held)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    weeks = models.PositiveSmallIntegerField(help_text="After completion.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="hold_setting_once"),
            models.CheckConstraint(condition=Q(weeks__gte=1, weeks__lte=52), name="hold_setting_within_a_year"),
        ]

    def __str__(self) -> str:
        return f"asked after {self.weeks} weeks"


class HoldCheck(models.Model):
    """That it is asked, once, whether a done item held, and the answer. `done_at` is the completion that it is about:
    an item that is opened and done again is asked about again.

    The item has no constraint in the database, so that what was said is there again when its deletion is undone.
    """

    action = models.ForeignKey(ActionItem, on_delete=models.DO_NOTHING, db_constraint=False, related_name="hold_checks")
    done_at = models.DateTimeField()
    number = models.PositiveSmallIntegerField(default=1, help_text="Counts the times that it was asked.")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=8, choices=HoldAnswer, blank=True)
    note = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["action", "done_at", "number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "done_at", "number"], name="hold_check_once"),
            models.CheckConstraint(condition=Q(answer__in=["", *HoldAnswer.values]), name="hold_answer_known"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="hold_answer_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["action"], condition=Q(answer=""), name="hold_check_unanswered")]

    def __str__(self) -> str:
        return f"{self.action_id}: {self.answer or 'asked'}"
