"""Instants and durations as people read them."""

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def duration(length: timedelta | None) -> str:
    """A length of time in words: "45 s", "12 min", "1 h 12 min", "3 d 4 h"; empty for None, minus for a step back."""
    if length is None:
        return ""
    if length < timedelta():
        return f"\N{MINUS SIGN}{duration(-length)}"
    seconds = int(length.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60 % 60, seconds // 3600 % 24, seconds // 86400
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min"


@register.filter
def instant(moment: datetime | date | None, form: str = "full") -> SafeString | str:
    """An instant in the reader's zone with the zone named, UTC on hover and in `datetime`; a date as it is.

    `form`: "full" 14 Mar 2026, 14:03 CET; "time" 14:03; "date" 14 Mar 2026.
    """
    if moment is None:
        return ""
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{} {}</time>', f"{moment:%Y-%m-%d}", moment.day, f"{moment:%b %Y}")
    local = timezone.localtime(moment)
    day = f"{local.day} {local:%b %Y}"
    text = {"full": f"{day}, {local:%H:%M} {local:%Z}", "time": f"{local:%H:%M}", "date": day}[form]
    utc = moment.astimezone(timezone.get_fixed_timezone(0))
    exact, on_hover = f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M} UTC"
    return format_html('<time datetime="{}" title="{}">{}</time>', exact, on_hover, text)
