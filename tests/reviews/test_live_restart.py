"""A database that is restarted while people write."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from core.embedded_postgres import Cluster
from tests.live import PATIENCE, ROOT, LiveProcess, Writer

# What a page knows: a draft of somebody who is signed in.
PREPARE = """
import json
from django.test import Client
from reviews.live.store import open_document
from tests import factories
alice = factories.person("alice")
review = factories.draft(alice)
review.incident.refresh_from_db()
client = Client()
client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
print(json.dumps({"pk": review.pk, "number": review.incident.number, "guid": str(open_document(review.pk).guid),
    "cookie": "sessionid=" + client.cookies["sessionid"].value}))
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path)
    cluster.ensure_running()
    yield cluster
    cluster.remove()


def test_a_restarted_database_loses_nothing(cluster: Cluster) -> None:
    home = str(cluster.home)
    known = _prepared(home)
    live = LiveProcess(home=home)
    try:
        review: Any = SimpleNamespace(pk=known["pk"], incident=SimpleNamespace(number=known["number"]))
        person: Any = SimpleNamespace(pk=0)
        writer = Writer(live, review, person, cookie=known["cookie"], guid=known["guid"])
        writer.until(lambda: writer.text() == "Checkout was slow.")
        writer.type(" Before.")
        writer.until_saved()
        cluster.stop()
        for n in range(10):
            writer.type(f" {n}")
        writer.read(1.0)
        assert writer.stored < writer.sent, "nothing is called saved while there is no database"
        cluster.ensure_running()
        writer.until_saved()
        wanted = "Checkout was slow. Before. 0 1 2 3 4 5 6 7 8 9"
        with psycopg.connect(cluster.conninfo(), autocommit=True) as database:
            writer.until(lambda: _summary(database) == wanted)
    finally:
        live.stop()


def _prepared(home: str) -> dict[str, Any]:
    environment = {**os.environ, "DEBRIEF_HOME": home, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    for arguments in (["migrate", "--verbosity", "0"], ["shell", "--verbosity", "0", "--command", PREPARE]):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=environment, check=True, capture_output=True, text=True, timeout=PATIENCE * 4,
        )  # fmt: skip
    known: dict[str, Any] = json.loads(done.stdout)
    return known


def _summary(database: psycopg.Connection) -> str:
    row = database.execute("SELECT text FROM reviews_section WHERE kind = 'summary'").fetchone()
    return str(row[0]) if row else ""
