"""Trends over the API."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from ninja import Query, Router

from accounts.requests import PersonRequest
from catalog.models import CauseCategory, Service
from integrations.trend_shapes import (
    ActionCounts,
    Duration,
    Invest,
    InvestPart,
    NamedCount,
    QuarterCount,
    RecurringCause,
    Spread,
    TrendsAnswer,
)
from learning.trends.counting import Counts, Lengths, Pair
from learning.trends.investing import ranked, weights_of
from learning.trends.page import counted
from learning.trends.selection import Selection, narrowing_of
from learning.trends.span import asked_span, today

INVESTED = 25
calls = Router(tags=["trends"])


@calls.get("", response=TrendsAnswer, summary="Trends over quarters")
def trends(
    request: PersonRequest,
    first: str = Query("", alias="from", description="A quarter, such as 2026-Q1."),
    last: str = Query("", alias="to", description="A quarter; with neither, the last four."),
    service: str = Query("", description="Only reviews of this service."),
    team: str = Query("", description="Only reviews of services of this team."),
    cause: str = Query("", description="Only reviews with this cause category."),
    severity: str = Query("", description="Only reviews of this severity."),
) -> TrendsAnswer:
    """What published reviews say together, as far as you may see them. At most half a minute old."""
    span = asked_span({"from": first, "to": last}, today())
    narrowing = narrowing_of({"service": service, "team": team, "cause": cause, "severity": severity})
    if problems := [*span.problems, *narrowing.problems]:
        raise ValidationError(problems)
    return _answer(Selection(request.user, span.span, narrowing))


def _answer(selection: Selection) -> TrendsAnswer:
    counts = counted(selection)
    invest = ranked(selection, "service", weights_of({})[0])[:INVESTED]
    services = {one.pk: one for one in Service.objects.filter(pk__in=[*counts.services, *(one.key for one in invest)])}
    causes = {one.pk: one for one in CauseCategory.objects.filter(pk__in=_causes(counts))}
    return TrendsAnswer(
        quarters=[QuarterCount(quarter=step, reviews=counts.steps.get(step, 0)) for step in selection.span.steps],
        by_cause=_named(counts.causes, causes),
        by_service=_named(counts.services, services),
        durations={
            name: Duration(now=_spread(length.now), before=_spread(length.before))
            for name, length in counts.lengths.items()
        },
        recurring=[
            RecurringCause(
                service=services[one.service].slug, cause=causes[one.cause].slug, count=one.count, last=one.last
            )
            for one in counts.recurring
            if one.service in services and one.cause in causes
        ],
        actions=ActionCounts(
            all=counts.items.all,
            done=counts.items.done,
            done_in_time=counts.items.in_time,
            wont_do=counts.items.dropped,
        ),
        invest=[
            Invest(
                service=services[one.key].slug,
                name=services[one.key].name,
                score=round(one.score, 1),
                reviews=one.reviews,
                parts=[InvestPart(name=part.name, value=part.value, share=part.share) for part in one.parts],
            )
            for one in invest
            if one.key in services
        ],
    )


def _causes(counts: Counts) -> set[int]:
    return {*counts.causes, *(one.cause for one in counts.recurring)}


def _named(pairs: Mapping[int, Pair], names: Mapping[int, Service] | Mapping[int, CauseCategory]) -> list[NamedCount]:
    found = [
        NamedCount(slug=names[key].slug, name=names[key].name, count=pair.now, before=pair.before)
        for key, pair in pairs.items()
        if key in names
    ]
    return sorted(found, key=lambda one: (-one.count, -one.before, one.slug))


def _spread(lengths: Lengths) -> Spread:
    return Spread(count=lengths.count, median=lengths.median, p90=lengths.p90)
