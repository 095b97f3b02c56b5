"""Reviews made from texts, for the rules."""

from datetime import datetime, timedelta
from typing import Any

from reviews.checker.check import check_material
from reviews.checker.findings import Finding
from reviews.checker.material import EventTold, Material
from reviews.checker.rulebook import usual_rules
from tests.factories import NOON

BEGAN = NOON


def at(minutes: float) -> datetime:
    """So many minutes after the impact began."""
    return BEGAN + timedelta(minutes=minutes)


def event(pk: int, minutes: float, kind: str = "note", text: str = "Something was seen.", **more: Any) -> EventTold:
    """An event so many minutes after the impact began."""
    return EventTold(pk, at(minutes), kind, text, **more)


def found(material: Material, group: str = "") -> list[Finding]:
    """What the rules of a group say."""
    return [one for one in check_material(material, usual_rules()) if one.rule.startswith(group)]


def rules(material: Material, group: str = "") -> list[tuple[str, str]]:
    """The findings of a group as rule and place."""
    return [(one.rule.removeprefix(f"{group}-"), one.where) for one in found(material, group)]
