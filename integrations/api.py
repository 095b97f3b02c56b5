"""The JSON API, /api/v1/."""

from typing import Any

from django.http import Http404, HttpResponse
from ninja import NinjaAPI, Query

from accounts.access import Verb, may
from accounts.requests import PersonRequest
from incidents.models import Incident
from integrations.action_calls import calls as action_calls
from integrations.door import BySession, ByToken, error, teach_manners
from integrations.limit import PerMinute
from integrations.shapes import (
    Findings,
    Published,
    Publishing,
    ReviewFinding,
    SimilarReview,
    SimilarReviews,
    Text,
    Wording,
    WordingFinding,
)
from integrations.trend_calls import calls as trend_calls
from reviews.checker.check import check_review
from reviews.checker.language import check_text
from reviews.checker.rulebook import rulebook
from reviews.live.store import bring_into_rows
from reviews.models import Review
from reviews.publishing import CannotPublish, publish_review
from reviews.queries import draft_for
from wiki.exporting import Format, export_review
from wiki.pdf import CannotMakePdf
from wiki.similar import SHOWN, similar_to

api = NinjaAPI(
    title="Debrief",
    version="1",
    description="Reviews, findings and publishing for programs. Sign in, or send `Authorization: Bearer TOKEN`.",
    auth=[ByToken(), BySession()],
    throttle=PerMinute(),
    openapi_url="/openapi.json",
    docs_url="/docs",
)
teach_manners(api)
api.add_router("/actions", action_calls)
api.add_router("/trends", trend_calls)


@api.post("/check", response=Wording, summary="Check the wording of a text", tags=["checker"])
def check(request: PersonRequest, payload: Text) -> Wording:
    """The findings of the blameless-language rules, as they hold in this organisation."""
    return Wording(findings=[WordingFinding.of(one) for one in check_text(payload.text, rulebook())])


@api.get("/reviews/{int:number}/findings", response=Findings, summary="Findings of a review", tags=["reviews"])
def findings(request: PersonRequest, number: int) -> Findings:
    """What the checker says about the review as it stands now; for who takes part in it."""
    review = _taken_part_in(request, number)
    bring_into_rows(review.pk)
    checked = check_review(review)
    return Findings(blocking=checked.blocking, findings=[ReviewFinding.of(one) for one in checked.open])


@api.post("/reviews/{int:number}/publish", response=Published, summary="Publish a review", tags=["reviews"])
def publish(request: PersonRequest, number: int, payload: Publishing | None = None) -> Any:
    """The next version, or 422 with the findings that block it."""
    review = _taken_part_in(request, number)
    try:
        version = publish_review(request.user, review, payload.note if payload else "")
    except CannotPublish as problem:
        return _blocked(problem)
    address = version.review.incident.get_absolute_url()
    return Published(number=number, version=version.number, url=request.build_absolute_uri(address))


@api.get("/reviews/{int:number}/similar", response=SimilarReviews, summary="Similar reviews", tags=["reviews"])
def similar(
    request: PersonRequest, number: int, limit: int = Query(SHOWN, ge=1, le=20, description="At most so many.")
) -> SimilarReviews:
    """Published reviews like this one, the nearest first: why, and how many of their action items are still open.

    A review that was never published is compared as it stands now.
    """
    incident = Incident.objects.visible_to(request.user).filter(number=number, review__isnull=False).first()
    if incident is None:
        raise Http404
    if not incident.is_published:
        bring_into_rows(incident.pk)
    return SimilarReviews(results=[SimilarReview.of(one) for one in similar_to(request.user, incident, limit)])


@api.get("/reviews/{int:number}/export", summary="A review as a document", tags=["reviews"])
def export(
    request: PersonRequest,
    number: int,
    format: Format = Format.MARKDOWN,
) -> HttpResponse:
    """The latest published version as Markdown, JSON, HTML or PDF; of a draft, for who takes part, what stands there.

    Markdown and JSON can be imported again. 503 where the server cannot make a PDF: the message says whether ever.
    """
    try:
        made = export_review(request.user, number, format, request.build_absolute_uri("/")[:-1])
    except CannotMakePdf as problem:
        refused = error(503, str(problem))
        if problem.again_in is not None:
            refused.headers["Retry-After"] = str(problem.again_in)
        return refused
    if made is None:
        raise Http404
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    return answer


def _taken_part_in(request: PersonRequest, number: int) -> Review:
    """The review of that number, for who takes part in it; Http404 for everybody else."""
    review = draft_for(request.user, number)
    if not may(request.user, Verb.COMMENT, review.incident):
        raise Http404
    return review


def _blocked(problem: CannotPublish) -> HttpResponse:
    found = [ReviewFinding.of(one).model_dump() for one in problem.findings]
    return error(422, "The review cannot be published yet.", blocking=len(found), findings=found)
