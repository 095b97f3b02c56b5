"""The words that the language rules go by, read once from the YAML files of reviews/checker/lexicon/."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PLACE = Path(__file__).parent.parent / "lexicon"


@cache
def entries(name: str) -> Any:
    """What lexicon/NAME.yaml holds."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((_PLACE / f"{name}.yaml").read_text("utf-8"), Loader=loader)  # noqa: S506


@cache
def words(name: str, key: str) -> frozenset[str]:
    """The words under `key` of lexicon/NAME.yaml, written there in one string."""
    return frozenset(entries(name)[key].split())


@cache
def phrases(name: str, key: str) -> tuple[tuple[str, ...], ...]:
    """The phrases in the list `key` of lexicon/NAME.yaml, each as its words."""
    return tuple(tuple(phrase.split()) for phrase in entries(name)[key])
