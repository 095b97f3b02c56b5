"""Searches that people come back to: the last few, and those that they keep under a name. Each for one person alone."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.models import Person
from core.problems import Problems
from core.text import one_line
from wiki.models import RecentSearch, SavedSearch

RECENT = 10
LONGEST_RECENT = 300
MOST_SAVED = 50


def recent_searches(person: Person) -> "QuerySet[RecentSearch]":
    """What `person` searched for lately, the newest first."""
    return RecentSearch.objects.filter(person=person).order_by("-at")[:RECENT]


@transaction.atomic
def remember_search(person: Person, text: str) -> None:
    """Put `text` before the recent searches of `person`; what is too long to be read there is not kept."""
    text = one_line(text)
    if not text or len(text) > LONGEST_RECENT:
        return
    RecentSearch.objects.update_or_create(person=person, text=text, defaults={"at": timezone.now()})
    kept = recent_searches(person).values_list("pk", flat=True)
    RecentSearch.objects.filter(person=person).exclude(pk__in=list(kept)).delete()


def forget_recent(person: Person) -> None:
    """Keep no recent search of `person`."""
    RecentSearch.objects.filter(person=person).delete()


def saved_searches(person: Person) -> "QuerySet[SavedSearch]":
    """The searches that `person` keeps, by name."""
    return SavedSearch.objects.filter(person=person).order_by("name")


def saved_search(person: Person, pk: int) -> SavedSearch:
    """One of them. Http404 where it is not theirs."""
    found = saved_searches(person).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    return found


@transaction.atomic
def save_search(person: Person, *, name: str, text: str, mails: bool = False) -> SavedSearch:
    """Keep a search under a name; mails tell only of what is published from now on.

    Raises ValidationError for no name or one that is too long or taken, for no words, and for too many searches.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    problems = Problems()
    name = problems.line("name", name, longest=80, required="Give the search a name.")
    text = problems.line("q", text, longest=2000, required="Search for something first; then it can be kept.")
    if "name" not in problems.messages and saved_searches(person).filter(name__iexact=name).exists():
        problems.add("name", f"You have a search called “{name}” already. Choose another name, or delete that one.")
    if saved_searches(person).count() >= MOST_SAVED:
        problems.add("name", f"You keep {MOST_SAVED} searches, which is as many as there can be. Delete one first.")
    problems.refuse_any()
    return SavedSearch.objects.create(person=person, name=name, text=text, mails=mails, told_until=timezone.now())


def set_mails(person: Person, pk: int, mails: bool) -> SavedSearch:
    """Turn the mails of a search on or off; on, they tell of what is published from now on."""
    found = saved_search(person, pk)
    if found.mails != mails:
        found.mails, found.told_until = mails, timezone.now()
        found.save(update_fields=["mails", "told_until"])
    return found


def delete_search(person: Person, pk: int) -> SavedSearch:
    """Keep the search no longer."""
    found = saved_search(person, pk)
    SavedSearch.objects.filter(pk=found.pk).delete()
    return found
