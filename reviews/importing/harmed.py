"""What prose says was hurt: the name that stands beside the harm. "Ledger was down", "an outage of the
api-gateway"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from reviews.importing.named_things import DOMAIN, KNOWN, is_general, is_provider, is_software

_LONGEST = 6000
_SURE = 3.2
_CODE = r"`[A-Za-z@][\w./@-]{1,40}`"
_HYPHENED = r"(?<![\w/@.-])[a-z][a-z0-9]*(?:[-_][a-z0-9]+)+(?![\w-]|\.\w)"
_CAPITALS = (
    r"(?<![\w/@.-])[A-Z][A-Za-z0-9]+(?:\.[a-z]{2,4}\b)?(?: (?:[A-Z][A-Za-z0-9]*|\d(?:\.\d)?)(?![\w'’]))"
    r"{0,2}(?![\w/-]|\.\w)"
)
_NAME = rf"(?P<name>{_CODE}|{DOMAIN}|(?i:(?<![\w./@-])(?:{KNOWN})(?![\w@]|[./-]\w))|{_HYPHENED}|{_CAPITALS})"
_KIND = (
    r"(?:services?|clusters?|apis?|sites?|web ?sites?|dashboards?|pods?|nodes?|builds?|platform|apps?"
    r"|applications?|servers?|instances?|databases?|pages?|packages?|endpoints?|systems?|customers?|users?"
    r"|controllers?"
    r"|deployments?|jobs?|requests?|queries|workers?|network)"
)
_HOW = r"(?:\w+ly |also |then |now |again |still |all |both |just )?"
_STATE = (
    r"(?:down|un(?:available|reachable|responsive|usable|stable|healthy)|in(?:accessible|operable)"
    r"|not (?:accessible|available|reachable|responding|responsive|working|loading|able|running|reachable)"
    r"|no longer \w+"
    r"|off-?line|degraded|failing|broken|slow|stuck|crashing|crash-?looping|overloaded|saturated|hung|frozen|stalled"
    r"|deleted|destroyed|compromised|unable to|affected|impacted|interrupted|disrupted|experiencing|returning|throwing"
    r"|rejecting|dropping|timing out|getting saturated|disabled|blocked|hit by|taken down|taken offline|vulnerable)"
)
_GONE = r"(?:down|unavailable|un(?:reachable|responsive)|inaccessible|off-?line|degraded)\b"
_HARMED = (
    rf"(?:(?:was|were|is|are|became|become|went|gone|had been|has been|being|remained|got|to be) {_HOW}{_STATE}"
    rf"|{_HOW}(?:failed|crashed|stopped|stalled|froze|hung|broke|died|degraded|malfunctioned|experienced|suffered"
    r"|lost (?:service|connectivity|power|data)|timed out|returned (?:\w+ ){0,2}(?:errors?|\d{3})|ran out"
    r"|crash-?looped"
    r"|slowed|went (?:down|off-?line|dark)|restarted unexpectedly)"
    rf"|(?:could|can)(?: not|not|n['’]t) (?:be|receive|serve|start|connect|handle|process|launch|build)"
    rf"|(?:wasn|weren|isn|aren)['’]t {_HOW}(?:available|responding|\w+ing)"
    r"|(?:down|unavailable|unreachable|offline|outages?|downtime|disruptions?|degradation|degraded performance)\b)"
)
_HARM = (
    r"(?:outages?|downtime|disruptions?|interruptions?|degradation|degraded (?:performance)?|unavailability|failures?"
    r"|crash(?:es)?|problems?|issues?|errors?|loss|overload|compromise|slow (?:performance)?|slowness|latency)"
)
_THE = r"(?:the |our |all |an? |some |of )?(?:\d+ ?% of (?:the |our )?)?"
_BESIDE = rf"(?: \([^()]*\))?(?: {_KIND}){{0,2}}"
_TELLING: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern))
    for weight, pattern in (
        (3.5, rf"{_NAME}(?: \([^()]*\))? (?:was|were|is|went|became|has been|had been) {_HOW}{_GONE}"),
        (3.0, rf"{_NAME}{_BESIDE},? {_HARMED}"),
        (3.0, rf"(?i:\b{_HARM}) ?(?:of|in|on|with|for|at|affecting|impacting|to) {_THE}{_NAME}"),
        (2.0, rf"(?i:\bdegraded|\bslow) {_NAME}"),
        (2.0, rf"(?i:\b(?:users|customers|visitors|clients)) (?:of|using|on) {_THE}{_NAME}"),
        (
            2.0,
            r"(?i:\b(?:took|taking|brought|bringing) down|\b(?:br(?:eak\w*|oke)|affect(?:ed|ing|s)|impact(?:ed|ing|s)"
            r"|prevent(?:ed|ing|s)|hit|crash(?:ed|ing)|overload(?:ed|ing)|overwhelm\w+|destroy\w+|block(?:ed|ing))) "
            rf"{_THE}{_NAME}",
        ),
        (
            2.0,
            r"(?i:\b(?:not|n['’]t|unable to|failed to|unable|inability to) (?:access|connect to|reach|use|load"
            r"|log ?in to"
            rf"|sign in to|launch|open|publish to|deploy to)) {_THE}{_NAME}",
        ),
        (1.5, rf"(?i:\b(?:bugs?|vulnerabilit(?:y|ies)|defects?|flaws?) in) {_THE}{_NAME}"),
        (2.0, rf"(?i:\b(?:certificates?|domain|licen[cs]e)) (?:for|of|on) {_THE}{_NAME}"),
        (1.5, rf"(?i:\b(?:running|hosted) on) {_THE}{_NAME}"),
        (
            2.0,
            rf"{_NAME}{_BESIDE} [^.;\n]{{0,60}}\bbut (?:it )?(?:was |were |is )?(?:then |also |later )?"
            r"(?:failing|failed|could not|stopped|unable|not )",
        ),
    )
)
_THING = (
    r"(?:web ?site|site|wiki|cluster|database|api|API|dashboard|portal|app|application|platform|registry"
    r"|gateway|load balancer|proxy|pipeline|forum|home ?page|login page|controller|node|queue|mail server"
    r"|mobile app|service|scanner|terminal|store|shop|page|runner)s?"
)
_COMPONENT = re.compile(rf"\b(?:[Tt]he|[Oo]ur|[Aa]ll) (?P<name>(?:[\w-]+ ){{0,2}}?{_THING}){_BESIDE} {_HARMED}")
_COMPONENT_OF = re.compile(
    rf"(?i:\b{_HARM}|\black of [\w ]{1, 40}|\bcompromised|\bbug|\battack)(?: (?:of|in|on|with|for"
    rf"|to))? {_THE}"
    rf"(?P<name>(?:[a-z][\w-]* ){{0,2}}?(?:{_THING}|(?:traffic|uploads?|exports?|payments?|logins?|check-?out)))"
    r"(?=\W*$| on \d| \()"
)
_COMPONENT_FIRST = re.compile(
    rf"^(?:[Tt]he |[Aa]ll |[Oo]ur )?(?P<name>(?:[\w-]+ ){{0,2}}?{_THING})(?= (?:\w+ ){{0,2}}(?:{_HARMED}|{_HARM}))"
)
_BEFORE_TITLE = re.compile(r"^(?:[^:–—]{0,40}(?:: | [-–—] ))?")
_CAMEL = re.compile(r"[a-z][A-Z]")
_ADJECTIVE = (
    r"[a-z-]+-(?:facing|based|related|term|level|time|hosted|side|only|end|up|out|off|down|wide|specific|party|scale"
    r"|production|run|running|in|on|in-time|effort|case|quality|availability|region|zone)"
)
_TOO_PLAIN = {"service", "application", "app", "page", "node", "queue", "server", "store", "terminal", "system",
              "database", "db"}  # fmt: skip
_VAGUE = {"entire", "whole", "new", "old", "same", "one", "underlying", "affected", "other", "this", "that", "primary",
          "main", "default", "some", "two", "three", "few", "several", "dedicated", "certain", "many", "current",
          "production", "our", "the", "all", "of", "when", "and", "once", "if", "a"}  # fmt: skip
# Words that begin sentences but no names, and words that are a name only together with others.
_OPENERS = re.compile(
    r"(?:The|A|An|Our|We|I|It|Its|They|You|He|She|Some|All|Many|Most|Both|Several|This|That|These|Those|There|When"
    r"|While"
    r"|After|Before|During|Once|Since|Because|However|If|As|At|In|On|From|For|By|And|But|So|Then|Also|No|Not|Their|One"
    r"|Two|Three|Four|Five|Other|Another|Each|Every|Multiple|Various|Numerous|Everything|Everyone|Everybody|Anyone|Any"
    r"|None|Nobody|What|Which|Who|Why|How|Where|Slow|Increased|Degraded|Due|Unable|Production|Staging|Impact|Summary"
    r"|Resolution|Context|Identified|Total|Partial|Major|Minor|Complete|Full|Incident|Outage|Post|Report|Root|Cause"
    r"|January|February|March|April|May|June|July|August|September|October|November|December|[A-Z][a-z]+day"
    r"|North\w*|South\w*|East\w*|West\w*|Central|Regions?|Zones?|Availability|Personal|Users?|Customers?|Clients?"
    r"|UTC|GMT|CET|CEST|BST|PST|PDT|EST|EDT|AM|PM|CTO|CEO|SRE|EU|US|UK|Europe|Asia|Americas?)"
)
_COMMON = re.compile(
    r"(?:New|Services?|Systems?|Servers?|Databases?|Website|Sites?|Engineers?|Teams?|Support|Developers?|Operations"
    r"|Monitoring|Alerts?|Requests?|Traffic|Builds?|Jobs?|Pods?|Nodes?|Clusters?|Deployments?|Pipelines?|Applications?"
    r"|Apps?|Instances?|Backups?|Emails?|Logins?|Fix|Issues?|Problems?|Errors?|Updates?|Access|Data|Networks?|Internet"
    r"|Tests?|Integration|High|Low|First|Second|Third|Last|Next|Disk|Memory|Queues?|Connections?|Workers?|Messages?"
    r"|Orders?|Payments?|Transactions?|Blocks?|Versions?|Release|Players|People|Members|Subscribers|Merchants|Students"
    r"|Patients|Visitors|Viewers|Readers|Drivers|Sellers|Buyers|Employees|Staff|Admins?|Administrators|Operators"
    r"|Researchers|Attackers?|Maintainers?)"
)


def hurt_in(title: str, parts: Iterable[tuple[float, str]], people: Iterable[str]) -> str | None:
    """The name that the harm is told of most, in a title and texts of falling weight; None where nothing is named.

    A single capitalised word must be mentioned twice: it could be a person, or merely begin a sentence.
    """
    parts = list(parts)
    title = title[:300]
    texts = [(2.0, title), *((weight, _simple(text[:_LONGEST])) for weight, text in parts)]
    whole = "\n".join([title, *(text[:_LONGEST] for _, text in parts[:2] + parts[3:])])
    persons = {word.casefold() for person in people if "team" not in person.lower() for word in person.split()}
    scores: dict[str, float] = defaultdict(float)
    for weight, text in texts:
        for worth, name in _told(text):
            if name.casefold() not in persons and _stands_alone(name, whole, once=worth > _SURE):
                scores[name] += weight * worth * (0.5 if is_provider(name) and name not in title else 1.0)
    best = max(scores, key=lambda name: (scores[name] + _mentions(name, whole) * 0.2, -whole.find(name)), default=None)
    if best is not None and scores[best] >= 1.5:
        return best
    return _component(texts) or _most_named(texts, whole, persons)


def _most_named(texts: list[tuple[float, str]], whole: str, persons: set[str]) -> str | None:
    """The name that the opening gives and the whole comes back to more than to any other."""
    counts = {}
    opening = "\n".join(text[:600] for _, text in texts[:4])
    for match in re.finditer(_NAME, opening):
        name = _trimmed(match["name"])
        taken = not name or is_software(name) or is_provider(name) or name.casefold() in persons
        if not taken and not name.islower() and not name.isupper() and not _written_small(name, whole):
            counts[name] = _mentions(name, whole)
    ranked = sorted(counts, key=lambda name: counts[name], reverse=True)
    rival = next((counts[name] for name in ranked[1:] if ranked[0] not in name and name not in ranked[0]), 0)
    return ranked[0] if ranked and counts[ranked[0]] >= max(3, rival * 1.5) else None


def is_harmed(name: str, text: str) -> bool:
    """Whether a text tells of harm right beside this name, as it is written."""
    called = rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)"
    beside = rf"{called}{_BESIDE},? {_HARMED}|(?i:\b{_HARM}) ?(?:of|in|on|with|for|at|affecting|to) {_THE}{called}"
    return re.search(beside, _simple(text[:_LONGEST])) is not None


def _told(text: str) -> Iterator[tuple[float, str]]:
    for worth, pattern in _TELLING:
        at = 0
        while (match := pattern.search(text, at)) is not None:
            name = _trimmed(match["name"])
            if name:
                yield worth, name
            at = match.end("name")


def _trimmed(name: str) -> str:
    """The name without words around it that only begin the sentence; empty where nothing else is left."""
    words = name.strip("`").split(" ")
    while words and _OPENERS.fullmatch(words[0]):
        words = words[1:]
    while words and (_OPENERS.fullmatch(words[-1]) or (len(words) == 1 and _COMMON.fullmatch(words[0]))):
        words = words[:-1]
    left = " ".join(words)
    return "" if len(left) < 3 or all(map(is_general, words)) or not any(char.isalpha() for char in left) else left


def _stands_alone(name: str, whole: str, *, once: bool) -> bool:
    """Whether a word is surely a name: by its form, or as it is written more than once and never small."""
    if name[1:].islower() and name[0].isupper() and not is_software(name):
        amid = re.search(rf"[a-z,;(] {re.escape(name)}(?!\w)", whole) is not None or _mentions(name, whole) > 3
        return not _written_small(name, whole) and (once or (amid and _mentions(name, whole) > 1))
    if is_software(name) or " " in name or _CAMEL.search(name) or (name[0].isupper() and not name[1:].islower()):
        return True
    if re.fullmatch(_ADJECTIVE, name) or "_" in name:
        return False
    return "." in name or f"`{name}`" in whole or _mentions(name, whole) > 1


def _written_small(name: str, whole: str) -> bool:
    return re.search(rf"(?<![\w`/.@-]){re.escape(name.lower())}(?![\w`/@-]|\.\w)", whole) is not None


def _mentions(name: str, whole: str) -> int:
    return len(re.findall(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", whole, re.IGNORECASE))


def _component(texts: list[tuple[float, str]]) -> str | None:
    """What the text calls by its kind alone, "the website": good enough where it bears no name."""
    title = texts[0][1]
    subject = title[_BEFORE_TITLE.match(title).end() :]  # type: ignore[union-attr]
    found = [_COMPONENT_OF.search(title), _COMPONENT_FIRST.search(subject)]
    for match in [*found, *(_COMPONENT.search(text) for _, text in texts)]:
        if match is not None:
            words = match["name"].split()
            while len(words) > 1 and (words[0].lower() in _VAGUE or re.fullmatch(_ADJECTIVE, words[0])):
                words = words[1:]
            if len(words) > 1 or words[0].lower().rstrip("s") not in _TOO_PLAIN:
                return " ".join(words)
    return None


def _simple(text: str) -> str:
    """Text without what is markup, its code spans left as such."""
    text = re.sub(r"\]\([^()\s]*\)|<?https?://\S+|[*\[\]]", "", text)
    return re.sub(r"[ \t]*\n(?!\s*(?:\n|[-+\d]))[ \t]*", " ", text)
