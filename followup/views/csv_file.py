"""The board's items as a file for spreadsheets."""

from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from core.zones import zone_named
from followup.csv_export import csv_of, matching_keys


@signed_in
@require_safe
def items_as_csv(request: PersonRequest) -> HttpResponseBase:
    """Everything that the board finds for the same ?q=, sent while it is read."""
    person, today = request.user, timezone.localdate()
    keys = matching_keys(person, request.GET.get("q", ""), today)
    site = request.build_absolute_uri("/").rstrip("/")
    lines = csv_of(person, keys, today=today, zone=zone_named(person.time_zone), site=site)
    headers = {"Content-Disposition": f'attachment; filename="action-items-{today:%Y-%m-%d}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
