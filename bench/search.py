"""Search at size: how long whole answers take under load and alone, and the best raw SQL for the same in the same run.

`--reviews N` (20,000) made-up reviews are loaded into a database of their own, which is kept for the next time below
DEBRIEF_HOME/bench/. Bars: 95 of 100 answers, for 8 connections on two cores, within 80 ms for words, 20 ms for
filters alone, 300 ms for a phrase, 25 ms for a published page; twice that for more than 100,000 reviews (the page
excepted). One client, asking what nobody asked before: at most 1.5 times the raw SQL and 10 ms. `--json` prints one
JSON object.

Searches that were asked before are remembered until something is published (wiki/remembered.py). So each kind is
measured twice under load: as it is, when most was asked before, and while the index changes a hundred times a second,
so that nothing is remembered. Beside each, the processor time of a request: that of Python and that of PostgreSQL.
"""

import contextlib
import json
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench import cpu, latency, site
from bench.made_up import load_once, readers

CONNECTIONS, SECONDS, READERS = 8, 10, 8
ASKED = 60  # different queries of a kind
WORDS_MS, FILTERS_MS, PHRASE_MS, PAGE_MS = 80, 20, 300, 25


@dataclass(frozen=True)
class Asked:
    """A query as it is typed, and what it asks for in SQL."""

    text: str
    words: str = ""
    condition: str = "true"


@dataclass(frozen=True)
class Kind:
    """Queries of one kind, and how long answers to them may take."""

    name: str
    asked: list[Asked]
    bar: int


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    reviews = int(sys.argv[sys.argv.index("--reviews") + 1]) if "--reviews" in sys.argv else 20_000
    with site.kept_home(f"search-{reviews}"):
        site.manage("migrate", "--verbosity", "0")
        figures = _measure(reviews)
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print(
        f"{reviews:,} reviews, {CONNECTIONS} connections for {SECONDS} s a kind, milliseconds (CPU: Python+PostgreSQL)"
    )
    columns = (("", 18), ("95 of 100", 10), ("bar", 5), ("", 8), ("CPU", 10), ("changing", 10), ("CPU", 11))
    print("".join(f"{title:>{wide}}" for title, wide in (*columns, ("first", 8), ("raw SQL", 9), ("bar", 7))))
    for name, one in figures["kinds"].items():
        print(_line(name, one))


def _line(name: str, one: dict[str, Any]) -> str:
    said = f"{name:18}{one['p95']:10.1f}{one['bar']:5}  {'met' if one['met'] else 'MISSED':6}{_cpu(one['cpu']):>10}"
    if "raw" not in one:
        return said
    alone = f"{one['alone']:8.1f}{one['raw']:9.1f}{one['alone_bar']:7.1f}  {'met' if one['alone_met'] else 'MISSED'}"
    return f"{said}{one['changing']['p95']:10.1f}{_cpu(one['changing']['cpu']):>11}{alone}"


def _cpu(spent: dict[str, float]) -> str:
    return f"{spent['python']:.1f}+{spent['postgres']:.1f}"


def _measure(reviews: int) -> dict[str, Any]:
    import django

    django.setup()
    load_once(reviews)
    from core.static_collection import collect_static_files

    collect_static_files()
    cookies, kinds, pages = readers(READERS), _kinds(reviews), _pages()
    with site.serving("config.wsgi:application") as base:
        found = {kind.name: _measured(base, kind, cookies) for kind in kinds}
        requests = [(cookies[at % READERS], path) for at, path in enumerate(pages)]
        latency.under_load(base, requests, CONNECTIONS, SECONDS)  # until each process has rendered them once
        found["published page"] = _figures(base, requests, PAGE_MS)
    return {"benchmark": "search", "reviews": reviews, "kinds": found}


def _pages() -> list[str]:
    from incidents.models import Incident

    published = Incident.objects.filter(status="published", visibility="internal").order_by("-occurred_at")
    return [one.get_absolute_url() for one in published[:200]]


def _measured(base: str, kind: Kind, cookies: list[str]) -> dict[str, Any]:
    requests = [(cookies[at % READERS], f"/reviews/?{urlencode({'q': one.text})}") for at, one in enumerate(kind.asked)]
    alone = statistics.median(latency.alone(base, requests))
    figures = _figures(base, requests, kind.bar)
    with _index_changing():
        changing = _figures(base, requests, kind.bar)
    raw = statistics.median(_raw(kind.asked))
    alone_bar = 1.5 * raw + 10
    return {
        **figures,
        "changing": changing,
        "alone": round(alone, 2),
        "raw": round(raw, 2),
        "alone_bar": round(alone_bar, 2),
        "alone_met": alone <= alone_bar,
    }


