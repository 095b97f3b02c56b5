"""Invented write-ups in the templates of the field: what each states comes out, and nothing else is claimed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.zones import zone_named
from reviews.importing.document import ParsedReview
from reviews.importing.named_things import named_in_title
from reviews.importing.parse import parse_review
from reviews.importing.whys import every_why

FOLDER = Path(__file__).parent.parent / "data" / "write-ups"
EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "expected.yaml").read_text())
READ = {name: parse_review((FOLDER / name).read_bytes(), name) for name in EXPECTED}


def stated(field: str) -> list[Any]:
    return [pytest.param(name, value[field], id=name) for name, value in EXPECTED.items() if field in value]


def moment(review: ParsedReview, field: str) -> str | None:
    at = getattr(review, f"{field}_at")
    if at is None:
        return None
    local = at.astimezone(zone_named(review.zone))
    day_only = review.occurred_is_date if field == "occurred" else local.time() == datetime.min.time()
    return local.date().isoformat() if day_only else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def normal(written: str | None) -> str | None:
    if written is None or "T" not in written:
        return written
    return datetime.fromisoformat(written).astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


@pytest.mark.parametrize(("name", "title"), stated("title"))
def test_title(name: str, title: str) -> None:
    assert READ[name].title == title


@pytest.mark.parametrize("field", ["occurred", "detected", "mitigated", "resolved"])
@pytest.mark.parametrize("name", EXPECTED)
def test_moments(name: str, field: str) -> None:
    if field in EXPECTED[name]:
        assert moment(READ[name], field) == normal(EXPECTED[name][field])


@pytest.mark.parametrize(("name", "count"), stated("events"))
def test_number_of_timeline_events(name: str, count: int) -> None:
    assert len(READ[name].events) == count


@pytest.mark.parametrize(("name", "count"), stated("actions"))
def test_number_of_action_items(name: str, count: int) -> None:
    assert len(READ[name].actions) == count


@pytest.mark.parametrize(("name", "count"), stated("factors"))
def test_number_of_factors(name: str, count: int) -> None:
    assert len(READ[name].factors) == count


@pytest.mark.parametrize(("name", "services"), [(n, v.get("services")) for n, v in EXPECTED.items()])
def test_services(name: str, services: list[str] | None) -> None:
    if services is not None:
        assert READ[name].services == services


@pytest.mark.parametrize(("name", "severity"), [(n, v.get("severity")) for n, v in EXPECTED.items()])
def test_severity(name: str, severity: str | None) -> None:
    assert READ[name].severity == severity


@pytest.mark.parametrize(("name", "causes"), stated("causes"))
def test_causes(name: str, causes: list[str]) -> None:
    assert READ[name].causes == causes


@pytest.mark.parametrize(("name", "authors"), stated("authors"))
def test_authors(name: str, authors: list[str]) -> None:
    assert READ[name].authors == authors


@pytest.mark.parametrize(("name", "tags"), stated("tags"))
def test_tags(name: str, tags: list[str]) -> None:
    assert READ[name].tags == tags


@pytest.mark.parametrize(("name", "kinds"), stated("sections"))
def test_sections_have_their_words(name: str, kinds: list[str]) -> None:
    assert [kind for kind in kinds if not READ[name].sections[kind].strip()] == []


def test_a_table_of_actions_gives_owner_due_date_and_state() -> None:
    actions = READ["atlassian.md"].actions
    assert [(a.owner, str(a.due), a.done) for a in actions] == [
        ("Mara Lind", "2025-03-15", False),
        ("Jonas Weber", "2025-02-28", True),
    ]


def test_a_list_of_actions_gives_owner_due_date_tracker_and_state() -> None:
    first, second, _ = READ["pagerduty.md"].actions
    assert (first.owner, str(first.due), first.tracker_url) == (
        "@lena",
        "2025-04-01",
        "https://tracker.example.com/CHK-101",
    )
    assert (first.done, second.done) == (False, True)


def test_an_owner_and_a_date_at_the_end_of_an_action() -> None:
    first = READ["bold-labels.md"].actions[0]
    assert (first.owner, str(first.due)) == ("Sofia Berg", "2024-07-20")


def test_a_list_of_whys_is_a_chain() -> None:
    depth, whys = 0, READ["atlassian.md"].whys
    questions = []
    while whys:
        questions.append(whys[0].question)
        whys, depth = whys[0].children, depth + 1
    assert depth == 5
    assert questions[0] == "Why was the page blank?"


def test_an_action_struck_through_was_given_up() -> None:
    assert [action.dropped for action in READ["lines-under-day.md"].actions] == [False, False, True]


def test_whys_on_plain_lines_are_a_chain() -> None:
    first = READ["incident-details.md"].whys[0]
    assert (first.question, first.answer) == ("Why did the gateway fail?", "TLS handshakes to the backends failed.")
    assert first.children[0].question == "Why did they fail?"


@pytest.mark.parametrize(("name", "count"), stated("whys"))
def test_number_of_whys(name: str, count: int) -> None:
    assert len(list(every_why(READ[name].whys))) == count


def test_a_link_by_reference_comes_along_with_the_part_that_uses_it() -> None:
    source = b"""# Sluice

