"""Cause categories that a write-up states: in front matter, or in so many words where it tells the cause."""

from __future__ import annotations

import re
from collections import Counter

from reviews.importing.front_matter import FrontMatter
from reviews.importing.named_things import names_software
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
# "security" is also what people tag everything around protection with: it counts where the text tells of harm intended.
_INTENDED = re.compile(
    r"\b(?:attack(?:er|ers|s|ed)?|malicious\w*|breach\w*|compromis\w+|intru\w+|hack(?:er|ers|ed|ing)|phish\w+"
    r"|exploit\w*|ransomware|malware"
    r"|vulnerabilit\w+|unauthori[sz]ed|stolen|leak(?:ed|s)?|exfiltrat\w+|hijack\w*|ddos)\b",
    re.IGNORECASE,
)
_CAUSED = re.compile(
    r"^\W*why\b|\b(?:root cause (?:of [^.]{0,80}? )?(?:was|is|were)|(?:was|were|is) (?:\w+ )?caused by|(?:was"
    r"|were) (?:a )?(?:direct )?(?:result|consequence) of"
    r"|(?:was|were) (?:\w+ )?(?:triggered|provoked|brought down) by|caused by|due to|because(?: of)?|resulted from"
    r"|the cause (?:was|of)|led to"
    r"|(?:which|this|that) (?:in turn )?caused|the culprit|turned out|traced (?:back )?to)\b",
    re.IGNORECASE,
)
_TELLING: list[tuple[str, re.Pattern[str]]] = [
    (slug, re.compile(r"\b(?:" + pattern + r")\b", re.IGNORECASE))
    for slug, pattern in (
        (
            "certificate-expiry",
            r"(?:certificates?|certs?|tls|ssl|domain|licen[cs]e|token|api key|credential)s?\b.{0,40}\b(?:had |has "
            r"|have )?expir(?:ed|y|ing|ation)"
            r"|expired? (?:\w+ ){0,3}(?:certificates?|certs?|tokens?|licen[cs]es?|domains?|keys?|credentials?)",
        ),
        (
            "configuration-change",
            r"mis-?configur\w+|(?:bad|wrong|incorrect|faulty|erroneous|invalid|missing"
            r"|broken) (?:\w+ ){0,2}(?:config\w*|settings?|flag|polic(?:y|ies)|rules?)"
            r"|config(?:uration)? (?:change|error|push|update|mistake|was changed)|(?:change|changed"
            r"|changes) (?:to|in|of|made to) (?:the |our |a )?(?:\w+ ){0,3}config\w*",
        ),
        (
            "capacity",
            r"out of (?:memory|disk|cpu|capacity|resources)|oom(?:-?killed)?|resource exhaustion|exhaust(?:ed|ion"
            r"|ing) (?:\w+ ){0,3}(?:memory|cpu|connections?|resources|capacity|pool)"
            r"|(?:memory|cpu|connection|connections|connection pool|capacity|quota|thread pool"
            r"|resources?)\b.{0,25} (?:was |were )?exhaust(?:ed|ion)|insufficient (?:\w+ )?(?:capacity|memory"
            r"|resources|cpu)"
            r"|over-?load(?:ed|ing)?|(?:traffic|load) spike|spike (?:in|of) (?:traffic|requests|load)"
            r"|not enough (?:capacity|memory|resources|cpu)|(?:quota|rate limit)s? (?:was |were )?(?:exceeded"
            r"|reached|hit)"
            r"|(?:exceed\w*|reach\w*|hit(?:ting)?) (?:the |its |our |their )?(?:\w+ ){0,2}(?:quota|rate limit"
            r"|memory limit|capacity|connection limit)",
        ),
        (
            "capacity",
            r"(?:needed|needs|required?|requires) more (?:memory|cpu|resources|capacity|nodes)"
            r"|(?:rate|pod|memory|connection|node|disk|file descriptor)s? limits? (?:was |were |is "
            r"|had been )?(?:reached|hit|exceeded|kicked in)"
            r"|(?:ran|running|run) out of (?:\w+ )?(?:memory|connections|file descriptors|addresses|workers"
            r"|threads|ips?|nodes)"
            r"|(?:ip )?address(?:es)? (?:starvation|exhaustion)|(?:memory|cpu|resource) (?:starvation|pressure"
            r"|saturation)"
            r"|(?:without|no) (?:resource|memory|cpu) (?:limits?|requests?|guarantees?)",
        ),
        (
            "environment-parity",
            r"(?:staging|test(?:ing)?|development|sandbox|pre-?production)\b(?: \w+){0,3} (?:differ(?:s|ed|ent)"
            r"|(?:does|did|do) not (?:match|have|reflect)|lacks|is smaller|was smaller)"
            r"|(?:could|did) not (?:be )?(?:reproduced?|show|appear) in (?:staging|test)|only in production",
        ),
        (
            "ownership-knowledge",
            r"(?:unclear|no clear|missing) owner(?:ship)?|no(?:body| one) (?:owned|knew|was responsible)"
            r"|(?:lack of|limited|missing|no)"
            r" (?:\w+ )?(?:knowledge|documentation|familiarity|understanding)|undocumented|bus factor",
        ),
        (
            "data-storage",
            r"(?:schema|database|data) migration|slow (?:quer(?:y|ies))|missing index|replication (?:lag|failure)"
            r"|(?:data|index|table|database) (?:was |were )?corrupt\w*|disk (?:was |is |became )?full"
            r"|out of disk space|no space left"
            r"|(?:database|table|row|query) dead-?locks?\b|(?:ran|running|run) out of (?:disk|storage)(?: space)?"
            r"|lock contention",
        ),
        (
            "network-hardware",
            r"(?:network|switch|router|routing|fibre|fiber|cable|link|dns|power|hardware|disk|server|machine|nic"
            r"|ups|generator|power supply|cooling)"
            r" (?:hardware )?(?:failure|failed|fault|outage|loss|cut)|hardware (?:failure|fault|defect|issue)"
            r"|power (?:outage|loss|failure)|bgp\b.{0,30} (?:leak|withdraw\w*|announce\w*)",
        ),
        (
            "code-change",
            r"(?:software |code |logic )?bugs? (?:that|which|was|were|where|when)|regression|race condition"
            r"|memory leak|null pointer|(?:code|software) (?:defect|error|change)"
            r"|(?:bad|buggy|faulty|broken) (?:deploy(?:ment)?|release|version|commit|code|patch|build)"
            r"|(?:contained|introduced|had|has|exposed) a (?:\w+ )?bug|infinite (?:loop|recursion)|off-by-one"
            r"|integer overflow",
        ),
        (
            "dependency",
            r"(?:upstream|third[- ]party|vendor|provider|supplier)(?:'s)?\b.{0,40} (?:outage|failure|incident"
            r"|issue|failed|problem|bug|change)|(?:outage|failure|incident|issue|problem)s? (?:at|with|in"
            r"|of) (?:our |the |an? )?(?:\w+ )?(?:upstream|third[- ]party|vendor|provider|supplier)"
            r"|(?:aws|amazon|gcp|google cloud|azure|cloudflare|fastly|github|s3|ec2|ebs)\b.{0,20} (?:outage"
            r"|failure|incident)",
        ),
        (
            "security",
            r"(?:attackers?|malicious (?:actor|code|package|user|version)s?|phishing"
            r"|compromised (?:\w+ ){0,2}(?:account|credential|key|token|package|password|laptop)s?|ddos"
            r"|denial[- ]of[- ]service|leaked (?:\w+ )?(?:secret|credential|key|token|password)s?"
            r"|security vulnerability|unauthori[sz]ed access)",
        ),
        (
            "process-tooling",
            r"accidental(?:ly)? (?:\w+ )?(?:delet\w+|destroy\w*|remov\w+|terminat\w+|ran|run|appl\w+|trigger\w*)"
            r"|(?:deleted|destroyed|removed|terminated|ran|executed|applied|merged"
            r"|pushed) (?:\w+ ){0,4}(?:by (?:accident|mistake)|accidentally|in error)"
            r"|by mistake|by accident|human error|mistyped|typo|wrong (?:command|cluster|environment|account"
            r"|directory|context|server|database)|manual (?:error|mistake|step)",
        ),
    )
]  # fmt: skip

