"""A due date as an event of a whole day.

Events, and not the to-dos that the format has as well: Google's calendar and Outlook leave to-dos of a subscription
out, and Apple's shows them in another program. The day is not taken by them (TRANSPARENT): an item is due, it is no
appointment.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils.crypto import salted_hmac
from icalendar import Calendar, Event, vDuration

from actions.models import ActionStatus
from followup.worded import Worded

LOOK_AGAIN = timedelta(hours=1)
_NOT_IN_TEXT = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]")
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
    calendar = Calendar()
    calendar.add("prodid", "-//Debrief//Action items//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    for names, text in ((("name", "x-wr-calname"), name), (("description", "x-wr-caldesc"), about)):
        for one in names:  # those of RFC 7986, and those that programs knew before it
            calendar.add(one, _text(text))
    calendar.add("refresh-interval", LOOK_AGAIN, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(LOOK_AGAIN))
    for event in events:
        calendar.add_component(_event(event, site))
    return calendar.to_ical()


def _event(due: Due, site: str) -> Event:
    action = due.item.action
    status = ActionStatus(action.status)
    owner = due.item.owner if due.says_owner else ""
    title = f"{_BEFORE.get(status, 'Due: ')}{' '.join(due.item.title.split())}{f' ({owner})' if owner else ''}"
    address = f"{site}{reverse('action', args=[action.pk])}"
    said = [f"{status.label}. {action.get_kind_display()}.", due.item.about, _when_done(due.item), address]
    event = Event()
    event.add("uid", _uid(action.pk))
    event.add("dtstamp", due.changed_at.astimezone(UTC))
    event.add("created", action.created_at.astimezone(UTC))
    event.add("last-modified", due.changed_at.astimezone(UTC))
    event.add("sequence", due.changes)
    event.add("dtstart", due.day)
    event.add("dtend", due.day + timedelta(days=1))
    event.add("summary", _text(title))
    event.add("description", _text("\n".join(line for line in said if line)))
    event.add("url", address)
    event.add("categories", [str(action.get_kind_display())])
    event.add("status", _STATUS.get(status, "CONFIRMED"))
    event.add("transp", "TRANSPARENT")
    return event


def _text(text: str) -> str:
    """`text` without signs that no calendar may hold (RFC 5545, section 3.1)."""
    return _NOT_IN_TEXT.sub(" ", text)


def _when_done(item: Worded) -> str:
    """How one will know that it is done, in one line."""
    words = " ".join(item.done_when.split())
    return f"Done when: {words}" if words else ""


def _uid(pk: int) -> str:
    """The same for an item for ever, in whose calendar it stands and by whatever name the site is reached."""
    return f"{salted_hmac('followup.calendar.event', str(pk), algorithm='sha256').hexdigest()[:32]}@debrief"
