"""Secret addresses of feeds and calendars: programs that read them have no session, so the address itself is the key.

It is made of the person, a salt of theirs and the secret of the site, so that it can be shown again and the database
alone does not tell it. Another salt, or none, revokes it. Each purpose has its own.
"""

import secrets

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import FeedKey, FeedPurpose, Person
from core import audit

_LONGEST = 120
_NAMESPACES = {FeedPurpose.REVIEWS: "wiki.feed", FeedPurpose.CALENDARS: "followup.calendar"}


def feed_token(person: Person, purpose: FeedPurpose = FeedPurpose.REVIEWS) -> str:
    """What stands in the addresses of the person's feeds; nothing before they asked for one. One query."""
    key = FeedKey.objects.filter(person=person, purpose=purpose).first()
    return _token(key) if key else ""


@transaction.atomic
def new_feed_token(person: Person, purpose: FeedPurpose = FeedPurpose.REVIEWS) -> str:
    """A new one; feeds under the one before end."""
    salt = {"salt": secrets.token_hex(16)}
    key, _ = FeedKey.objects.update_or_create(person=person, purpose=purpose, defaults=salt)
    audit.record(person, "make-feed-address", f"person {person.pk}", purpose.value)
    return _token(key)


@transaction.atomic
def revoke_feed_token(person: Person, purpose: FeedPurpose = FeedPurpose.REVIEWS) -> None:
    """End all feeds of the person that are for this purpose."""
    if FeedKey.objects.filter(person=person, purpose=purpose).delete()[0]:
        audit.record(person, "revoke-feed-address", f"person {person.pk}", purpose.value)


def reader_of(token: str, purpose: FeedPurpose = FeedPurpose.REVIEWS) -> Person | None:
    """Whose feeds these are; None where the token is none, was revoked, or its person may not sign in. One query."""
    written, dash, _ = token.partition("-")
    if not dash or len(token) > _LONGEST or not (written.isascii() and written.isdigit()) or int(written) >= 2**63:
        return None
    keys = FeedKey.objects.select_related("person").filter(person=int(written), person__is_active=True)
    key = keys.filter(purpose=purpose).first()
    if key is None or not constant_time_compare(_token(key), token):
        return None
    return key.person


def _token(key: FeedKey) -> str:
    namespace = _NAMESPACES[FeedPurpose(key.purpose)]
    proof = salted_hmac(namespace, f"{key.person_id} {key.salt}", algorithm="sha256").hexdigest()
    return f"{key.person_id}-{proof}"
