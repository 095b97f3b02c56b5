"""Tokens with which programs speak to the API as a person."""

import secrets
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, Person, TokenScope
from core import audit
from core.problems import Problems

PREFIX = "debrief_"  # tools that look for leaked secrets know a token by it


@transaction.atomic
def create_token(person: Person, *, name: str = "", scope: str = TokenScope.READ) -> str:
    """A new token of `person`, which cannot be had again. Raises ValidationError for a scope that is not known, a name
    over 80 characters or someone who may not sign in.
    """
    problems = Problems()
    name = problems.line("name", name, longest=80)
    problems.choice("scope", scope, TokenScope.values)
    problems.refuse_any()
    if not person.is_active:
        raise ValidationError("This account is switched off.")
    token = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(person=person, name=name, scope=scope, digest=_digest(token))
    audit.record(person, "create-token", f"person {person.pk}", f"token {made.pk} {scope} {name}".strip())
    return token


def token_row(token: str) -> ApiToken | None:
    """The row of a token whose person may sign in, with that person; its last use is noted once a day."""
    if not token.startswith(PREFIX):
        return None
    found = ApiToken.objects.select_related("person").filter(digest=_digest(token), person__is_active=True).first()
    today = timezone.localdate()
    if found is not None and found.last_used_on != today:
        ApiToken.objects.filter(pk=found.pk).update(last_used_on=today)
    return found


def _digest(token: str) -> bytes:
    # The token holds 256 random bits, so a plain digest cannot be turned around; no salt is needed to look it up.
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
