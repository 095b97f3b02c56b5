"""Roles proposed for people, from what they did in the incident."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from accounts.models import Role
from incidents.models import ParticipantRole

# What somebody did first, what they do now last: who commands and writes the review is the incident commander.
_BY_PART: dict[str, str] = {
    ParticipantRole.COMMANDER: "the incident commander",
    ParticipantRole.RESPONDER: "the on-call engineer",
    ParticipantRole.COMMUNICATIONS: "the communications lead",
    ParticipantRole.SCRIBE: "the scribe",
    ParticipantRole.FACILITATOR: "the facilitator",
}
_BY_ACCOUNT: dict[str, str] = {Role.TEAM_LEAD: "the team lead"}
ENGINEER = "the engineer"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_GROUP = re.compile(
    r"\b(?:teams?|squad|group|guild|ops|sre|support|engineering|platform|infra|infrastructure|security|department|"
    r"vendor|rotation|on-?call|everyone|all|tbd|tba|none|nobody|unassigned|n/a|manager|lead|engineer|staff|board)\b",
    re.IGNORECASE,
)


def suggested(parts: Iterable[str] = (), account: str = "") -> str:
    """The role of somebody who took these parts (ParticipantRole) in the incident, or has this role in general."""
    taken = set(parts)
    return next((role for part, role in _BY_PART.items() if part in taken), _BY_ACCOUNT.get(account, ENGINEER))


def is_nobody(name: str) -> bool:
    """Whether words in the place of a name mean a group or a role already: "Platform team", "the vendor's support"."""
    return name[:1].islower() or bool(_GROUP.search(name)) or not any(sign.isalpha() for sign in name)


def told_apart(roles: Sequence[str], taken: Iterable[str] = ()) -> list[str]:
    """The roles in their order, the same ones numbered: "the first engineer", "the second engineer".

    None of them is one of those `taken` already.
    """
    used = {role.casefold() for role in taken}
    count = Counter(role.casefold() for role in roles)
    told = []
    for role in roles:
        number = 0
        chosen = role
        while chosen.casefold() in used or (number == 0 and count[role.casefold()] > 1):
            number += 1
            chosen = _numbered(role, number)
        used.add(chosen.casefold())
        told.append(chosen)
    return told


def _numbered(role: str, number: int) -> str:
    if number <= len(_ORDINALS) and role.startswith("the "):
        return f"the {_ORDINALS[number - 1]} {role[4:]}"
    return f"{role} {number}"
