"""A published page, signed in and access checked, against a bare view that returns the same bytes by one query.

Both run under the same server on the same database in one run, in turns; the medians are compared.
Bar: at least a third of the reference's requests per second.
"""

import json
import statistics
import sys
import urllib.request

from bench import load, site

ROUNDS = 5
SECONDS = 4
BAR = 1 / 3


def main() -> None:
    """Prints the figures; with --json as one JSON object."""
    with site.temporary_home():
        site.manage("migrate", "--verbosity", "0")
        site.manage("load_demo", "--verbosity", "0")
        figures = _measure()
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    print(f"Published page of {figures['bytes']:,} bytes, {load.CONNECTIONS} connections, {load.tool()}")
    print(f"  bare view, one query   {figures['reference_per_second']:8,.0f} requests/s")
    print(f"  published page         {figures['page_per_second']:8,.0f} requests/s")
    print(f"  ratio                  {figures['ratio']:8.2f}  (bar {BAR:.2f}: {'met' if figures['met'] else 'MISSED'})")


def _measure() -> dict[str, object]:
    import django

    django.setup()
    path, cookie = _page_and_session()
    from core.static_collection import collect_static_files

    collect_static_files()
    with site.serving("config.wsgi:application") as ours:
        request = urllib.request.Request(ours + path, headers={"Cookie": cookie})
        with urllib.request.urlopen(request) as response:
            body = response.read().decode()
        _store(body)
        with site.serving("config.wsgi:application", settings="bench.bare_settings") as bare:
            pages, references = [], []
            load.ask(ours + path, 2, cookie)
            load.ask(f"{bare}/pages/1/", 2)
            for _ in range(ROUNDS):
                references.append(load.ask(f"{bare}/pages/1/", SECONDS))
                pages.append(load.ask(ours + path, SECONDS, cookie))
    failures = sum(one.failures for one in pages + references)
    if failures:
        raise SystemExit(f"{failures} requests failed; no figure.")
    page = statistics.median(one.requests_per_second for one in pages)
    reference = statistics.median(one.requests_per_second for one in references)
    return {
        "benchmark": "page",
        "bytes": len(body.encode()),
        "page_per_second": round(page, 1),
        "reference_per_second": round(reference, 1),
        "ratio": round(page / reference, 3),
        "bar": round(BAR, 3),
        "met": page / reference >= BAR,
    }


def _page_and_session() -> tuple[str, str]:
    """The longest published page of the demo, and the session cookie of a reader."""
    from django.contrib.sessions.backends.db import SessionStore
    from django.db.models.functions import Length
    from django.test import Client

    from accounts.models import Person
    from wiki.models import SearchEntry

    reader = Person.objects.get(username="sam")
    entry = (
        SearchEntry.objects.visible_to(reader).order_by(Length("text__body").desc()).select_related("incident").first()
    )
    if entry is None:
        raise SystemExit("The demo has no published review.")
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    assert isinstance(session, SessionStore)
    return entry.incident.get_absolute_url(), f"sessionid={session.session_key}"


def _store(body: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_page (id bigint PRIMARY KEY, body text NOT NULL)")
        cursor.execute("INSERT INTO bench_page VALUES (1, %s)", [body])
    connection.close()


if __name__ == "__main__":
    main()
