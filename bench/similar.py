"""Similar reviews: how good, against plain full-text ranking, and how fast.

How good: leave-one-out on real write-ups. Each is imported and published without what the truth is made of, and the
others are ranked by how like it they are: as the product does, and by PostgreSQL's ts_rank for an or-query of all its
words. A neighbour is worth one for a category that both have and one for each keyword that both have, two at most;
where a corpus has no keywords, the services that were hurt take their place. Bar: a better nDCG@5 on the summaries.

How fast: `--reviews N` loads N made-up reviews instead and measures one question at a time. Bar: 95 in 100 within
100 ms. `--json` prints one JSON object.
"""

import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench import site

DATA = site.ROOT.parent / "shared" / "data"
LABELS = Path(__file__).parent / "truth"
DEPTH = 5
MOST_WORTH = 2  # of keywords
ASKED = 200
BAR_MS = 100

_RANKED = """
    SELECT other.incident_id FROM wiki_searchentry AS entry, wiki_searchentry AS other,
        LATERAL (SELECT string_agg(quote_literal(word), ' | ')::tsquery AS words
                 FROM unnest(tsvector_to_array(entry.vector)) AS word) AS query
    WHERE entry.incident_id = %s AND other.incident_id <> entry.incident_id
    ORDER BY ts_rank(other.vector, query.words) DESC, other.incident_id LIMIT %s
"""


@dataclass(frozen=True)
class Told:
    """What is known of a write-up beside its text."""

    categories: frozenset[str]
    keywords: frozenset[str]

    def worth(self, other: "Told") -> int:
        """How good a neighbour the other one is: 0 to 3."""
        shared = len(self.keywords & other.keywords)
        return bool(self.categories & other.categories) + min(shared, MOST_WORTH)


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    if "--corpus" in sys.argv:
        print(json.dumps(_quality(sys.argv[sys.argv.index("--corpus") + 1])))
        return
    if "--reviews" in sys.argv:
        figures = _speed(int(sys.argv[sys.argv.index("--reviews") + 1]))
    elif not DATA.is_dir():
        figures = {"skipped": "needs ../shared/data (test data), which is not beside this checkout"}
    else:
        figures = {name: _in_its_own_home(name) for name in CORPORA}
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    if "skipped" in figures:
        print(f"Skipped: {figures['skipped']}.")
    elif "--reviews" in sys.argv:
        _print_speed(figures)
    else:
        _print_quality(figures)


def summaries() -> dict[str, tuple[str, Told]]:
    """Text and truth by file name; the values that are the truth are taken out of the text."""
    found = {}
    for path in sorted((DATA / "summaries").glob("*.md")):
        _, matter, body = path.read_text().split("---\n", 2)
        values = yaml.safe_load(matter)
        told = Told(*(frozenset(str(one).casefold() for one in values.get(key) or []) for key in _TRUTH))
        found[path.name] = (f"---\n{_without(matter)}---\n{body}", told)
    return found


def reviews() -> dict[str, tuple[str, Told]]:
    """The longer write-ups: causes and hurt services as labelled for the bench of the importer."""
    labels = [label for path in sorted(LABELS.glob("*.yaml")) for label in yaml.safe_load(path.read_text())]
    found = {}
    for label in labels:
        folder, _, name = label["file"].partition("/")
        if folder == "reviews":
            services = frozenset(one.casefold() for names in label["services"] or [] for one in _listed(names))
            told = Told(frozenset(label["causes"] or []), services)
            found[name] = ((DATA / label["file"]).read_text(), told)
    return found


CORPORA: dict[str, Callable[[], dict[str, tuple[str, Told]]]] = {"summaries": summaries, "reviews": reviews}
_TRUTH = ("categories", "keywords")


def ndcg(worths: list[int], best: list[int]) -> float | None:
    """Normalised discounted cumulative gain at `DEPTH`, with gains of 2^worth - 1; None where nothing is worth it."""

    def gain(values: list[int]) -> float:
        return sum((2**worth - 1) / math.log2(place + 2) for place, worth in enumerate(values[:DEPTH]))

    ideal = gain(sorted(best, reverse=True))
    return gain(worths) / ideal if ideal else None


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _without(matter: str) -> str:
    """The block of values without those that are the truth."""
    kept, leaving_out = [], False
    for line in matter.splitlines(keepends=True):
        if not line.startswith(("-", " ")):
            leaving_out = line.startswith(tuple(f"{key}:" for key in _TRUTH))
        if not leaving_out:
            kept.append(line)
    return "".join(kept)


def _in_its_own_home(corpus: str) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "bench.similar", "--corpus", corpus],
        cwd=site.ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    figures: dict[str, Any] = json.loads(run.stdout)
    return figures


