"""A form field that names a person."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Person

MOST_OFFERED = 500


class PersonField(forms.CharField):
    """A person by username, or by name where only one has it; cleans to the Person or None."""

    def to_python(self, value: Any) -> Person | None:  # type: ignore[override]
        """The active person who is called so."""
        text = " ".join((super().to_python(value) or "").split())
        return find_person(text) if text else None


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
