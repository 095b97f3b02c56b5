"""Cause categories that a write-up states: in front matter, or in so many words where it tells the cause."""

from __future__ import annotations

import re

from reviews.importing.cause_telling import CauseTexts, told_cause
from reviews.importing.front_matter import FrontMatter
from reviews.importing.plain import bare

_NAMES: dict[str, str] = {
    "configuration-change": "config change|configuration change|config|configuration|misconfiguration|config error"
    "|configuration error",
    "code-change": "code change|bug|software bug|code|software|deployment|deploy|release|software defect"
    "|defect|code defect|regression",
    "capacity": "capacity|load|overload|scaling|resource exhaustion|traffic|quota|rate limiting|performance",
    "dependency": "dependency|third party|vendor|upstream|provider|external dependency|third party dependency|supplier",
    "network-hardware": "hardware|network|networking|dns|power|hardware failure|network failure"
    "|infrastructure hardware",
    "data-storage": "database|data|storage|data loss|data corruption|disk|migration|database migration",
    "certificate-expiry": "certificate|certificate expiry|expired certificate|tls|ssl|certificates|expiry"
    "|certificate expiration",
    "security": "security|security breach|attack|vulnerability|breach|security incident",
    "observability": "observability|monitoring|alerting|monitoring gap|lack of monitoring",
    "environment-parity": "environment parity|environment|staging|test environment",
    "process-tooling": "process|tooling|human error|procedure|operator error|runbook|change management|operational",
    "ownership-knowledge": "ownership|knowledge|documentation|training|handover",
    "unknown": "unknown|not yet known|undetermined",
}
_BY_NAME = {name: slug for slug, names in _NAMES.items() for name in names.split("|")}
_KEYS = ("causes", "cause", "cause_category", "cause_categories", "root_cause_category", "categories", "category")
_TAGS = ("categories", "category")  # said of the text as a whole, so of much beside the cause
# "security" is also what people tag everything around protection with: it counts where the text tells of harm intended.
_INTENDED = re.compile(
    r"\b(?:attack(?:er|ers|s|ed)?|malicious\w*|breach\w*|compromis\w+|intru\w+|hack(?:er|ers|ed|ing)|phish\w+"
    r"|exploit\w*|ransomware|malware"
    r"|vulnerabilit\w+|unauthori[sz]ed|stolen|leak(?:ed|s)?|exfiltrat\w+|hijack\w*|ddos)\b",
    re.IGNORECASE,
)


def stated_causes(matter: FrontMatter, texts: CauseTexts, used: set[str]) -> tuple[list[str], list[str]]:
    """Slugs of cause categories, from front matter where it has any, else from the telling of the cause.

    Second come the names in front matter that are no category here: they are kept as tags.
    """
    named: list[str] = []
    tagged: list[str] = []
    others: list[str] = []
    for key in _KEYS:
        for value in matter.texts(key):
            slug = _BY_NAME.get(bare(value).replace("-", " ").replace("_", " ")) or (value if value in _NAMES else None)
            if slug == "security" and not _INTENDED.search(f"{texts.causes} {texts.summary} {texts.rest}"):
                slug = None
            if slug is None:
                others.append(value)
            elif slug not in named + tagged:
                (tagged if key in _TAGS else named).append(slug)
            used.add(key)
    if "security" in tagged and len(named + tagged) > 1:
        tagged.remove("security")
        others.append("security")
    return named or told_cause(texts, tagged), others
