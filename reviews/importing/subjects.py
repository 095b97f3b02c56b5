"""What was hurt and how badly: services and severity, where the text states them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from reviews.importing.facts import Fact
from reviews.importing.front_matter import FrontMatter
from reviews.importing.named_things import is_software, is_threat, named_in_title
from reviews.importing.plain import plain

_SERVICE_KEYS = ("services", "service", "affected", "impacted", "affected_services", "services_affected",
                 "impacted_services", "products",
                 "product",
                 "affected_products", "components", "component", "affected_components", "systems", "system",
                 "application",
                 "applications", "app")  # fmt: skip
_SERVICE_LABEL = re.compile(
    r"(?:affected |impacted |primary |main )?(?:services?|products?|components?|systems?|applications?)(?: ?\(s\))?"
    r"(?: (?:affected|impacted|involved|name|hurt))?|(?:affected|impacted) (?:services?|systems?|products?"
    r"|components?)"
    r" and (?:services?|systems?|products?|components?)"
)
_NOTHING = re.compile(
    r"(?:n/?a|none|unknown|tb[cda]|all|various|several|many|multiple|yes|no|-+|\?+)\W*", re.IGNORECASE
)
_SPLIT = re.compile(r"\s*[,;•·]\s*|\s+/\s+|\n+")
_LABEL_MARKS = re.compile(r'^\W*~"?(?:service::)?', re.IGNORECASE)  # of a tracker's labels: ~"Service::Registry"
_LABELS_OF_SEVERITY = re.compile(
    r"(?:incident |outage )?(?:severity|sev|priority|impact level|incident level|severity level|level"
    r"|severity rating)(?: level| rating)?"
)
_LEVEL = re.compile(r"\b(?:sev(?:erity)?|s|p|priority|level|tier)?[\s:#._-]*([0-5])\b", re.IGNORECASE)
_WORDS = {"critical": "sev1", "blocker": "sev1", "catastrophic": "sev1", "highest": "sev1", "major": "sev2",
          "high": "sev2",
          "medium": "sev3", "moderate": "sev3", "minor": "sev4", "low": "sev4", "trivial": "sev5",
          "informational": "sev5"}  # fmt: skip


def stated_services(matter: FrontMatter, facts: Iterable[Fact], used: set[str]) -> list[str]:
    """Names from front matter, else from lines such as "Affected services: ..."."""
    for key in _SERVICE_KEYS:
        names = _names(matter.texts(key))
        if names:
            used.add(key)
            return names
    for fact in facts:
        if _SERVICE_LABEL.fullmatch(fact.label):
            names = _names(piece.removeprefix("and ").removeprefix("the ") for piece in _SPLIT.split(fact.value))
            if names:
                return names
    return []


def told_services(
    title: str, matter: FrontMatter, facts: Iterable[Fact], used: set[str], whole: str, hurt: Callable[[], str | None]
) -> list[str]:
    """The name that the title gives, else the company, else what `hurt` finds that harm is told of."""
    named = named_in_title(title)
    if named is not None and is_threat(named, whole):
        return []
    of_kind = (fact.value for fact in facts if fact.label in ("category", "area") and is_software(fact.value))
    named = named or next(of_kind, None)
    if named is not None and not matter.text("company"):
        return [named]
    company = _names(matter.texts("company", "organization", "organisation"))
    if company:
        used.update({"company", "organization", "organisation"})
        return company
    return [told] if (told := hurt()) else []


def _names(values: Iterable[str]) -> list[str]:
    names: list[str] = []
    for value in values:
        pieces = _SPLIT.split(plain(value)) if "(" not in value else [plain(value)]
        for piece in pieces:
            name = _LABEL_MARKS.sub("", piece).strip("`*_ .\"'[]").removeprefix("and ")
            known = name.casefold() in {one.casefold() for one in names}
            if not known and _is_name(name):
                names.append(name)
    return names[:20]


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= 80
        and len(text.split()) <= 7
        and not _NOTHING.fullmatch(text)
        and any(char.isalpha() for char in text)
    )


def stated_severity(matter: FrontMatter, facts: Iterable[Fact], used: set[str]) -> str | None:
    """sev1 to sev5, from "SEV-2", "P1", "critical" and the like. A level 0 counts as the worst there is here."""
    for key in ("severity", "sev", "priority", "severity_level", "incident_severity"):
        if (level := _severity(matter.text(key))) is not None:
            used.add(key)
            return level
    return next(
        (level for fact in facts if _LABELS_OF_SEVERITY.fullmatch(fact.label) and (level := _severity(fact.value))),
        None,
    )


def _severity(value: str) -> str | None:
    value = value.strip()[:60]
    if not value:
        return None
    if (match := _LEVEL.match(value)) is not None or (
        match := re.search(r"\b(?:sev|s|p)[\s_-]?([0-5])\b", value, re.I)
    ) is not None:
        return f"sev{max(1, int(match[1]))}"
    first = re.match(r"[A-Za-z]+", value)
    return _WORDS.get(first[0].lower()) if first else None
