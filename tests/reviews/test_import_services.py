"""Which service an imported text belongs to when it states none: told of harm, known by name, or none."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from catalog.models import Service
from catalog.queries import find_service
from incidents.models import Incident
from reviews.importing.known_names import known_in
from reviews.importing.parse import parse_review
from reviews.importing.store import import_file


def told(summary: str, title: str = "Review of Tuesday") -> list[str]:
    return parse_review(f"# {title}\n\n## Summary\n\n{summary}\n".encode(), "x.md").services


@pytest.mark.parametrize(
    ("summary", "name"),
    [
        ("Between 9 and 10 weir.example.org was unreachable.", "weir.example.org"),
        ("The `gate-api` returned errors to everyone.", "gate-api"),
        ("WeirWatch stopped sending readings.", "WeirWatch"),
        ("We had an outage of Pump House for two hours.", "Pump House"),
        ("Requests failed. Users of Lock Keeper could not sign in.", "Lock Keeper"),
        ("A bad push took down Sluice Control.", "Sluice Control"),
        ("Kingfisher was down for most people.", "Kingfisher"),
        ("Our ticket shop was unavailable for an hour.", "ticket shop"),
    ],
)
def test_the_name_that_harm_is_told_of_is_the_service(summary: str, name: str) -> None:
    assert told(summary) == [name]


@pytest.mark.parametrize(
    "summary",
    [
        "Everything was slow on Tuesday.",
        "Monday went badly and Europe was asleep.",
        "A user-facing change was reverted.",
        "Mail stopped. We send mail every hour.",
        "The service was down.",
    ],
)
def test_words_that_name_nothing_are_no_service(summary: str) -> None:
    assert told(summary) == []


def test_a_person_is_no_service() -> None:
    text = "# Review\n\n**Authors:** Greta Sand\n\n## Summary\n\nThe gate stuck. Greta failed to close it, so Greta left.\n"
    assert parse_review(text.encode(), "x.md").services == []


def test_the_name_of_a_weakness_is_no_service() -> None:
    text = "We looked for the HeartLeak vulnerability everywhere."
    assert told(text, title="HeartLeak investigation") == []


def test_what_a_verb_of_harm_is_done_to_is_the_service_in_a_title() -> None:
    assert told("It took long.", title="Kafka upgrade broke Gatehouse") == ["Gatehouse"]


@pytest.mark.parametrize(
    ("title", "telling", "found"),
    [
        ("The Pump House stood still", "", ["Pump House"]),
        ("Employees Left Search Alone", "", []),
        ("Nobody could reach Search", "", ["Search"]),
        ("Slow searching", "We improved search. Search is slow when people search.", []),
        ("Slow", "People told us that Search was slow and that Search lost words.", ["Search"]),
        ("Slow", "The search service was slow, so we restarted the search service.", ["search"]),
        ("Slow", "Only gate-api was slow. We restarted gate-api.", ["gate-api"]),
        ("Slow", "Only gate-api-v2 was slow. We restarted gate-api-v2.", []),
        ("Slow", "Prometheus showed it, and Prometheus was right.", []),
        ("Slow", "The Pump House is old.", []),
        ("Slow", "The Pump House was unavailable.", ["Pump House"]),
    ],
)
def test_a_known_name_counts_in_a_title_or_where_it_is_spoken_of(title: str, telling: str, found: list[str]) -> None:
    names = ["Pump House", "gate-api", "Prometheus", "search" if "search service" in telling else "Search"]
    assert known_in(title, telling, names) == found


@pytest.mark.django_db
def test_the_slug_that_an_import_makes_finds_the_service() -> None:
    import_file("a.md", b"---\ntitle: Sluice\nservices: [docs.rs]\n---\n\nText.\n")
    assert find_service("docs-rs") == find_service("DOCS.RS") == Service.objects.get()


@pytest.mark.django_db
def test_a_file_of_a_folder_learns_a_service_from_another_that_comes_later(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "# Gauge read wrong\n\n## Summary\n\nIn the Pump House we saw it. The Pump House is old.\n"
    )
    (tmp_path / "b.md").write_text("---\ntitle: Sluice\nservices: [Pump House]\n---\n\nText.\n")
    (tmp_path / "c.md").write_bytes(b"\x00\x01")
    with pytest.raises(SystemExit):
        call_command("import_reviews", str(tmp_path), stdout=StringIO(), stderr=StringIO())
    assert [[str(s) for s in i.services.all()] for i in Incident.objects.order_by("number")] == [["Pump House"]] * 2
