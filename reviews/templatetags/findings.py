"""What the checker finds, beside what it is about."""

from django import template

from reviews.checker.check import Checked
from reviews.checker.findings import Finding

register = template.Library()


@register.filter
def about_event(checked: Checked, event_pk: int) -> list[Finding]:
    """What is open about the place of an event in the timeline, whatever its words are."""
    if not isinstance(checked, Checked):
        return []
    place = f"event:{event_pk}"
    return [one for one in checked.open if one.where == place and one.rule.startswith("timeline-")]
