"""The secret addresses of feeds: programs that read feeds have no session, so the address itself is the key.

It is made of the person, a salt of theirs and the secret of the site, so that it can be shown again and the database
alone does not tell it. Another salt, or none, revokes it.
"""

import secrets

from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode

from accounts.models import Person
from core import audit
from wiki.models import FeedKey

_LONGEST = 120


def feed_token(person: Person) -> str:
    """What stands in the addresses of the person's feeds; nothing before they asked for one. One query."""
    key = FeedKey.objects.filter(person=person).first()
    return _token(key) if key else ""


@transaction.atomic
def new_feed_token(person: Person) -> str:
    """A new one; feeds under the one before end."""
    key, _ = FeedKey.objects.update_or_create(person=person, defaults={"salt": secrets.token_hex(16)})
    audit.record(person, "make-feed-address", f"person {person.pk}")
    return _token(key)


@transaction.atomic
def revoke_feed_token(person: Person) -> None:
    """End all feeds of the person."""
    if FeedKey.objects.filter(person=person).delete()[0]:
        audit.record(person, "revoke-feed-address", f"person {person.pk}")


def reader_of(token: str) -> Person | None:
    """Whose feeds these are; None where the token is none, was revoked, or its person may not sign in. One query."""
    written, dash, _ = token.partition("-")
    if not dash or len(token) > _LONGEST or not (written.isascii() and written.isdigit()) or int(written) >= 2**63:
        return None
    key = FeedKey.objects.select_related("person").filter(person=int(written), person__is_active=True).first()
    if key is None or not constant_time_compare(_token(key), token):
        return None
    return key.person


def feed_path(token: str, text: str = "") -> str:
    """The path of the feed of a search; of all reviews where nothing is searched for."""
    return reverse("feed", args=[token]) + (f"?{urlencode({'q': text})}" if text else "")


def _token(key: FeedKey) -> str:
    proof = salted_hmac("wiki.feed", f"{key.person_id} {key.salt}", algorithm="sha256").hexdigest()
    return f"{key.person_id}-{proof}"