def _quality(corpus: str) -> dict[str, Any]:
    write_ups = CORPORA[corpus]()
    with site.temporary_home(), tempfile.TemporaryDirectory() as folder:
        for name, (text, _) in write_ups.items():
            (Path(folder) / name).write_text(text)
        site.manage("migrate", "--verbosity", "0")
        run = subprocess.run(
            [sys.executable, "manage.py", "import_reviews", "--publish", "--json", folder],
            cwd=site.ROOT, stdout=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        import django

        django.setup()
        return _compare([json.loads(line) for line in run.stdout.splitlines()], write_ups)


def _compare(imported: list[dict[str, Any]], write_ups: dict[str, tuple[str, Told]]) -> dict[str, Any]:
    from incidents.models import Incident
    from wiki.similar import similar_to

    numbers = {one["number"]: write_ups[Path(one["file"]).name][1] for one in imported if one["number"]}
    told = {one.pk: numbers[one.number] for one in Incident.objects.filter(number__in=numbers)}
    admin = _administrator()

    def ours(incident: int) -> list[int]:
        return [one.incident for one in similar_to(admin, Incident(pk=incident), DEPTH)]

    scores: dict[str, list[float]] = {"ours": [], "ts_rank": []}
    for incident, subject in told.items():
        best = [subject.worth(other) for pk, other in told.items() if pk != incident]
        for name, ranked in (("ours", ours(incident)), ("ts_rank", _by_full_text(incident))):
            score = ndcg([subject.worth(told[pk]) for pk in ranked], best)
            if score is not None:
                scores[name].append(score)
    means = {name: round(statistics.mean(values), 3) for name, values in scores.items()}
    better = sum(one > two for one, two in zip(scores["ours"], scores["ts_rank"], strict=True))
    worse = sum(one < two for one, two in zip(scores["ours"], scores["ts_rank"], strict=True))
    return {
        "write_ups": len(told), "judged": len(scores["ours"]), **means, "better": better, "worse": worse,
        "met": means["ours"] > means["ts_rank"],
    }  # fmt: skip


def _administrator() -> Any:
    from accounts.models import Person, Role

    return Person.objects.create_user(username="bench", role=Role.ADMINISTRATOR)


def _by_full_text(incident: int) -> list[int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_RANKED, [incident, DEPTH])
        return [pk for (pk,) in cursor.fetchall()]


def _speed(count: int) -> dict[str, Any]:
    with site.temporary_home():
        site.manage("load_synthetic", "--reviews", str(count))
        import django

        django.setup()
        from accounts.models import Person, Role
        from incidents.models import Incident, Status
        from reviews.models import Review
        from wiki.similar import similar_to, similar_to_draft
        from wiki.term_counts import count_anew

        began = time.perf_counter()
        count_anew()
        counted = time.perf_counter() - began
        reader = Person.objects.create_user(username="bench", role=Role.READER)
        keys = list(Incident.objects.visible_to(reader).filter(status=Status.PUBLISHED).values_list("pk", flat=True))
        asked = random.Random(1).sample(keys, min(ASKED, len(keys)))
        reviews = Review.objects.select_related("incident", "template").in_bulk(asked)
        return {
            "reviews": count,
            "counting_all_terms_s": round(counted, 1),
            "published": _timed(lambda pk: similar_to(reader, reviews[pk].incident), asked),
            "draft": _timed(lambda pk: similar_to_draft(reader, reviews[pk]), asked),
            "bar_ms": BAR_MS,
        }


def _timed(ask: Callable[[int], list[Any]], keys: list[int]) -> dict[str, float]:
    """Milliseconds: median and 95th percentile, after some questions that are not counted."""
    for key in keys[:10]:
        ask(key)
    times, found = [], 0
    for key in keys:
        began = time.perf_counter()
        found += len(ask(key))
        times.append((time.perf_counter() - began) * 1000)
    ranked = statistics.quantiles(times, n=20)
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(ranked[18], 1),
        "found": round(found / len(keys), 1),
        "met": ranked[18] < BAR_MS,
    }


def _print_quality(figures: dict[str, Any]) -> None:
    print(f"nDCG@{DEPTH}, leave-one-out, similar reviews against plain full-text ranking in the same run")
    for corpus, row in figures.items():
        print(
            f"  {corpus:<10} {row['judged']:>4} judged of {row['write_ups']:>4}   similar {row['ours']:.3f}"
            f"   full text {row['ts_rank']:.3f}   better {row['better']:>3}, worse {row['worse']:>3}"
            f"   {'met' if row['met'] else 'MISSED'}"
        )


def _print_speed(figures: dict[str, Any]) -> None:
    print(f"{figures['reviews']:,} published reviews; all terms counted in {figures['counting_all_terms_s']} s")
    for kind in ("published", "draft"):
        row = figures[kind]
        print(
            f"  similar to a {kind:<10} median {row['median_ms']:6.1f} ms   95 in 100 within {row['p95_ms']:6.1f} ms"
            f"   {row['found']} found   (bar {BAR_MS} ms: {'met' if row['met'] else 'MISSED'})"
        )


if __name__ == "__main__":
    main()