_IN_TITLE: list[tuple[str, re.Pattern[str]]] = [
    (slug, re.compile(r"\b(?:" + pattern + r")\b", re.IGNORECASE))
    for slug, pattern in (
        (
            "security",
            r"attacks?|compromised?|phishing|leak(?:ed|s)?(?! memory)|supply[- ]chain|breach(?:ed)?"
            r"|vulnerabilit(?:y|ies)|denial[- ]of[- ]service|ddos"
            r"|security incident|malware|ransomware|hijack\w*|unauthori[sz]ed access|log4shell|malicious",
        ),
        (
            "capacity",
            r"overload(?:ed)?|out[- ]of[- ]memory|oom|memory exhaustion|(?:quota|limit|capacity) (?:reached"
            r"|exceeded|exhausted)|(?:connection|thread) pool exhaust\w*"
            r"|exhaust(?:ed|ion)|hug of death|traffic spike|insufficient capacity|saturat\w+",
        ),
        (
            "certificate-expiry",
            r"expired (?:\w+ )?(?:certificates?|certs?|tokens?|domains?|keys?)"
            r"|certificates? expir\w+|certificate expiry",
        ),
        (
            "data-storage",
            r"(?:disk|database) (?:full|corruption)|data (?:loss|corruption)|no space left|out of disk(?: space)?"
            r"|lack of disk ?space",
        ),
        ("process-tooling", r"accidental(?:ly)?(?: \w+){0,2}|by mistake"),
        ("configuration-change", r"misconfigur\w+|(?:configuration|config) (?:change|error)"),
        ("network-hardware", r"power (?:outage|loss|failure)|hardware failure|fib(?:er|re) cut|network partition"),
    )
]  # fmt: skip


