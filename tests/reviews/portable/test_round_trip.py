"""What `export_reviews` writes, `import_reviews` reads back into an empty database: the same reviews."""

import json
import re
from contextlib import suppress
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Person
from actions.models import ActionItem
from actions.operations import change_action
from incidents.models import Grant, Incident
from reviews.attaching import attach_file
from reviews.models import Attachment, Evidence, Factor, Recurrence, Review, Section, Version, Why
from reviews.portable.checking import checked
from reviews.portable.exporting import export_all
from reviews.portable.gathering import portable_of
from reviews.portable.reading import read_loose
from reviews.portable.storing import store_document
from reviews.publishing import publish_review
from tests import factories, pictures
from timeline.models import Event, Perspective

ODD = "# A heading\n\n<!-- debrief event {} -->\n\\<!-- debrief end -->\n--> `--` & <b>\n\n---\n\n\u2028 end\n\n"
DEEP = b'[{"question":"q","children":' * 3000 + b"[]" + b"}]" * 3000

pytestmark = pytest.mark.django_db


def forget_reviews() -> None:
    """An empty database, as far as reviews go: their numbers may be given again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE incidents_incident, incidents_usednumber CASCADE")
        cursor.execute("SELECT setval('incidents_number', 1, false)")


def read(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def imported(folder: Path) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("import_reviews", str(folder), "--json", stdout=out, stderr=StringIO())
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.fixture(params=["markdown", "json"])
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def everything() -> Review:
    """A review in which each part says something odd."""
    author = factories.person("author")
    cause = factories.cause("capacity")
    review = factories.draft(author, "Odd -- “title” #1", summary="", severity="sev1", services=[factories.service()])
    incident = review.incident
    incident.tags = ["a, b", "c: d"]
    incident.time_zone = "Europe/Berlin"
    incident.detected_at = datetime(2026, 3, 14, 12, 5, 30, 123456, tzinfo=UTC)
    incident.save()
    review.causes.add(cause)
    for kind in ("summary", "narrative", "lessons"):
        Section.objects.create(review=review, kind=kind, text=ODD, html="")
    at = datetime(2026, 3, 14, 12, 0, 1, tzinfo=UTC)
    event = Event.objects.create(
        incident=incident, occurred_at=at, zone="+05:30", kind="signal", text=ODD, written_as="noon -->", html=""
    )
    Event.objects.create(incident=incident, occurred_at=at, zone="UTC", text="same instant", position=1, html="")
    Perspective.objects.create(event=event, who="the vendor", known=ODD, sense="it made sense")
    Perspective.objects.create(event=event, person=author, sense="#### not a heading of ours", position=1)
    action = ActionItem.objects.create(
        incident=incident, title="Add *an* alert -- now", details=ODD, owner=author, due=date(2026, 4, 1)
    )
    ActionItem.objects.create(
        incident=incident, title=" two\nlines ", status="wont-do", reason="No.", owner_as_written="Somebody", position=1
    )
    life_of(action, author)
    root = Why.objects.create(review=review, question="Why?", answer=ODD)
    below = Why.objects.create(
        review=review, parent=root, question="Why -- that?", is_root_cause=True, cause=cause, answer=""
    )
    Why.objects.create(review=review, question="And why?", position=1)
    Evidence.objects.create(why=below, event=event)
    Evidence.objects.create(why=below, url="https://example.org/a--b", label="a graph", position=1)
    factor = Factor.objects.create(review=review, text=ODD, cause=cause, why=below)
    factor.actions.add(action)
    Factor.objects.create(review=review, text="Another.", position=1)
    return review


def life_of(action: ActionItem, author: Person) -> None:
    """What becomes of items: proposed, done, verified, moved, split, merged, waiting."""
    at = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
    done = ActionItem.objects.create(
        incident=action.incident, title="Done", status="done", done_at=at, done_when=ODD, evidence=ODD, position=2,
        verified_by=author, verified_at=at,
    )  # fmt: skip
    part = ActionItem.objects.create(
        incident=action.incident, title="A part", status="proposed", split_from=action, position=3
    )
    part.waits_for.set([action, done])
    ActionItem.objects.create(
        incident=action.incident, title="The same", status="wont-do", reason="Merged.", merged_into=part, position=4
    )
    change_action(author, action.pk, due=date(2026, 4, 20), note="-- the vendor --> is late")
    action.refresh_from_db()


def test_everything_of_a_draft_comes_back(tmp_path: Path, form: str) -> None:
    before = portable_of(everything())
    export_all(tmp_path / "out", form)
    forget_reviews()
    (line,) = imported(tmp_path / "out")
    assert line["problems"] == []
    assert portable_of(Review.objects.get()) == before


def test_everything_that_was_published_comes_back(tmp_path: Path, form: str) -> None:
    review = everything()
    publish_review(None, review, "first", accept_missing=True)
    before = portable_of(review)
    export_all(tmp_path / "out", form)
    forget_reviews()
    imported(tmp_path / "out")
    assert portable_of(Review.objects.get()) == before


def test_the_demo_comes_back_file_by_file(tmp_path: Path, form: str, demo: date) -> None:
    export_all(tmp_path / "first", form)
    forget_reviews()
    lines = imported(tmp_path / "first")
    assert [line["problems"] for line in lines] == [[]] * len(lines)
    export_all(tmp_path / "second", form)
    first, second = read(tmp_path / "first"), read(tmp_path / "second")
    # Nobody can tell from a review that writes people as roles who they were.
    with_roles = [name for name, content in first.items() if re.search(rb'"?names_as_roles"?: true', content)]
    assert with_roles
    assert {name for name in first if first[name] != second[name]} <= set(with_roles)


def test_only_an_administrator_vouches_for_who_verified(tmp_path: Path, form: str) -> None:
    everything()
    export_all(tmp_path / "out", form)
    name, content = next(one for one in read(tmp_path / "out").items() if one[0].endswith((".md", ".json")))
    forget_reviews()

    restored = store_document(checked(read_loose(content, name), name), factories.person("zora"), trusted=False)

    assert not ActionItem.objects.filter(incident=restored.review.pk, verified_by__isnull=False).exists()


def test_recurrences_come_back(tmp_path: Path, form: str) -> None:
    author = factories.person("author")
    later, earlier = factories.draft(author, "Again"), factories.draft(author, "Before")
    Recurrence.objects.create(review=later, earlier=earlier)
    export_all(tmp_path / "out", form)
    forget_reviews()
    imported(tmp_path / "out")
    again = Recurrence.objects.get()
    assert (again.review.incident.title, again.earlier.incident.title) == ("Again", "Before")


def test_the_same_export_imported_where_it_came_from_is_unchanged(tmp_path: Path, form: str) -> None:
    factories.published(factories.person("author"))
    export_all(tmp_path / "out", form)
    (line,) = imported(tmp_path / "out")
    assert (line["status"], line["problems"]) == ("unchanged", [])
    assert Review.objects.count() == 1


def test_an_export_that_was_edited_changes_no_review_and_says_so(tmp_path: Path) -> None:
    factories.published(factories.person("author"))
    export_all(tmp_path / "out", "markdown")
    (path,) = (tmp_path / "out").iterdir()
    path.write_text(path.read_text().replace("Checkout was slow.", "Checkout was fast."))
    (line,) = imported(tmp_path / "out")
    assert line["status"] == "unchanged"
    assert "an import changes no review" in line["problems"][0]


def test_an_edited_text_is_what_comes_back(tmp_path: Path) -> None:
    factories.published(factories.person("author"))
    export_all(tmp_path / "out", "markdown")
    forget_reviews()
    (path,) = (tmp_path / "out").iterdir()
    path.write_text(path.read_text().replace("Checkout was slow.", "Checkout was fast."))
    imported(tmp_path / "out")
    assert Section.objects.get().text == "Checkout was fast."


def test_numbers_states_and_times_of_publication_come_back(tmp_path: Path, form: str) -> None:
    author = factories.person("author")
    factories.draft(author, "Deleted").incident.delete()
    version = factories.published(author)
    Incident.objects.update(status="archived")
    export_all(tmp_path / "out", form)
    number, created_at = version.review.incident.number, version.review.incident.created_at
    forget_reviews()
    imported(tmp_path / "out")
    incident = Incident.objects.get()
    assert (incident.number, incident.status, incident.created_at) == (number, "archived", created_at)
    assert Version.objects.get().published_at == version.published_at


def test_the_next_review_gets_a_number_of_its_own(tmp_path: Path) -> None:
    author = factories.person("author")
    number = factories.draft(author).incident.number
    export_all(tmp_path / "out", "json")
    forget_reviews()
    imported(tmp_path / "out")
    made = factories.draft(author, "Next").incident
    made.refresh_from_db()
    assert made.number > number


def test_a_number_that_is_taken_is_not_given_twice(tmp_path: Path) -> None:
    author = factories.person("author")
    number = factories.draft(author, "Exported").incident.number
    export_all(tmp_path / "out", "markdown")
    forget_reviews()
    while Incident.objects.filter(number=number).count() == 0:
        factories.draft(author, "Other")
    (line,) = imported(tmp_path / "out")
    assert line["number"] != number
    assert "was given to another review" in line["problems"][0]


def test_a_restricted_review_stays_restricted_to_the_same_readers(tmp_path: Path, form: str) -> None:
    reader = factories.person("reader", role="reader")
    version = factories.published(factories.person("author"))
    incident = version.review.incident
    incident.visibility = "restricted"
    incident.save()
    Grant.objects.create(incident=incident, person=reader)
    Grant.objects.create(incident=incident, team=factories.team("Core"))
    export_all(tmp_path / "out", form)
    forget_reviews()
    imported(tmp_path / "out")
    assert Incident.objects.get().visibility == "restricted"
    assert {str(grant) for grant in Grant.objects.all()} == {"Reader", "Core"}


def test_a_picture_comes_back_under_its_address(tmp_path: Path, form: str, settings: Any) -> None:
    author = factories.person("author")
    review = factories.draft(author)
    picture = attach_file(author, review, SimpleUploadedFile("graph.png", pictures.png()))
    Section.objects.filter(review=review).update(text=picture.markdown)
    export_all(tmp_path / "out", form)
    address, content = picture.get_absolute_url(), picture.file.read()
    forget_reviews()
    imported(tmp_path / "out")
    again = Attachment.objects.get()
    assert again.get_absolute_url() == address
    assert again.file.read() == content


def test_a_picture_whose_key_is_taken_gets_another_and_its_texts_follow(tmp_path: Path) -> None:
    author = factories.person("author")
    review = factories.draft(author)
    picture = attach_file(author, review, SimpleUploadedFile("graph.png", pictures.png()))
    Section.objects.filter(review=review).update(text=picture.markdown)
    export_all(tmp_path / "out", "markdown")
    Incident.objects.update(created_at=datetime(2020, 1, 1, tzinfo=UTC))
    imported(tmp_path / "out")
    _first, second = Review.objects.order_by("pk")
    other = second.attachments.get()
    assert other.pk != picture.pk
    assert other.get_absolute_url() in second.sections.get().text


def test_only_the_owner_of_the_folder_reads_it(tmp_path: Path) -> None:
    factories.draft(factories.person("author"))
    export_all(tmp_path / "out", "markdown")
    (path,) = (tmp_path / "out").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("mine")
    with pytest.raises(CommandError, match="Name another folder") as refused:
        call_command("export_reviews", str(tmp_path))
    assert refused.value.returncode == 2
    assert read(tmp_path) == {"mine.md": b"mine"}


def test_the_command_counts_and_says_how_many_are_restricted(tmp_path: Path) -> None:
    author = factories.person("author")
    factories.published(author, visibility="restricted")
    factories.draft(author)
    out = StringIO()
    call_command("export_reviews", str(tmp_path / "out"), stdout=out)
    assert "2 reviews: 1 published, 1 drafts; 1 of them restricted. 0 files" in out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"debrief": 1', "well-formed JSON"),
        (b'{"debrief": 1}', "“title” of the review is missing"),
        (b'{"debrief": 99, "title": "a"}', "a newer Debrief"),
        (b'{"debrief": 1, "title": "a", "occurred_at": "yesterday"}', "is not a time as"),
        (b'{"debrief": 1, "title": "a", "status": "lost"}', "“status” of the review is none of draft"),
        (b'{"debrief": 1, "title": "a", "events": [{"text": "x"}]}', "“at” of event 1 is missing"),
        (b'{"debrief": 1, "title": "a", "actions": [{"title": "x", "due": 3}]}', "“due” of action 1"),
        (b'{"debrief": 1, "title": "a", "services": {"a": 1}}', "“services” of the review is not a list"),
        (b'{"debrief": 1, "title": "a", "number": 1e400}', "“number” of the review"),
        (b'{"debrief": 1, "title": "a", "time_zone": "Mars/Base"}', "is not a time zone"),
        (b'{"debrief": 1, "title": "\\ud800\\u0000"}', ""),
        (b"---\ndebrief: 1\ntitle: unquoted\n---\n", "line 3: this is not as Debrief writes it"),
        (b'---\ndebrief: 1\ntitle: "a"\n---\n<!-- debrief known -->\nx\n', "line 5"),
        (b'{"debrief": 1, "title": "a", "whys": ' + DEEP + b"}", ""),
    ],
)  # fmt: skip
def test_a_damaged_file_says_what_is_wrong_and_where(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.json").write_bytes(content)
    out = StringIO()
    with suppress(SystemExit):
        call_command("import_reviews", str(tmp_path / "a.json"), "--json", stdout=out, stderr=StringIO())
    (line,) = [json.loads(line) for line in out.getvalue().splitlines()]
    assert said in " ".join(line["problems"])
    assert "log above" not in " ".join(line["problems"])


def test_other_json_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}')
    assert imported(tmp_path) == []


def test_a_team_that_is_not_here_comes_into_being_without_members(tmp_path: Path, form: str) -> None:
    team = factories.team("Lock keepers", factories.person("author"))
    review = factories.draft(factories.person("author"))
    ActionItem.objects.create(incident=review.incident, title="Paint the gate", team=team)
    export_all(tmp_path / "out", form)
    forget_reviews()
    team.delete()
    (line,) = imported(tmp_path / "out")
    again = ActionItem.objects.get().team
    assert again is not None
    assert (again.name, again.members.count(), line["problems"]) == ("Lock keepers", 0, [])
