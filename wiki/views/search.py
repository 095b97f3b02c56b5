"""The wiki: search and browse what is published."""

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.access import may_start_reviews
from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from wiki.framed import framed
from wiki.search import find
from wiki.views.search_page import page_of

_LAST_PAGE = 1_000_000
_NOTHING = SafeString("")


@signed_in
@require_safe
@vary_on_headers("HX-Request")
def search(request: PersonRequest) -> HttpResponse:
    """A page of results; while one types, only what was found. Six queries at most with that of session and person,
    seven where the value of a filter is unknown."""
    found = find(
        request.user,
        request.GET.get("q", ""),
        now=timezone.now(),
        zone=timezone.get_current_timezone(),
        sort=request.GET.get("sort", ""),
        page=page_number(request.GET.get("page", "")),
    )
    page = page_of(found)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request
    shown = {"page": page, "is_part": is_part, "may_begin": may_start_reviews(request.user)}
    html = SafeString(render_to_string("wiki/found.html", shown))
    if is_part:
        return HttpResponse(html)
    return framed(
        request,
        "wiki/search.html",
        title=escape(f"{Truncator(page.text).chars(60)} · Reviews" if page.text else "Reviews"),
        text=escape(page.text),
        sort_field=format_html('<input type="hidden" name="sort" value="{}">', page.sort) if page.sort else _NOTHING,
        here=escape(page.here),
        found=html,
    )


def page_number(written: str) -> int:
    """The number of a page; the first where it is none."""
    return min(max(whole_number(written, 9) or 1, 1), _LAST_PAGE)
