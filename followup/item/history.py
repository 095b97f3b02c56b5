"""What happened to an action item, in words, the latest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Person
from actions.models import ActionChange, ActionItem, ActionStatus, ChangedField
from catalog.models import Team
from core.text import whole_number
from followup.worded import Worded, all_worded, for_reader


@dataclass(frozen=True)
class Happening:
    """One line: "Ada moved the due date", from what to what, and why if they said. `other` is an item it is about."""

    by: str
    said: str
    at: datetime
    before: str = ""
    after: str = ""
    note: str = ""
    other: Worded | None = None
    is_about_another: bool = False
    is_due: bool = False


@dataclass(frozen=True)
class _Named:
    """The rows that changes name by their keys."""

    people: dict[int, Person]
    teams: dict[int, Team]
    items: dict[int, Worded]


def history_of_item(item: Worded, person: Person) -> list[Happening]:
    """What `person` may read of it. Four queries at most."""
    changes = list(item.action.changes.select_related("by").order_by("-at", "-pk"))
    named = _named(changes, person)
    return [_happening(one, item, named) for one in changes]


def _happening(change: ActionChange, item: Worded, named: _Named) -> Happening:
    by = item.person(change.by) if change.by else "Its tracker"
    note = change.note if item.tells_names or item.is_owner else ""
    field, before, after = change.field, change.before, change.after
    if field == ChangedField.DUE:
        return Happening(by, _set("due date", before, after), change.at, _day(before), _day(after), note, is_due=True)
    if field == ChangedField.STATUS:
        return Happening(by, "set it from", change.at, _status(before), _status(after), note)
    if field == ChangedField.OWNER:
        people = [_person(key, item, named) for key in (before, after)]
        return Happening(by, _set("owner", before, after), change.at, people[0], people[1], note)
    if field == ChangedField.TEAM:
        teams = [str(named.teams.get(_key(key), "a team that is gone")) if key else "" for key in (before, after)]
        return Happening(by, _set("team", before, after), change.at, teams[0], teams[1], note)
    if field == ChangedField.VERIFIED:
        return Happening(
            by, "verified that it is done" if after else "took back that it is verified", change.at, note=note
        )
    said, other = _told_of_another(change, item)
    return Happening(by, said, change.at, note=note, other=named.items.get(_key(other)), is_about_another=True)


def _told_of_another(change: ActionChange, item: Worded) -> tuple[str, str]:
    """What a split or a merge says, before the title of the other item, and the key of that."""
    own = str(item.action.pk)
    if change.field == ChangedField.SPLIT:
        return ("split this from", change.before) if change.before else ("split off", change.after)
    if change.after == own:
        return "merged into this", change.before
    if change.before == own:
        return "made an item of its own again of", change.after
    if change.after:
        return "merged this into", change.after
    return "made this an item of its own again, no longer a part of", change.before


def _named(changes: Iterable[ActionChange], person: Person) -> _Named:
    keys: dict[str, set[int]] = {}
    for change in changes:
        keys.setdefault(change.field, set()).update(_key(one) for one in (change.before, change.after) if one)
    items = keys.get(ChangedField.SPLIT, set()) | keys.get(ChangedField.MERGED, set())
    rows = for_reader(ActionItem.objects.visible_to(person).filter(pk__in=items), person) if items else ()
    owners, teams = keys.get(ChangedField.OWNER), keys.get(ChangedField.TEAM)
    return _Named(
        Person.objects.in_bulk(owners) if owners else {},
        Team.objects.in_bulk(teams) if teams else {},
        {one.action.pk: one for one in all_worded(rows, person)},
    )


def _set(what: str, before: str, after: str) -> str:
    if before and after:
        return f"changed the {what} from"
    return f"set the {what} to" if after else f"took away the {what}"


def _person(key: str, item: Worded, named: _Named) -> str:
    found = named.people.get(_key(key)) if key else None
    if found is not None and item.is_owner and found.pk == item.action.owner_id:
        return str(found)
    return item.person(found) if found else ""


def _day(written: str) -> str:
    if not written:
        return ""
    day = date.fromisoformat(written)
    return f"{day.day} {day:%b %Y}"


def _status(value: str) -> str:
    return str(ActionStatus(value).label).lower() if value in ActionStatus.values else value


def _key(written: str) -> int:
    return whole_number(written) or 0
