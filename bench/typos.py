"""Slips of the fingers: how often a search for a misspelt word leads to the right one, and how long it takes.

Two hundred times, a service's name or a word of the published reviews gets one slip (a letter too many, too few or
wrong, or two that changed places) and is searched for as someone types it. Right is an offered reading that is the
word itself. A slip that makes another word of the reviews is drawn again. Bars: right in 95 of 100, each whole request
within 50 ms. On real write-ups, imported and published, and on the demo. `--json` prints one JSON object.
"""

import html
import json
import random
import re
import statistics
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench import site

REVIEWS = site.ROOT.parent / "shared" / "data" / "reviews"
DRAWN = 200
BAR_SHARE, BAR_MS = 0.95, 50
SEED = 20261125

_WORD = re.compile(r"[a-z]{4,30}")
_LINK = re.compile(r'class="did-you-mean">(.*?)</p>', re.DOTALL)
_HREF = re.compile(r'href="([^"]+)"')


def main() -> None:
    """Prints the figures; with --json as one JSON object. Another seed than the usual one after --seed."""
    if "--corpus" in sys.argv:
        print(json.dumps(_measured(sys.argv[sys.argv.index("--corpus") + 1], _seed())))
        return
    figures = {name: _in_its_own_home(name) for name in CORPORA}
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    for name, row in figures.items():
        if "skipped" in row:
            print(f"  {name:<8} skipped: {row['skipped']}")
            continue
        print(
            f"  {name:<8} {row['right']:.1%} of {row['drawn']} right, {row['right_at_first']:.1%} at first"
            f"   p95 {row['p95_ms']:.1f} ms, slowest {row['slowest_ms']:.1f} ms   {'met' if row['met'] else 'MISSED'}"
        )
        for slip in row["missed"]:
            print(f"           {slip}")


def slip(word: str, chance: random.Random) -> str:
    """The word with one slip, each of the four kinds as likely."""
    place = chance.randrange(len(word))
    letter = chance.choice(string.ascii_lowercase)
    match chance.randrange(4):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + letter + word[place:]
        case 2:
            return word[:place] + letter + word[place + 1 :]
    return word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :]


def drawn(groups: Iterable[list[str]], known: set[str], seed: int) -> list[tuple[str, str]]:
    """Words and what was written instead, as many of each group as of the others while they last."""
    chance = random.Random(seed)
    groups = [one for one in groups if one]
    pairs: list[tuple[str, str]] = []
    while len(pairs) < DRAWN:
        word = chance.choice(groups[len(pairs) % len(groups)])
        written = slip(word, chance)
        if written != word and written not in known and written.strip():
            pairs.append((word, written))
    return pairs


def _load_reviews() -> None:
    site.manage("migrate", "--verbosity", "0")
    command = [sys.executable, "manage.py", "import_reviews", "--publish", "--json", str(REVIEWS)]
    subprocess.run(command, cwd=site.ROOT, stdout=subprocess.DEVNULL, check=False)


def _load_demo() -> None:
    site.manage("migrate", "--verbosity", "0")
    site.manage("load_demo", "--verbosity", "0")


CORPORA: dict[str, Callable[[], None]] = {"reviews": _load_reviews, "demo": _load_demo}


def _in_its_own_home(corpus: str) -> dict[str, Any]:
    if corpus == "reviews" and not REVIEWS.is_dir():
        return {"skipped": "needs ../shared/data/reviews (test data), which is not beside this checkout"}
    run = subprocess.run(
        [sys.executable, "-m", "bench.typos", "--corpus", corpus, "--seed", str(_seed())],
        cwd=site.ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    figures: dict[str, Any] = json.loads(run.stdout)
    return figures


def _seed() -> int:
    return int(sys.argv[sys.argv.index("--seed") + 1]) if "--seed" in sys.argv else SEED


def _measured(corpus: str, seed: int) -> dict[str, Any]:
    with site.temporary_home():
        CORPORA[corpus]()
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS.append("testserver")
        from accounts.models import Person, Role
        from catalog.models import Service

        reader = Person.objects.create_user(username="bench-reader", role=Role.READER)
        said = _said()
        names = sorted(one.lower() for one in Service.objects.values_list("name", flat=True) if len(one) > 3)
        known = said | {part for name in names for part in (name, *name.split())}
        pairs = drawn([names, sorted(said)], known, seed)
        return _ask(pairs, reader)


def _said() -> set[str]:
    """Every word that a published review says, read from the texts and not from the vocabulary."""
    from wiki.models import SearchEntry

    rows = SearchEntry.objects.filter(visibility="internal").values_list("title", "text__body")
    texts = (re.sub(r"\S*[^\s\x00-\x7f]\S*|\S*\d\S*", " ", f"{title} {body}".lower()) for title, body in rows)
    return {word for text in texts for word in re.findall(r"(?<![\w])[a-z]+(?![\w])", text) if _WORD.fullmatch(word)}


def _ask(pairs: list[tuple[str, str]], reader: Any) -> dict[str, Any]:
    from django.test import Client

    client = Client(headers={"HX-Request": "true"})
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/reviews/?q=warming+up")
    times, missed, at_first = [], [], 0
    for word, written in pairs:
        began = time.perf_counter()
        answer = client.get(f"/reviews/?{urlencode({'q': written})}")
        times.append((time.perf_counter() - began) * 1000)
        offered = _offered(answer.content.decode())
        at_first += offered[:1] == [word]
        if word not in offered:
            missed.append(f"{word}: {written} led to {', '.join(offered) or 'nothing'}")
    right = 1 - len(missed) / len(pairs)
    p95 = statistics.quantiles(times, n=20)[18]
    return {
        "drawn": len(pairs), "right": round(right, 3), "right_at_first": round(at_first / len(pairs), 3),
        "median_ms": round(statistics.median(times), 1), "p95_ms": round(p95, 1), "slowest_ms": round(max(times), 1),
        "bar_ms": BAR_MS, "met": right >= BAR_SHARE and p95 < BAR_MS, "missed": missed,
    }  # fmt: skip


def _offered(page: str) -> list[str]:
    found = _LINK.search(page)
    links = map(html.unescape, _HREF.findall(found[1]) if found else [])
    return [parse_qs(urlsplit(link).query)["q"][0] for link in links]


if __name__ == "__main__":
    main()