## Timeline

- 2026-02-01 10:00 UTC the [log][gauge] shows the water rising

## Action items

- [#12]: paint the gate

[gauge]: https://example.org/gauge
[#12]: https://example.org/issues/12
"""
    review = parse_review(source, "x.md")
    assert review.events[0].text.endswith("[gauge]: https://example.org/gauge")
    assert review.actions[0].tracker_url == "https://example.org/issues/12"


def test_a_label_and_its_words_on_one_line_are_told_once() -> None:
    narrative = READ["key-events.md"].sections["narrative"]
    assert narrative.count("45 min") == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Customer Portal outage on 3 March", "Customer Portal"),
        ("2024-03-01 - docs.example.org is down", "docs.example.org"),
        ("CoreDNS upgrade went wrong", "CoreDNS"),
        ("Memory overload on WER cluster", "WER"),
        ("Power outage in Leeds", None),
        ("Total node failure", None),
        ("Users unable to sign in", None),
        ("How a single space took down our login", None),
    ],
)
def test_only_a_name_in_a_title_is_a_service(title: str, name: str | None) -> None:
    assert named_in_title(title) == name


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ('{{< title "Sluice stuck" >}}', "Sluice stuck"),
        ("Sluice stuck {% badge red %}", "Sluice stuck"),
        ("<%= page.title %> Sluice", "Sluice"),
        ("Sluice {stuck} at 90 %", "Sluice {stuck} at 90 %"),
    ],
)
def test_a_title_shows_no_tags_of_a_template(heading: str, title: str) -> None:
    assert parse_review(f"# {heading}\n\nText.\n".encode(), "sluice.md").title == title


def test_lines_that_only_lay_out_the_page_do_not_show_and_the_words_beside_them_do() -> None:
    text = (
        "# Sluice\n{: .fs-4 }\n\n{:toc}\n\n## Summary\n{: .no_toc }\n\n{{< note >}}\nIt stuck {:.red}.\n{{< /note >}}\n"
    )
    review = parse_review(text.encode(), "x.md")
    assert (review.sections["summary"], review.sections["narrative"]) == ("{{< note >}}\nIt stuck {:.red}.", "")


def test_layout_marks_in_code_stay() -> None:
    review = parse_review(b"# Sluice\n\n## Summary\n\n```\n{:toc}\n```\n", "x.md")
    assert "{:toc}" in review.sections["summary"]


def test_a_text_without_a_title_in_a_file_named_by_a_number_is_called_by_its_first_sentence() -> None:
    review = parse_review(b"The sluice was stuck. Nobody knew why.\n", "0b9c79f2-c9f6-4b88-a5b7-400973716d9a.md")
    assert review.title == "The sluice was stuck"


def test_a_text_without_a_title_is_called_by_its_file() -> None:
    assert parse_review(b"Nobody knew why.\n", "2021-05-09-stuck-sluice.md").title == "Stuck sluice"
