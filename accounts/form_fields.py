"""Form fields that name a person, or several."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Person

MOST_OFFERED = 500
MOST_NAMED = 100


class PersonField(forms.CharField):
    """A person by username, or by name where only one has it; cleans to the Person or None."""

    def to_python(self, value: Any) -> Person | None:  # type: ignore[override]
        """The active person who is called so."""
        text = " ".join((super().to_python(value) or "").split())
        return find_person(text) if text else None


class PeopleField(forms.CharField):
    """Several people, separated by commas; cleans to a list of Persons, each once."""

    def to_python(self, value: Any) -> list[Person]:  # type: ignore[override]
        """The active people who are called so; every name that is nobody's gets its own message."""
        called = [name for part in (super().to_python(value) or "").split(",") if (name := " ".join(part.split()))]
        if len(called) > MOST_NAMED:
            raise ValidationError(f"These are {len(called):,} names; at most {MOST_NAMED} at a time.")
        people: dict[int, Person] = {}
        problems: list[str] = []
        for name in called:
            try:
                person = find_person(name)
                people[person.pk] = person
            except ValidationError as problem:
                problems.extend(problem.messages)
        if problems:
            raise ValidationError(list(dict.fromkeys(problems)))
        return list(people.values())


def find_person(called: str) -> Person:
    """The active person called `called`, in any case. ValidationError where nobody is, or several are."""
    if "\x00" in called:
        raise ValidationError("This name holds a character that no name has.")
    active = Person.objects.filter(is_active=True)
    by_username = active.filter(username__iexact=called.removeprefix("@")).first()
    if by_username:
        return by_username
    found = list(active.filter(name__iexact=called)[:6])
    if len(found) == 1:
        return found[0]
    if found:
        usernames = ", ".join(person.username for person in found)
        raise ValidationError(f"Several people are called {called}. Write the username: {usernames}.")
    raise ValidationError(f"Nobody here is called “{called[:60]}”. Write a username or a full name.")


def people_offered() -> list[Person]:
    """Who is offered while a name is typed."""
    return list(Person.objects.filter(is_active=True).only("username", "name")[:MOST_OFFERED])
