"""Trends at size: how long the page takes for eight readers at once, and how long the counts take when nothing is
remembered, beside one bare pass of PostgreSQL over the same rows.

`--reviews N` (20,000) made-up reviews in the database of `bench.search`. Bar: 95 of 100 pages over five years within
400 ms at 100,000 reviews. `--json` prints one JSON object.
"""

import json
import statistics
import sys
import time
from typing import Any

from bench import latency, site
from bench.made_up import load_once, readers

CONNECTIONS, SECONDS, TIMES = 8, 20, 7
PAGE_MS = 400
PATHS = [
    "/trends/?from=2021-Q1&to=2025-Q4",
    "/trends/?from=2021-Q1&to=2025-Q4&by=month",
    "/trends/?from=2020-Q3&to=2025-Q2",
    "/trends/invest/?from=2021-Q1&to=2025-Q4",
]


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    reviews = int(sys.argv[sys.argv.index("--reviews") + 1]) if "--reviews" in sys.argv else 20_000
    with site.kept_home(f"search-{reviews}"):
        site.manage("migrate", "--verbosity", "0")
        figures = _measured(reviews)
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print(f"{reviews:,} reviews, five years, {CONNECTIONS} connections for {SECONDS} s, milliseconds")
    print(f"  page          95 of 100 {figures['p95']:7.1f}   median {figures['median']:7.1f}   bar {PAGE_MS}")
    print(f"  counted anew  median    {figures['anew']:7.1f}   one bare pass over the rows {figures['pass']:.1f}")


def _measured(reviews: int) -> dict[str, Any]:
    import django

    django.setup()
    load_once(reviews)
    cookies = readers(CONNECTIONS)
    requests = [(cookies[at % len(cookies)], PATHS[at % len(PATHS)]) for at in range(len(cookies) * len(PATHS))]
    with site.serving("config.wsgi:application") as base:
        found = latency.under_load(base, requests, CONNECTIONS, SECONDS)
    if found.failures:
        raise SystemExit(f"{found.failures} requests failed; no figure.")
    return {
        "benchmark": "trends",
        "reviews": reviews,
        "p95": round(found.p95, 1),
        "median": round(found.median, 1),
        "met": found.p95 < PAGE_MS,
        "anew": round(_anew(), 1),
        "pass": round(_bare_pass(), 1),
    }


def _anew() -> float:
    from accounts.models import Person
    from learning.trends.counting import count
    from learning.trends.selection import Narrowing, Selection
    from learning.trends.span import asked_span, today

    reader = Person.objects.filter(role="author").order_by("pk")[0]
    span = asked_span({"from": "2021-Q1", "to": "2025-Q4"}, today()).span
    return statistics.median(_timed(lambda: count(Selection(reader, span, Narrowing()))) for _ in range(TIMES))


def _bare_pass() -> float:
    from django.db import connection

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT severity, count(*), avg(resolve) FROM wiki_listed JOIN learning_measured USING (incident_id)"
                " WHERE status = 'published' GROUP BY 1"
            )
            cursor.fetchall()

    try:
        return statistics.median(_timed(ask) for _ in range(TIMES))
    finally:
        connection.close()


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