def _figures(base: str, requests: list[latency.Request], bar: int) -> dict[str, Any]:
    home = Path(os.environ["DEBRIEF_HOME"])
    latency.under_load(base, requests, CONNECTIONS, 2)
    before = cpu.spent(home)
    under_load = latency.under_load(base, requests, CONNECTIONS, SECONDS)
    each = cpu.spent(home).for_each_since(before, under_load.requests)
    if under_load.failures:
        raise SystemExit(f"{under_load.failures} requests failed; no figure.")
    return {
        "p95": round(under_load.p95, 1),
        "bar": bar,
        "met": under_load.p95 < bar,
        "median": round(under_load.median, 1),
        "cpu": {"python": round(each.python, 2), "postgres": round(each.postgres, 2)},
    }


@contextlib.contextmanager
def _index_changing() -> Iterator[None]:
    """Tells the searches a hundred times a second that the index has changed, as if reviews were published."""
    from core.embedded_postgres import Cluster

    ended = threading.Event()

    def change() -> None:
        with psycopg.connect(Cluster(Path(os.environ["DEBRIEF_HOME"])).conninfo(), autocommit=True) as connection:
            while not ended.wait(0.01):
                connection.execute("UPDATE wiki_change SET key = gen_random_uuid()")

    with psycopg.connect(Cluster(Path(os.environ["DEBRIEF_HOME"])).conninfo(), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO wiki_change (key) SELECT gen_random_uuid() WHERE NOT EXISTS (SELECT FROM wiki_change)"
        )
    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _raw(asked: list[Asked]) -> list[float]:
    from django.db import connection

    from bench.search_sql import best_sql

    times = []
    with connection.cursor() as cursor:
        for one in asked:
            began = time.perf_counter()
            cursor.execute(best_sql(one.words, one.condition))
            cursor.fetchall()
            times.append(1000 * (time.perf_counter() - began))
    connection.close()
    return times


def _kinds(reviews: int) -> list[Kind]:
    """Words by how common they are: in 95, in 35, and in 11 of 100 reviews."""
    from catalog.models import CauseCategory, Service
    from wiki.synthetic.words import vocabulary

    drawn = random.Random(1)
    known = vocabulary(random.Random(1))
    common, usual, rare = known[:6], known[40:80], known[140:190]
    services, causes = list(Service.objects.order_by("pk")), list(CauseCategory.objects.order_by("pk"))
    times = 1 if reviews <= 100_000 else 2

    def word(of: list[str]) -> Asked:
        chosen = drawn.choice(of)
        return Asked(chosen, _query(chosen))

    def two(of: list[str], between: str = " ", sign: str = "&&") -> Asked:
        one, other = drawn.sample(of, 2)
        return Asked(f"{one}{between}{other}", f"({_query(one)} {sign} {_query(other)})")

    def negation() -> Asked:
        one, other = drawn.sample(usual, 2)
        return Asked(f"{one} -{other}", f"({_query(one)} && !!{_query(other)})")

    def phrase() -> Asked:
        one, other = drawn.choice(common), drawn.choice(usual)
        return Asked(f'"{one} {other}"', _query(f"{one} {other}"))

    def filters() -> Asked:
        service, cause, severity = drawn.choice(services), drawn.choice(causes), f"sev{drawn.randint(1, 5)}"
        late = "occurred_at >= '2024-01-01'"
        by_service = f"service_ids && ARRAY[{service.pk}]::bigint[]"
        return drawn.choice([
            Asked(f"service:{service.slug}", condition=by_service),
            Asked(f"service:{service.slug} severity:{severity}", condition=f"{by_service} AND severity = '{severity}'"),
            Asked(f"cause:{cause.slug}", condition=f"cause_ids && ARRAY[{cause.pk}]::bigint[]"),
            Asked(f"severity:{severity} after:2024", condition=f"{late} AND severity = '{severity}'"),
        ])  # fmt: skip

    def filter_and_words() -> Asked:
        narrowed, sought = filters(), word([*common, *usual])
        return Asked(f"{narrowed.text} {sought.text}", sought.words, narrowed.condition)

    def kind(name: str, make: Callable[[], Asked], bar: int) -> Kind:
        return Kind(name, [make() for _ in range(ASKED)], bar * times)

    return [
        kind("common word", lambda: word(common), WORDS_MS),
        kind("two words", lambda: two(usual), WORDS_MS),
        kind("two rare words", lambda: two(rare), WORDS_MS),
        kind("one or the other", lambda: two(usual, " or ", "||"), WORDS_MS),
        kind("filter and words", filter_and_words, WORDS_MS),
        kind("filters alone", filters, FILTERS_MS),
        kind("phrase", phrase, PHRASE_MS),
        kind("negation", negation, WORDS_MS),
    ]


def _query(words: str) -> str:
    return f"phraseto_tsquery('english', '{words}')"


if __name__ == "__main__":
    main()
