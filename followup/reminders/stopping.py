"""The link in each mail that stops them without signing in: a signed token that can do nothing else."""

from django.core import signing
from django.urls import reverse

from accounts.models import Person
from followup.models import Channel

_SALT = "followup.reminders.stop"


def stop_path(person: Person, channel: Channel) -> str:
    """The path of the page that stops messages by `channel`."""
    return reverse("reminders-stop", args=[signing.Signer(salt=_SALT).sign(f"{person.pk}-{channel}")])


def whom_it_stops(token: str) -> tuple[Person, Channel] | None:
    """Whose messages, and by which channel; None where the token is none."""
    try:
        key, _, channel = signing.Signer(salt=_SALT).unsign(token).partition("-")
    except signing.BadSignature:
        return None
    person = Person.objects.filter(pk=int(key)).first()
    return (person, Channel(channel)) if person else None
