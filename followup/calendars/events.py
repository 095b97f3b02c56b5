"""A due date as an event of a whole day.

Events, and not the to-dos that the format has as well: Google's calendar and Outlook leave to-dos of a subscription
out, and Apple's shows them in another program. The day is not taken by them (TRANSPARENT): an item is due, it is no
appointment.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.crypto import salted_hmac

from actions.models import ActionStatus
from followup.calendars.writing import date_line, instant_line, text_line, written
from followup.worded import Worded

_BEFORE = {ActionStatus.DONE: "Done: ", ActionStatus.WONT_DO: "Won't do: "}
_STATUS = {ActionStatus.PROPOSED: "TENTATIVE", ActionStatus.WONT_DO: "CANCELLED"}


@dataclass(frozen=True)
class Due:
    """An item on its due day. `changes` counts what was changed about it so far, `changed_at` is the last time."""

    item: Worded
    day: date
    changes: int
    changed_at: datetime
    says_owner: bool


def calendar_file(name: str, about: str, events: Iterable[Due], site: str) -> bytes:
    """The calendar `name` with these events; `site` is put before the paths of pages."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Debrief//Action items//EN",
        "CALSCALE:GREGORIAN",
        text_line("NAME", name),
        text_line("X-WR-CALNAME", name),
        text_line("DESCRIPTION", about),
        text_line("X-WR-CALDESC", about),
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for event in events:
        lines += _event(event, site)
    return written([*lines, "END:VCALENDAR"])


def _event(due: Due, site: str) -> list[str]:
    action = due.item.action
    status = ActionStatus(action.status)
    owner = due.item.owner if due.says_owner else ""
    title = f"{_BEFORE.get(status, 'Due: ')}{' '.join(due.item.title.split())}{f' ({owner})' if owner else ''}"
    address = f"{site}{reverse('action', args=[action.pk])}"
    said = [f"{status.label}. {action.get_kind_display()}.", due.item.about, _when_done(due.item), address]
    return [
        "BEGIN:VEVENT",
        f"UID:{_uid(action.pk)}",
        instant_line("DTSTAMP", due.changed_at),
        instant_line("CREATED", action.created_at),
        instant_line("LAST-MODIFIED", due.changed_at),
        f"SEQUENCE:{due.changes}",
        date_line("DTSTART", due.day),
        date_line("DTEND", due.day + timedelta(days=1)),
        text_line("SUMMARY", title),
        text_line("DESCRIPTION", "\n".join(line for line in said if line)),
        f"URL:{address}",
        text_line("CATEGORIES", str(action.get_kind_display())),
        f"STATUS:{_STATUS.get(status, 'CONFIRMED')}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _when_done(item: Worded) -> str:
    """How one will know that it is done, in one line."""
    words = " ".join(item.done_when.split())
    return f"Done when: {words}" if words else ""


def _uid(pk: int) -> str:
    """The same for an item for ever, in whose calendar it stands and by whatever name the site is reached."""
    return f"{salted_hmac('followup.calendar.event', str(pk), algorithm='sha256').hexdigest()[:32]}@debrief"
