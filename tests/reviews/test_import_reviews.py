"""`import_reviews`: what is stored, what it prints, and that one bad file never stops the rest."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Person
from actions.models import ActionItem, ActionStatus
from catalog.models import Service, ServiceAlias
from incidents.models import Incident
from reviews.importing.store import import_file
from reviews.models import ImportedSource, Review, Version
from tests import factories

INVENTED = Path(__file__).parent.parent / "data" / "write-ups"
SMALL = b"# Sluice stuck\n\n## Summary\n\nThe sluice was stuck.\n"

pytestmark = pytest.mark.django_db


def run(*arguments: Any) -> tuple[list[dict[str, Any]], str, int]:
    """The JSON lines, what went to stderr, and the exit status."""
    out, err = StringIO(), StringIO()
    status = 0
    try:
        call_command("import_reviews", *map(str, arguments), "--json", stdout=out, stderr=err)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), status


def with_services(*names: str) -> bytes:
    listed = "".join(f"  - {name}\n" for name in names)
    return f"---\ntitle: Sluice\nservices:\n{listed}---\n\nText.\n".encode()


@pytest.fixture(autouse=True)
def causes(db: None) -> None:
    factories.starting_causes()


def test_a_line_has_the_fields_of_the_contract() -> None:
    lines, _, status = run(INVENTED / "atlassian.md")
    assert status == 0
    assert lines[0] == {
        "file": str(INVENTED / "atlassian.md"),
        "status": "imported",
        "number": Incident.objects.get().number,
        "title": "INC-204 Login page blank after release",
        "occurred_at": "2025-02-17T15:04:00Z",
        "detected_at": "2025-02-17T15:11:00Z",
        "mitigated_at": None,
        "resolved_at": "2025-02-17T16:30:00Z",
        "zone": "CET",
        "services": ["account-settings", "login"],
        "causes": ["code-change"],
        "timeline_events": 5,
        "action_items": 2,
        "factors": 1,
        "problems": [],
    }


def test_the_same_files_again_are_unchanged() -> None:
    run(INVENTED)
    lines, _, status = run(INVENTED)
    assert {line["status"] for line in lines} == {"unchanged"}
    assert status == 0
    assert Review.objects.count() == len(lines)


def test_a_bad_file_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(SMALL)
    (tmp_path / "b.md").write_bytes(b"\x00\x01binary")
    (tmp_path / "c.md").write_bytes(b"   \n")
    (tmp_path / "d.md").write_bytes(SMALL.replace(b"Sluice", b"Gate"))
    lines, errors, status = run(tmp_path)
    assert [line["status"] for line in lines] == ["imported", "failed", "failed", "imported"]
    assert status == 1
    assert "b.md is not a text file" in errors
    assert "c.md is empty" in errors


def test_a_failed_line_has_every_field(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_bytes(b"\x00")
    (line,), _, _ = run(tmp_path)
    assert (line["number"], line["title"], line["services"], line["timeline_events"]) == (None, None, [], 0)
    assert line["problems"]


def test_a_missing_file_among_others_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(SMALL)
    lines, errors, status = run(tmp_path / "a.md", tmp_path / "gone.md")
    assert [line["status"] for line in lines] == ["imported", "failed"]
    assert status == 1
    assert "There is no such file" in errors


def test_no_such_path_at_all_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no file or folder") as refused:
        call_command("import_reviews", str(tmp_path / "gone"))
    assert refused.value.returncode == 2


def test_an_unknown_owner_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(SMALL)
    with pytest.raises(CommandError, match='There is no person "nobody"') as refused:
        call_command("import_reviews", str(tmp_path), "--owner", "nobody")
    assert refused.value.returncode == 2


def test_hidden_folders_and_other_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.md").write_bytes(SMALL)
    (tmp_path / "picture.png").write_bytes(b"x")
    lines, errors, status = run(tmp_path)
    assert (lines, status) == ([], 0)
    assert "no Markdown file" in errors


def test_without_json_a_line_says_what_became_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(SMALL)
    out = StringIO()
    call_command("import_reviews", str(tmp_path), stdout=out)
    assert out.getvalue().split() == ["imported", str(Incident.objects.get().number), "Sluice", "stuck"]


def test_publishing_freezes_a_version_that_can_be_read() -> None:
    imported = import_file("a.md", SMALL, publish=True)
    assert imported.review is not None
    assert imported.review.incident.is_published
    assert Version.objects.get().document["sections"]["summary"]["text"] == "The sluice was stuck."


def test_publishing_later_publishes_what_was_imported_as_a_draft() -> None:
    import_file("a.md", SMALL)
    again = import_file("a.md", SMALL, publish=True)
    assert again.status == "unchanged"
    assert Version.objects.count() == 1


def test_the_owner_takes_part_in_the_draft() -> None:
    owner = factories.person("keeper")
    imported = import_file("a.md", SMALL, owner=owner)
    assert imported.review is not None
    assert [one.person for one in imported.review.incident.participants.all()] == [owner]


def test_another_text_under_the_same_name_is_another_review_and_is_said() -> None:
    import_file("a.md", SMALL)
    second = import_file("a.md", SMALL + b"\nMore.\n")
    assert second.status == "imported"
    assert "was imported before as review" in second.problems[-1]


def test_the_same_text_under_another_name_is_unchanged() -> None:
    import_file("a.md", SMALL)
    assert import_file("b.md", SMALL).status == "unchanged"


@pytest.mark.parametrize("called", ["Sluice Gate", "sluice gate", "SLUICE-GATE", "the lock"])
def test_a_service_is_found_by_name_slug_and_alias_in_any_case(called: str) -> None:
    known = Service.objects.create(slug="sluice-gate", name="Sluice Gate")
    ServiceAlias.objects.create(service=known, name="The Lock")
    imported = import_file("a.md", with_services(called.removeprefix("the ") if "gate" in called else called))
    assert imported.review is not None
    assert Service.objects.count() == 1


def test_services_written_alike_are_one() -> None:
    import_file("a.md", with_services("Pump House", "pump house", "PUMP HOUSE"))
    assert Service.objects.count() == 1


@pytest.mark.parametrize(("name", "slug"), [("docs.rs", "docs-rs"), ("AT&T", "at-t"), ("full_node", "full-node")])
def test_signs_in_a_name_become_hyphens_in_its_slug(name: str, slug: str) -> None:
    import_file("a.md", with_services(name))
    assert Service.objects.get().slug == slug


def test_long_names_that_begin_alike_stay_apart() -> None:
    import_file("a.md", with_services("x" * 79 + "a", "x" * 79 + "b"))
    assert Service.objects.count() == 2


def test_a_service_whose_name_ascii_cannot_write_is_kept() -> None:
    import_file("a.md", with_services("水門", "ポンプ"))
    assert sorted(Service.objects.values_list("name", flat=True)) == sorted(["水門", "ポンプ"])


def test_a_title_that_names_a_service_of_the_catalog_by_its_alias_belongs_to_it() -> None:
    known = Service.objects.create(slug="sluice-gate", name="Sluice Gate")
    ServiceAlias.objects.create(service=known, name="lower sluice")
    imported = import_file("a.md", b"# The Lower Sluice stood open\n\nText.\n")
    assert imported.review is not None
    assert list(imported.review.incident.services.all()) == [known]


def test_an_action_struck_through_will_not_be_done_and_says_why() -> None:
    import_file("a.md", b"# Sluice\n\n## Action items\n\n- ~~Paint the gate~~\n")
    action = ActionItem.objects.get()
    assert (action.status, bool(action.reason)) == (ActionStatus.WONT_DO, True)


def test_an_owner_known_here_becomes_the_owner() -> None:
    person = Person.objects.create_user("greta", name="Greta Sand")
    import_file("a.md", b"# Sluice\n\n## Action items\n\n- Paint the gate (owner: Greta Sand)\n- Oil it (@GRETA)\n")
    assert set(ActionItem.objects.values_list("owner", flat=True)) == {person.pk}


def test_a_name_that_two_people_share_stays_as_written() -> None:
    for username in ("greta1", "greta2"):
        Person.objects.create_user(username, name="Greta Sand")
    import_file("a.md", b"# Sluice\n\n## Action items\n\n- Paint the gate (owner: Greta Sand)\n")
    action = ActionItem.objects.get()
    assert (action.owner, action.owner_as_written) == (None, "Greta Sand")


def test_a_ticked_action_is_done() -> None:
    import_file("a.md", b"# Sluice\n\n## Action items\n\n- [x] Paint the gate\n")
    assert ActionItem.objects.get().status == ActionStatus.DONE


def test_long_titles_and_actions_keep_all_their_words() -> None:
    title, action = "word " * 60 + "end", "task " * 80 + "finish"
    imported = import_file("a.md", f"# {title}\n\n## Action items\n\n- {action}\n".encode())
    assert imported.review is not None
    assert imported.review.incident.title.endswith("…")
    assert title in imported.review.sections.get(kind="narrative").text
    assert action in ActionItem.objects.get().details


@pytest.mark.parametrize("name", ["n" * 400 + ".md", "a\udcff.md", "a\x00.md"])
def test_any_file_name_can_be_stored(name: str) -> None:
    assert import_file(name, SMALL).status == "imported"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [("# Écluse bloquée\n".encode("cp1252"), "Windows-1252"), ("# Écluse bloquée\n".encode("utf-16"), "")],
)
def test_other_encodings_are_read_and_said(content: bytes, encoding: str) -> None:
    imported = import_file("a.md", content)
    assert imported.review is not None
    assert imported.review.incident.title == "Écluse bloquée"
    assert encoding in " ".join(imported.problems)


def test_each_real_source_comes_back_byte_for_byte(shared: Path) -> None:
    paths = sorted(shared.glob("data/reviews/*.md"))[::6] + sorted(shared.glob("data/summaries/*.md"))[::12]
    lines, _, status = run("--publish", *paths)
    assert status == 0
    assert {line["status"] for line in lines} == {"imported"}
    kept = {source.file_name: bytes(source.content) for source in ImportedSource.objects.all()}
    assert kept == {path.name: path.read_bytes() for path in paths}
