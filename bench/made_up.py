"""The made-up organisation that benchmarks at size share, and its readers."""

import sys
import time

from bench import site


def load_once(reviews: int) -> None:
    """The made-up organisation, loaded where it is not there yet."""
    from django.db import connection

    from core.models import AuditEntry
    from wiki.synthetic.load import VERB

    if not AuditEntry.objects.filter(verb=VERB).exists():
        began = time.monotonic()
        site.manage("load_synthetic", "--reviews", str(reviews))
        print(f"Loaded {reviews:,} reviews in {time.monotonic() - began:.0f} s.", file=sys.stderr)
    connection.close()


def readers(many: int) -> list[str]:
    """Sessions of ordinary people: authors of some reviews, members of a team that restricted ones name."""
    from django.test import Client

    from accounts.models import Person

    cookies = []
    for person in Person.objects.filter(role="author").order_by("pk")[:many]:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        cookies.append(f"sessionid={client.session.session_key}")
    return cookies
