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
_AND = re.compile(r"\s*(?:[,;&]|(?<=\w\w)/(?=\w\w)| / |\b(?:and|with)\b)\s*")
_TURNED_ROUND = re.compile(r"[^\s,]+, ?[^\s,]+(?: [^\s,]+)?")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
# What a group or a post is called, as the last word of what stands in the place of a name.
_GROUP = re.compile(
    r"\b(?:teams?|squads?|groups?|guild|crew|ops|devops|sres?|support|engineering|platform|infra|infrastructure|security|"
    r"department|vendor|provider|hosting|rotation|on-?call|everyone|everybody|all|none|nobody|unassigned|unknown|manager|"
    r"leads?|engineers?|developers?|devs?|dbas?|admins?|administrators?|operators?|staff|board|management|backend|"
    r"frontend|operations|network|networking|database|databases|data|mobile|web|qa|product|legal|sales|marketing|finance|"
    r"care|desk|customers?|tb[acd])\W*\Z",
    re.IGNORECASE,
)
_BEGINS_A_GROUP = re.compile(
    r"(?:team|squad|group|department|everyone|everybody|all|support|platform|infra|infrastructure|engineering)\b",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"(?:[Tt]he|[Oo]ur|an?|any|some|each|every|who|whoever|whichever|[Nn]ot|no|No one|[Tt]o be|[Nn]/[Aa])\b"
)
_TITLE = re.compile(
    r"(?:(?:sre|on-?call|engineer|manager|lead|dev|dba|dr|mrs?|ms|prof)\b\.?:? +)+(?=\S)", re.IGNORECASE
)


def suggested(parts: Iterable[str] = (), account: str = "") -> str:
    """The role of somebody who took these parts (ParticipantRole) in the incident, or has this role in general."""
    taken = set(parts)
    return next((role for part, role in _BY_PART.items() if part in taken), _BY_ACCOUNT.get(account, ENGINEER))


def is_nobody(name: str) -> bool:
    """Whether words in the place of a name mean a group or a role already: "Platform team", "the vendor's support".

    "jennifer" and "SRE Jane" are names: one word too many shows in the preview, one too few is published.
    """
    words = _without_aside(name)
    if not any(sign.isalpha() for sign in words):
        return True
    return bool(_GROUP.search(words) or _BEGINS_A_GROUP.match(words) or _DESCRIBED.match(words))


def names_among(words: str) -> list[str]:
    """The names in what stands in the place of one: "Bob" in "Bob & the infra team". "Doe, Jane" is one name."""
    named = _without_aside(words)
    parts = [named] if "://" in named else [part for part in _AND.split(named) if part]
    if len(parts) == 1 or (_TURNED_ROUND.fullmatch(named) and not any(map(is_nobody, parts))):
        return [] if is_nobody(named) else [_TITLE.sub("", words, count=1)]
    return [_TITLE.sub("", part, count=1) for part in parts if len(part) > 1 and not is_nobody(part)]


def _without_aside(name: str) -> str:
    """ "Jane Doe" for "Jane Doe (SRE)"."""
    words = " ".join(name.split())
    return words.partition("(")[0].strip() or words


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
