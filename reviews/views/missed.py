"""What changed since an editor page last heard of it."""

from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from accounts.access import Verb, may
from accounts.requests import PersonRequest, signed_in
from reviews.live.missed import changes_since, texts_up_to
from reviews.queries import draft_for
from reviews.views.parts.opened import key_in


@signed_in
@require_safe
def missed(request: PersonRequest, number: int) -> JsonResponse:
    """What the page would have been told after the audit entry ?since=KEY, and how far the texts are stored."""
    review = draft_for(request.user, number)
    if not may(request.user, Verb.COMMENT, review.incident):
        raise PermissionDenied
    texts = texts_up_to(review.pk)
    notices = changes_since(number, key_in(request, "since") or 0)
    return JsonResponse({"changed": [notice.said() for notice in notices], "texts": texts})
