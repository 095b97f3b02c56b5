"""Roles instead of names in the published version: what the publish page sends."""

from django.http import QueryDict

from accounts.requests import PersonRequest
from core.text import one_line, storable
from reviews.models import Review
from reviews.naming.operations import Chosen, RolesRefused, choose_roles
from reviews.naming.preview import Typed


def take_roles(request: PersonRequest, review: Review) -> Typed | None:
    """Stores what the form says of names; what it said, with messages, where it is refused."""
    sent = request.POST
    chosen = _chosen(sent)
    try:
        choose_roles(request.user, review, on=sent.get("names_as_roles") == "on", chosen=chosen)
    except RolesRefused as refused:
        return Typed(
            roles={one.key: one.role for one in chosen},
            everywhere=frozenset(one.key for one in chosen if one.everywhere),
            errors=refused.by_key,
            new_name=sent.get("new_name", ""),
            new_role=sent.get("new_role", ""),
        )
    return None


def _chosen(sent: QueryDict) -> list[Chosen]:
    keys = sent.getlist("whose")
    chosen = [
        Chosen(storable(key), one_line(sent.get(f"role-{place}", "")), sent.get(f"everywhere-{place}") == "on")
        for place, key in enumerate(keys)
        if key.partition(":")[0] in ("person", "name") and f"role-{place}" in sent
    ]
    if name := one_line(sent.get("new_name", "")):
        chosen.append(Chosen(f"name:{name}", one_line(sent.get("new_role", "")) or "the engineer"))
    return chosen
