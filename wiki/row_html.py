"""A published review in a list as HTML, written here: a page holds twenty, each with words around it that were never
written before, and a template takes as long for them as all else that a search does in this process.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name

from core.templatetags.instants import duration, instant

if TYPE_CHECKING:
    from wiki.rows import Row


def row_html(row: "Row") -> SafeString:
    """The row, in the reader's zone. Its text is HTML where it says so (wiki.snippets)."""
    text = row.text if isinstance(row.text, SafeString) else escape(row.text)
    said = f'<p class="row-text" dir="auto">{text}</p>' if text else ""
    facts = _facts(
        row.severity,
        row.began,
        row.published_at,
        row.duration,
        row.open_actions,
        row.restricted,
        row.archived,
        row.services_line,
        row.causes_line,
        get_current_timezone_name(),
    )
    return SafeString(
        f'<li class="row"><a class="row-title" href="{escape(row.url)}" dir="auto">{escape(row.title)}</a>'
        f'{said}<p class="row-facts">{facts}</p></li>\n'
    )


@lru_cache(maxsize=20_000)
def _facts(
    severity: str,
    began: datetime | date | None,
    published_at: datetime,
    lasted: timedelta | None,
    open_actions: int,
    restricted: bool,
    archived: bool,
    services: str,
    causes: str,
    zone: str,
) -> str:
    """All but title and text; `zone` is the reader's, in which the instants are written."""
    plural = "" if open_actions == 1 else "s"
    facts = [
        _span(severity.upper(), f"severity is-{severity}") if severity else "",
        _span(instant(began, "date") if began else f"published {instant(published_at, 'date')}"),
        _span(duration(lasted)) if lasted is not None else "",
        _span(f"{open_actions} open action{plural}") if open_actions else "",
        _span("Restricted", "state-word is-restricted") if restricted else "",
        _span("Archived", "state-word") if archived else "",
        _span(_named("Services", services), "row-services") if services else "",
        _span(_named("Causes", causes)) if causes else "",
    ]
    return " ".join(fact for fact in facts if fact)


def _span(html: str, names: str = "") -> str:
    return f'<span class="{names}">{html}</span>' if names else f"<span>{html}</span>"


def _named(what: str, names: str) -> str:
    return f'<span class="visually-hidden">{what}:</span> {escape(names)}'