def stated_causes(
    title: str, matter: FrontMatter, causes_text: str, whole: str, used: set[str]
) -> tuple[list[str], list[str]]:
    """Slugs of cause categories, from front matter where it has any, else from the telling of the cause.

    Second come the names in front matter that are no category here: they are kept as tags.
    """
    named: list[str] = []
    others: list[str] = []
    for key in _KEYS:
        for value in matter.texts(key):
            slug = _BY_NAME.get(bare(value).replace("-", " ").replace("_", " ")) or (value if value in _NAMES else None)
            if slug == "security" and not _INTENDED.search(whole):
                slug = None
            if slug is None:
                others.append(value)
            elif slug not in named:
                named.append(slug)
            used.add(key)
    if "security" in named and len(named) > 1:
        named.remove("security")
        others.append("security")
    return named or from_telling(title, causes_text), others


def from_telling(title: str, text: str) -> list[str]:
    """The one category that the title names, or else that the sentences on the cause speak of most.

    None where they speak of several equally, and at most one: a guess is worse than a gap.
    """
    named = [slug for slug, pattern in _IN_TITLE if pattern.search(title)]
    if len(named) == 1:
        return named
    counts: Counter[str] = Counter()
    for slug, pattern in _TELLING:
        counts[slug] += len(_told(slug, pattern, text[:6000]))
    (first, most), (_, second) = counts.most_common(2)
    return [first] if most > second else []


def _told(slug: str, pattern: re.Pattern[str], text: str) -> set[str]:
    """The different phrases that tell of a category. A bug counts only where it is not somebody else's."""
    return {
        match[0].lower()
        for match in pattern.finditer(text)
        if slug != "code-change" or not names_software(text[max(0, match.start() - 60) : match.end() + 60])
    }


def causal_sentences(text: str) -> str:
    """The sentences of a text that say outright why."""
    sentences = re.split(r"(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*+]\s)", text[:20000])
    return " ".join(sentence for sentence in sentences if _CAUSED.search(sentence[:1500]))
