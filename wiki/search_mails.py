"""Mails about saved searches: one a day at most for each person, with all that was newly published."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import Person
from core.zones import zone_named
from wiki.models import SavedSearch
from wiki.newly_published import Publication, first_published
from wiki.views.search_page import address

A_DAY = timedelta(hours=20)  # a little less, since the worker is not always on time
MOST = 20  # reviews told of for each search


@dataclass(frozen=True)
class Matches:
    """What a saved search newly finds; `more` says that not all of it is here."""

    name: str
    path: str
    found: list[Publication]
    more: bool


def people_to_tell() -> list[int]:
    """Keys of those who want mails about a saved search. One query."""
    if not settings.MAILS_NOTIFICATIONS:
        return []
    wanted = _wanted().order_by("person").values_list("person", flat=True).distinct()
    return list(wanted)


def mail_matches(person_pk: int) -> bool:
    """Send the mail, where anything is new; whether it was sent. What it told of is not told again.

    Raises OSError or SMTPException where the server does not take it; then nothing counts as told.
    """
    now = timezone.now()
    saved = list(_wanted().filter(person=person_pk).order_by("name"))
    if not saved or any(one.mailed_at and one.mailed_at > now - A_DAY for one in saved):
        return False
    person = Person.objects.get(pk=person_pk)
    matches = [one for search in saved if (one := _matches(person, search)).found]
    if matches:
        _send(person, matches)
    told = {"told_until": now, "mailed_at": now} if matches else {"told_until": now}
    SavedSearch.objects.filter(pk__in=[one.pk for one in saved]).update(**told)
    return bool(matches)


def _wanted() -> "QuerySet[SavedSearch]":
    reachable = SavedSearch.objects.filter(mails=True, person__is_active=True, person__wants_mail=True)
    return reachable.exclude(person__email="")


def _matches(person: Person, search: SavedSearch) -> Matches:
    found = first_published(
        person, search.text, search.told_until, now=timezone.now(), zone=zone_named(person.time_zone), most=MOST + 1
    )
    return Matches(search.name, address(search.text, "newest"), found[:MOST], len(found) > MOST)


def _send(person: Person, matches: list[Matches]) -> None:
    titles = {one.number: one.title for match in matches for one in match.found}
    count = "1 new review" if len(titles) == 1 else f"{len(titles)} new reviews"
    subject = f"{count} for {matches[0].name}" if len(matches) == 1 else f"{count} for your saved searches"
    body = render_to_string("wiki/matches.txt", {"matches": matches, "site": settings.SITE_ADDRESS.rstrip("/")})
    headers = {"Auto-Submitted": "auto-generated"}
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[person.email], headers=headers).send()
