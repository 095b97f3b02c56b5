"""What a form on a stored item carries, so that saving it replaces nothing unseen (reviews/views/stale.py)."""

from typing import Any

from django import template

from reviews.views.stale import version_of

register = template.Library()


@register.inclusion_tag("reviews/clash.html")
def stale_guard(form: Any) -> dict[str, Any]:
    """The hidden version, and what others changed where that stands in the way."""
    typed = form.data.get("version") if form.is_bound else None
    version = getattr(form, "made_of", None) or (typed if typed is not None else version_of(form))
    return {"version": version, "clash": getattr(form, "clash", None)}
