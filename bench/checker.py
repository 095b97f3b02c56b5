"""A whole review of 20 KB checked: every rule over everything that it holds in the database, in one thread.

Each run sees texts that were never checked before, as each has a number of its own at its end; another series changes
one section only, as typing does. Beside them, in the same run: the queries alone, and one alternation of usual words
over the same texts, which no checker that reads them can beat. Bar: 50 ms in all, at the median.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench import site
from bench.language import REFERENCE

SIZE = 20 * 1024
RUNS = 60
BAR_MS = 50.0


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    with site.temporary_home():
        site.manage("migrate", "--verbosity", "0")
        site.manage("load_demo", "--verbosity", "0")
        figures = _measure()
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print(f"A review of {figures['characters']:,} characters, {figures['findings']} findings, {RUNS} runs")
    for name, told in [
        ("whole", "all of it, nothing kept"),
        ("typed", "one section changed"),
        ("queries", f"of these, {figures['queries']} queries"),
        ("structure", "of these, all but language and queries"),
        ("reference", "one alternation over its texts"),
    ]:
        print(f"  {told:<42} {figures[f'{name}_median_ms']:7.2f} ms, p95 {figures[f'{name}_p95_ms']:7.2f} ms")
    print(f"  bar {BAR_MS:.0f} ms for all of it: {'met' if figures['met'] else 'MISSED'}")


def _measure() -> dict[str, Any]:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from reviews.checker.check import check_material, check_review
    from reviews.checker.reading import material_of
    from reviews.checker.rulebook import rulebook
    from reviews.models import Review

    review = Review.objects.select_related("incident", "template").get(pk=review_of_that_size())
    today = timezone.localdate()
    texts = dict(material_of(review, instead={}, today=today).texts())
    section = max(texts, key=lambda place: len(texts[place]))
    everything = "\n".join(texts.values())

    def fresh(run: int) -> dict[str, str]:
        return {place: f"{text} {run}" for place, text in texts.items()}

    def queries(run: int) -> None:
        material_of(review, instead={}, today=today)
        list(review.dismissals.all())
        rulebook()

    material, quiet = material_of(review, instead={}, today=today), rulebook()
    with CaptureQueriesContext(connection) as asked:
        found = check_review(review).open
    series: dict[str, Callable[[int], object]] = {
        "whole": lambda run: check_review(review, instead=fresh(run)),
        "typed": lambda run: check_review(review, instead={section: f"{texts[section]} {run}"}),
        "queries": queries,
        "structure": lambda run: check_material(material, quiet),
        "reference": lambda run: REFERENCE.findall(everything),
    }
    figures: dict[str, Any] = {
        "benchmark": "checker",
        "characters": len(everything),
        "findings": len(found),
        "queries": len(asked),
    }
    for name, work in series.items():
        figures |= _timed(name, work)
    return {**figures, "bar_ms": BAR_MS, "met": figures["whole_median_ms"] <= BAR_MS}


def _timed(name: str, work: Callable[[int], object]) -> dict[str, float]:
    took = []
    for run in range(-3, RUNS):
        began = time.perf_counter()
        work(run)
        if run >= 0:
            took.append(1000 * (time.perf_counter() - began))
    return {
        f"{name}_median_ms": round(statistics.median(took), 2),
        f"{name}_p95_ms": round(statistics.quantiles(took, n=20)[-1], 2),
    }


def review_of_that_size() -> int:
    """The longest review of the demo, its story made longer by those of the others until it has that size."""
    from django.utils import timezone

    from reviews.checker.reading import material_of
    from reviews.models import Review, Section

    sizes = {}
    for review in Review.objects.select_related("incident", "template"):
        material = material_of(review, instead={}, today=timezone.localdate())
        sizes[review.pk] = sum(len(text) for _, text in material.texts())
    longest = max(sizes, key=lambda pk: sizes[pk])
    story, _ = Section.objects.get_or_create(review_id=longest, kind="narrative")
    wanted = SIZE - sizes[longest]
    for other in Section.objects.exclude(review_id=longest).exclude(kind="summary").order_by("pk"):
        if wanted <= 0:
            break
        story.text += "\n\n" + other.text[:wanted]
        wanted -= len(other.text) + 2
    story.save()
    return longest


if __name__ == "__main__":
    main()
