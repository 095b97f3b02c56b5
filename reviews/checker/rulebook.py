"""The rules as they hold in this organisation: plain data that the engine reads, with no query while it checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml

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


@dataclass(frozen=True)
class RuleBook:
    """Every rule by code, in order; the organisation's own words, and those that it calls fine."""

    rules: Mapping[str, Rule]
    own_words: tuple[OwnWords, ...] = ()
    fine_words: tuple[str, ...] = field(default=())


@cache
def usual_rules() -> RuleBook:
    """The rules as they come."""
    read = [Rule(**entry) for entry in yaml.safe_load(_RULES.read_text("utf-8"))]
    return RuleBook(MappingProxyType({rule.code: rule for rule in read}))
