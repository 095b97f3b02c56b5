"""What a message says, whatever channel takes it: a subject, and the items in groups, worded for their reader."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import F, Q
from django.urls import reverse

from accounts.models import Person
from actions.models import ActionItemQuerySet
from core.zones import zone_named
from followup.held.evidence import evidence_for
from followup.held.questions import Question, questions_of
from followup.models import Outgoing, Stage
from followup.reminders.audience import led_items, own_items
from followup.worded import Worded, all_worded, for_reader

MOST_IN_GROUP = 20
MOST_SINCE = 3  # titles of what has happened since an item was done
SOON_DAYS = 7
NOBODYS = "without an owner"
OTHERS = "overdue and owned by others"
HELD = "waiting for your word whether they held"


@dataclass(frozen=True)
class Line:
    """One item. `who` is who does it, where that is not the reader."""

    title: str
    about: str
    url: str
    when: str
    who: str = ""


@dataclass(frozen=True)
class Group:
    """Items of which the same can be said; `more` is how many do not stand here."""

    title: str
    said: str
    lines: list[Line]
    more: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.lines) + self.more


@dataclass(frozen=True)
class Letter:
    """A message. `again` says that it may have arrived before."""

    subject: str
    groups: list[Group]
    is_digest: bool
    again: bool
    site: str

    @property
    def count(self) -> int:
        """How many items it tells of."""
        return sum(group.count for group in self.groups)

    @property
    def is_for_lead(self) -> bool:
        """Whether any of it is told to its reader as the lead of a team, or in place of one."""
        return any(group.said in (OTHERS, NOBODYS) for group in self.groups)


def letter_of(outgoing: Outgoing, person: Person, today: date) -> Letter | None:
    """What the message says on the day on which it goes out; None where all of it is settled by now.

    An item that was finished, moved to another date, handed over or hidden meanwhile is left out.
    """
    own = _still(own_items(person).filter(_told(outgoing)), person)
    led = _still(led_items(person).filter(_told(outgoing, Stage.LEAD, Stage.DIGEST), due__lte=today), person)
    asked = set(outgoing.reminders.filter(stage=Stage.HELD).values_list("action", flat=True))
    questions = [one for one in questions_of(person) if one.item.action.pk in asked] if asked else []
    return compose(
        own, led, today, is_digest=outgoing.is_digest, again=outgoing.retried, asked=asked_of(questions, person)
    )


def compose(
    own: list[Worded],
    led: list[Worded],
    today: date,
    *,
    is_digest: bool = False,
    again: bool = False,
    asked: Group | None = None,
) -> Letter | None:
    """A letter about somebody's own items, those of the teams that they lead, and those of which it is asked whether
    they held; None without any."""
    late = [one for one in own if due_of(one) < today]
    now = [one for one in own if due_of(one) == today]
    soon = [one for one in own if due_of(one) > today]
    unowned = [one for one in led if not (one.action.owner and one.action.owner.is_active)]
    led = [one for one in led if one not in unowned]
    groups = [
        group_of("Overdue", "overdue", late, today),
        group_of("Due today", "due today", now, today),
        group_of("Soon", soon_said(soon, today), soon, today),
        group_of("Overdue, owned by others", OTHERS, led, today, with_owner=True),
        group_of("Without an owner", NOBODYS, unowned, today),
        *([asked] if asked else []),
    ]
    return letter_with(groups, "Your week" if is_digest else "", again=again)


def letter_with(groups: list[Group], week: str, *, again: bool) -> Letter | None:
    """A letter of the groups that hold anything; None where none does. `week`: what a digest is called."""
    groups = [group for group in groups if group.lines]
    return Letter(_subject(groups, week), groups, bool(week), again, site()) if groups else None


def line_of(one: Worded, today: date, *, with_owner: bool = False) -> Line:
    """An item as one line says it."""
    url = f"{site()}{reverse('action', args=[one.action.pk])}"
    return Line(_flat(one.title), _flat(one.about), url, when_due(due_of(one), today), one.owner if with_owner else "")


def due_of(one: Worded) -> date:
    """The date of an item that has one."""
    return one.action.due or date.max


def when_due(due: date, today: date) -> str:
    """ "3 days overdue", "due tomorrow", "due on Friday, 4 December"; with the year where it is another one."""
    days = (due - today).days
    if days < 0:
        return "1 day overdue" if days == -1 else f"{-days:,} days overdue"
    if days <= 1:
        return "due tomorrow" if days else "due today"
    return f"due on {day_said(due, today)}"


def day_said(day: date, today: date) -> str:
    """ "Friday, 4 December", with the year where it is another one."""
    return f"{day:%A}, {day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def site() -> str:
    """The address of the site, without a slash at its end."""
    return str(settings.SITE_ADDRESS).rstrip("/")


def _told(outgoing: Outgoing, *stages: Stage) -> Q:
    """That the message tells of an item, as it is due now."""
    told = Q(reminders__outgoing=outgoing, reminders__due=F("due"))
    return told & Q(reminders__stage__in=stages) if stages else told


def _still(items: ActionItemQuerySet, person: Person) -> list[Worded]:
    return all_worded(for_reader(items, person).order_by("due", "pk"), person)


def group_of(title: str, said: str, found: list[Worded], today: date, with_owner: bool = False) -> Group:
    """The items as a group; it may be empty."""
    lines = [line_of(one, today, with_owner=with_owner) for one in found[:MOST_IN_GROUP]]
    return Group(title, said, lines, max(len(found) - MOST_IN_GROUP, 0))


def asked_of(questions: list[Question], person: Person) -> Group:
    """What is asked, with what has happened since; it may be empty."""
    lines = [_question(one, person) for one in questions[:MOST_IN_GROUP]]
    return Group("Did it hold?", HELD, lines, max(len(questions) - MOST_IN_GROUP, 0))


def _question(one: Question, person: Person) -> Line:
    evidence = evidence_for(one.item.action, person)
    titles = [f"“{_flat(since.title)}”" for since in evidence.found[:MOST_SINCE]]
    more = len(evidence.found) - len(titles)
    since = f"since then {', '.join(titles)}{f' and {more} more' if more else ''}"
    if not titles:
        since = "nothing like it since that you may read of" if evidence.could_look else ""
    done = f"done on {one.done_at.astimezone(zone_named(person.time_zone)):%-d %B %Y}" if one.done_at else "done"
    when = f"{done}, {since}" if since else done
    return Line(_flat(one.item.title), _flat(one.item.about), f"{site()}{one.url}", when)


def soon_said(soon: list[Worded], today: date) -> str:
    """What can be said of all that is due soon, the first one first."""
    if not soon:
        return ""
    first, last = due_of(soon[0]), due_of(soon[-1])
    days = (last - today).days
    if first == last:
        return when_due(last, today)
    return f"due in the next {SOON_DAYS} days" if days <= SOON_DAYS else f"due by {day_said(last, today)}"


def _subject(groups: list[Group], week: str) -> str:
    count = sum(group.count for group in groups)
    if week:
        return f"{week}: {_listed(groups)}"
    if count == 1:
        [line] = groups[0].lines
        if groups[0].said == HELD:
            return f"Did it hold? {line.title}"
        state = f"{NOBODYS}, {line.when}" if groups[0].said == NOBODYS else line.when
        return f"{state[0].upper()}{state[1:]}: {line.title}"
    if len(groups) == 1:
        return f"{count:,} action items are {groups[0].said}"
    return f"{count:,} action items: {_listed(groups)}"


def _listed(groups: list[Group]) -> str:
    return ", ".join(f"{group.count:,} {group.said}" for group in groups)


def _flat(text: str) -> str:
    return " ".join(text.split())
