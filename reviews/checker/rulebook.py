"""The rules as they hold in this organisation: plain data that the engine reads, with no query while it checks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

from reviews.models import CustomWord, RuleSetting

_RULES = Path(__file__).with_name("rules.yaml")


@dataclass(frozen=True)
class Rule:
    """One rule: `code` is stable, `severity` "error", "warning" or "advice"; `blocking` keeps a review from being
    published while it finds something.
    """

    code: str
    title: str
    severity: str
    blocking: bool = False
    is_on: bool = True

    @property
    def group(self) -> str:
        """language, analysis, actions, timeline or summary."""
        return self.code.partition("-")[0]


@dataclass(frozen=True)
class OwnWords:
    """Words that an organisation added to the language rule `code`, with what to ask instead."""

    words: str
    code: str
    suggestion: str = ""


@dataclass(frozen=True, eq=False)
class RuleBook:
    """Every rule by code, in order; the organisation's own words, and those that it calls fine.

    One that holds anything else is another object: what was found by a rule book is kept under it.
    """

    rules: Mapping[str, Rule]
    own_words: tuple[OwnWords, ...] = ()
    fine_words: tuple[str, ...] = ()

    def has(self, code: str) -> bool:
        """Whether the rule `code` is on."""
        return code in self.rules and self.rules[code].is_on


@cache
def usual_rules() -> RuleBook:
    """The rules as they come."""
    read = [Rule(**entry) for entry in yaml.safe_load(_RULES.read_text("utf-8"))]
    return RuleBook(MappingProxyType({rule.code: rule for rule in read}))


def titled(code: str) -> str:
    """What a rule is called; one that is no more by its code."""
    rule = usual_rules().rules.get(code)
    return rule.title if rule else code


def rulebook() -> RuleBook:
    """The rules as they hold now. Two small queries; the same object as long as nobody changed anything."""
    global _last
    said = tuple(RuleSetting.objects.values_list("code", "is_on", "severity", "blocks").order_by("code"))
    words = tuple(CustomWord.objects.values_list("words", "code", "is_fine", "suggestion"))
    if _last is None or _last[0] != (said, words):
        _last = (said, words), _changed(usual_rules(), said, words)
    return _last[1]


Settings = tuple[tuple[str, bool, str, bool | None], ...]
Words = tuple[tuple[str, str, bool, str], ...]
_last: tuple[tuple[Settings, Words], RuleBook] | None = None


def _changed(usual: RuleBook, said: Settings, words: Words) -> RuleBook:
    rules = dict(usual.rules)
    for code, is_on, severity, blocks in said:
        if rule := rules.get(code):
            blocking = rule.blocking if blocks is None else blocks
            rules[code] = replace(rule, is_on=is_on, severity=severity or rule.severity, blocking=blocking)
    return RuleBook(
        MappingProxyType(rules),
        own_words=tuple(OwnWords(one, code, more) for one, code, is_fine, more in words if not is_fine),
        fine_words=tuple(one for one, _, is_fine, _ in words if is_fine),
    )
