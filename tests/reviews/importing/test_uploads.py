"""Importing through the browser: upload, look, choose."""

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Incident
from reviews.importing.uploads import keeping, opening, working
from reviews.importing.uploads.keeping import discard_expired
from reviews.importing.uploads.working import import_chosen, read_upload
from reviews.models import Attachment, ImportedSource, Upload, UploadEntry
from reviews.models.attachments import attachment_storage
from tests import factories, pictures
from tests.fakes.s3 import FakeS3
from tests.reviews.test_attachment_storage import fake, in_s3

__all__ = ["fake", "in_s3"]

SMALL = b"# Sluice stuck\n\n## Summary\n\nThe sluice was stuck.\n"
WHOLE = b"""# Lower sluice overflowed

- Date: 2026-03-14
- Severity: SEV2
- Services: Sluice Gate

## Summary

The lower sluice overflowed.

## Timeline

- 09:00 UTC Water rose.
- 09:10 UTC Alert fired.

## Action items

- Add a level alarm
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def causes(db: None) -> None:
    factories.starting_causes()


@pytest.fixture
def client(author: Person, sign_in: Callable[[Person], Client]) -> Client:
    return sign_in(author)


def file(content: bytes = SMALL, name: str = "a.md") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def packed(entries: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return kept.getvalue()


def send(client: Client, *files: SimpleUploadedFile) -> Any:
    return client.post("/reviews/import/", {"file": list(files)}, follow=True)


def the_upload() -> Upload:
    return Upload.objects.get()


def choose(client: Client, *positions: int, **more: Any) -> Any:
    address = f"/reviews/import/{the_upload().pk}/choose"
    return client.post(address, {"entry": list(positions), **more}, follow=True)


def stored_names() -> list[str]:
    try:
        return attachment_storage().listdir(f"uploads/{the_upload().pk}")[1]
    except FileNotFoundError:
        return []


def test_an_upload_shows_what_would_be_imported_and_imports_nothing(client: Client) -> None:
    page = send(client, file(WHOLE)).content.decode()
    entry = UploadEntry.objects.get()
    assert (entry.title, entry.severity, entry.events, entry.actions) == ("Lower sluice overflowed", "sev2", 2, 1)
    assert entry.new_services == ["Sluice Gate"]
    for shown in ("Lower sluice overflowed", "SEV2", "14 Mar 2026", "2 events", "1 action", "new service"):
        assert shown in page
    assert not Incident.objects.exists()


def test_what_is_ticked_becomes_a_draft_of_the_person(client: Client, author: Person) -> None:
    send(client, file(packed({"a.md": SMALL, "b.md": SMALL + b"b"}), "all.zip"))
    choose(client, 1)
    incident = Incident.objects.get()
    assert (incident.status, incident.created_by) == ("draft", author)
    assert [one.status for one in UploadEntry.objects.all()] == ["new", "imported"]


def test_a_preview_says_what_the_import_then_makes(client: Client) -> None:
    send(client, file(WHOLE))
    entry = UploadEntry.objects.get()
    choose(client, 0)
    incident = Incident.objects.get()
    assert (entry.title, entry.occurred_at, entry.severity) == (incident.title, incident.occurred_at, incident.severity)
    assert entry.services == [one.name for one in incident.services.all()]
    assert (entry.events, entry.actions) == (incident.events.count(), incident.actions.count())


def test_all_new_ones_can_be_imported_whatever_is_ticked(client: Client) -> None:
    send(client, file(packed({"a.md": SMALL, "b.md": SMALL + b"b"}), "all.zip"))
    choose(client, which="all")
    assert Incident.objects.count() == 2


def test_ticking_nothing_is_told(client: Client) -> None:
    send(client, file())
    answer = choose(client)
    assert answer.status_code == 422
    assert "Tick what you want" in answer.content.decode()


def test_what_is_here_already_is_told_and_links_there(client: Client) -> None:
    send(client, file())
    choose(client, 0)
    the_upload().delete()
    page = send(client, file()).content.decode()
    assert "Already here" in page
    assert Incident.objects.get().get_edit_url() in page
    choose(client, 0)
    assert Incident.objects.count() == 1


def test_what_somebody_else_imported_in_secret_is_new_to_others(
    client: Client, sign_in: Callable[[Person], Client]
) -> None:
    send(client, file())
    choose(client, 0)
    Upload.objects.all().delete()
    send(sign_in(factories.person("other")), file())
    assert UploadEntry.objects.get().status == "new"


def test_pictures_uploaded_beside_a_page_come_along(client: Client) -> None:
    text = b"# Sluice\n\n## Summary\n\n![level](level.png)\n"
    send(client, file(text), file(pictures.png(), "level.png"))
    assert not Attachment.objects.exists()
    choose(client, 0)
    assert Attachment.objects.get().name == "level.png"


def test_a_missing_picture_is_told_before(client: Client) -> None:
    page = send(client, file(b"# Sluice\n\n## Summary\n\n![level](level.png)\n")).content.decode()
    assert "The picture level.png is not beside it." in page


BAD = [
    ("notes.docx", b"PK\x03\x04", "notes.docx cannot be read. Save it as Markdown"),
    ("all.zip", b"no zip", "all.zip is not a ZIP file, or it is damaged."),
    ("all.zip", packed({"x.png": b"1"}), "In all.zip there is no Markdown"),
    ("all.zip", packed({"../../etc/a.md": SMALL}), "In all.zip there is no Markdown"),
    ("a.json", b"{}", "a.json is not a review that Debrief exported."),
    ("a.md", b"\x00\x01\x02", "a.md is not a text file."),
    ("a.md", b"   \n", "a.md is empty."),
    ("entities.xml", b"<a", "entities.xml is no well-formed XML."),
    ("a.md", b'---\ndebrief: 1\ntitle: "x\n---\n', "this is not as Debrief writes it"),
    ("\ud800\x00.pdf", b"%PDF", "cannot be read"),
]


@pytest.mark.parametrize(("name", "content", "said"), BAD, ids=[f"{name}-{n}" for n, (name, *_) in enumerate(BAD)])
def test_what_cannot_be_read_says_why(client: Client, name: str, content: bytes, said: str) -> None:
    sent = file(content, "x")
    sent._name = name.encode("utf-8", "replace").decode()  # type: ignore[attr-defined]
    answer = send(client, sent)
    assert answer.status_code == 200
    assert said in answer.content.decode().replace("&quot;", '"')


def test_one_bad_file_keeps_none_of_the_others_from_being_imported(client: Client) -> None:
    send(client, file(b"%PDF", "a.pdf"), file(b"\x00", "b.md"), file(SMALL, "c.md"))
    assert "a.pdf cannot be read" in the_upload().problems[0]
    assert [one.status for one in UploadEntry.objects.all()] == ["failed", "new"]
    choose(client, which="all")
    assert Incident.objects.count() == 1


def test_a_bomb_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.importing.archives.MOST_UNPACKED", 1000)
    page = send(client, file(packed({"a.md": b"a" * 2000}), "all.zip")).content.decode()
    assert "all.zip holds more than" in page


def test_more_than_may_come_is_refused_before_it_is_kept(client: Client, settings: Any) -> None:
    settings.IMPORT_BYTES = 10
    answer = send(client, file())
    assert answer.status_code == 422
    assert "can come at once" in answer.content.decode()
    assert not Upload.objects.exists()


def test_a_form_that_is_too_long_is_not_read(client: Client, settings: Any) -> None:
    settings.IMPORT_BYTES = -1_000_000
    answer = send(client, file())
    assert answer.status_code == 413
    assert "can come at once" in answer.content.decode()


def test_too_many_files_are_told(client: Client) -> None:
    answer = send(client, *(file(SMALL, f"{number}.md") for number in range(101)))
    assert answer.status_code == 422
    assert "At most 100 files" in answer.content.decode()


@pytest.mark.parametrize("files", [[], [file(b"")]], ids=["none", "empty"])
def test_nothing_to_keep_is_told(client: Client, files: list[SimpleUploadedFile]) -> None:
    assert send(client, *files).status_code == 422


def test_waiting_uploads_are_limited(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST_AT_ONCE", 1)
    send(client, file())
    assert "uploads waiting" in send(client, file()).content.decode()


def test_forged_forms_are_refused(author: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/reviews/import/", {"file": file()}).status_code == 403


def test_readers_may_not_import(outsider: Person, sign_in: Callable[[Person], Client]) -> None:
    assert sign_in(outsider).get("/reviews/import/").status_code == 403


def test_an_upload_is_for_its_owner_alone(client: Client, sign_in: Callable[[Person], Client]) -> None:
    send(client, file())
    address = f"/reviews/import/{the_upload().pk}/"
    admin = sign_in(factories.person("boss", role="administrator"))
    assert admin.get(address).status_code == 404
    assert admin.post(address + "choose", {"which": "all"}).status_code == 404
    assert admin.post(address + "discard").status_code == 404
    assert client.get(address).status_code == 200


def test_only_facilitators_publish_at_once(client: Client, sign_in: Callable[[Person], Client]) -> None:
    send(client, file())
    choose(client, 0, publish="on")
    assert Incident.objects.get().status == "draft"
    Upload.objects.all().delete()
    lead = factories.person("lead", role="facilitator")
    send(sign_in(lead), file(SMALL + b"2"))
    choose(sign_in(lead), 0, publish="on")
    published = Incident.objects.get(created_by=lead)
    assert published.status == "published"
    assert published.review.versions.get().published_by == lead


def test_what_debrief_exported_is_imported_as_a_draft(client: Client, author: Person) -> None:
    review = factories.published(author, "Exported").review
    from reviews.portable.gathering import portable_of

    told = portable_of(review) | {"recorded_at": None}
    send(client, file(json.dumps(told).encode(), "1.json"))
    assert UploadEntry.objects.get().events == 1
    choose(client, 0)
    copy = Incident.objects.exclude(pk=review.pk).get()
    assert (copy.title, copy.status) == ("Exported", "draft")


def test_a_large_upload_is_read_and_imported_by_the_worker(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_LARGEST_AT_ONCE", 10)
    page = send(client, file()).content.decode()
    assert "Reading what you uploaded" in page
    assert 'hx-trigger="every 2s"' in page
    read_upload(the_upload().pk)
    page = choose(client, 0).content.decode()
    assert "0 of 1 imported" in page
    assert not Incident.objects.exists()
    import_chosen(the_upload().pk)
    assert Incident.objects.count() == 1
    assert the_upload().state == "ready"


def test_a_page_that_asks_how_far_it_is_reloads_at_the_end(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_LARGEST_AT_ONCE", 10)
    send(client, file())
    address = f"/reviews/import/{the_upload().pk}/"
    during = client.get(address, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in during.headers
    assert "<html" not in during.content.decode()
    read_upload(the_upload().pk)
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_what_a_killed_worker_left_can_be_gone_on_with(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_LARGEST_AT_ONCE", 10)
    send(client, file())
    Upload.objects.update(touched_at=timezone.now() - timedelta(minutes=3))
    address = f"/reviews/import/{the_upload().pk}/"
    assert "Go on with it" in client.get(address).content.decode()
    client.post(address + "again")
    assert not working.has_stopped(the_upload())


def test_reading_twice_keeps_each_entry_once(client: Client) -> None:
    send(client, file())
    Upload.objects.update(state="reading")
    read_upload(the_upload().pk)
    assert UploadEntry.objects.count() == 1


def test_sending_the_choice_twice_imports_once(client: Client) -> None:
    send(client, file())
    choose(client, 0)
    choose(client, 0)
    assert Incident.objects.count() == 1


def test_an_owner_who_may_no_longer_write_imports_nothing(
    client: Client, author: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(client, file())
    monkeypatch.setattr(working, "_FEW", 0)
    choose(client, 0)
    Person.objects.filter(pk=author.pk).update(role="reader")
    import_chosen(the_upload().pk)
    assert not Incident.objects.exists()
    assert UploadEntry.objects.get().status == "new"


def test_a_discarded_upload_is_gone_with_its_files_and_not_with_what_was_imported(client: Client) -> None:
    send(client, file())
    choose(client, 0)
    key = the_upload().files.get().key
    client.post(f"/reviews/import/{the_upload().pk}/discard")
    assert not Upload.objects.exists()
    assert not attachment_storage().exists(key)
    assert ImportedSource.objects.count() == 1


def test_an_upload_is_gone_after_a_day(client: Client) -> None:
    send(client, file())
    address, key = f"/reviews/import/{the_upload().pk}/", the_upload().files.get().key
    Upload.objects.update(expires_at=timezone.now())
    assert client.get(address).status_code == 404
    assert discard_expired(timezone.now()) == 1
    assert not attachment_storage().exists(key)


def test_a_file_that_is_lost_meanwhile_is_told(client: Client) -> None:
    send(client, file())
    attachment_storage().delete(the_upload().files.get().key)
    page = choose(client, 0).content.decode()
    assert "It cannot be read" in page


def test_an_upload_can_lie_in_a_bucket(in_s3: FakeS3, client: Client) -> None:
    send(client, file(packed({"a.md": SMALL, "b.md": SMALL + b"b"}), "all.zip"))
    assert len(in_s3.objects) == 1
    choose(client, which="all")
    assert Incident.objects.count() == 2
    client.post(f"/reviews/import/{the_upload().pk}/discard")
    assert not in_s3.objects


def test_a_bucket_that_does_not_answer_is_told(in_s3: FakeS3, client: Client) -> None:
    in_s3.fails_with = 503
    answer = send(client, file())
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()
    assert not Upload.objects.exists()


def test_a_bucket_that_falls_silent_meanwhile_loses_nothing(in_s3: FakeS3, client: Client) -> None:
    send(client, file(packed({"a.md": SMALL}), "all.zip"))
    in_s3.fails_with = 503
    assert "0 of 1 imported" in choose(client, 0).content.decode()
    in_s3.fails_with = 0
    import_chosen(the_upload().pk)
    assert Incident.objects.count() == 1


def test_a_file_that_was_uploaded_is_no_attachment_that_anybody_gets(client: Client) -> None:
    send(client, file())
    assert client.get(f"/attachments/{the_upload().pk}/a.md").status_code == 404


def test_an_upload_is_audited(client: Client, author: Person) -> None:
    send(client, file())
    entry = AuditEntry.objects.get(verb="upload")
    assert (entry.person, entry.detail) == (author, "a.md")


@pytest.mark.parametrize("query", ["page=x", "page=99999", "show=x", "page=\x00", "show=here"])
def test_any_query_of_the_page_answers(client: Client, query: str) -> None:
    send(client, file())
    assert client.get(f"/reviews/import/{the_upload().pk}/?{query}").status_code == 200


@pytest.mark.parametrize("entry", ["x", "-1", "\x00", "9" * 30, "٣"])
def test_any_choice_answers(client: Client, entry: str) -> None:
    send(client, file())
    answer = client.post(f"/reviews/import/{the_upload().pk}/choose", {"entry": entry})
    assert answer.status_code in (302, 422)


def test_an_unknown_upload_does_not_exist(client: Client) -> None:
    assert client.get(f"/reviews/import/{uuid.uuid4()}/").status_code == 404


def test_a_page_of_entries_takes_few_queries(client: Client, django_assert_num_queries: Any) -> None:
    send(client, file(packed({f"{n}.md": SMALL + str(n).encode() for n in range(15)}), "all.zip"))
    choose(client, which="all")
    with django_assert_num_queries(8):
        client.get(f"/reviews/import/{the_upload().pk}/?show=imported")
