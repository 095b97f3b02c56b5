"""`backup` and `restore`: everything comes back, or nothing changes."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client

from accounts.models import Person
from core.backup import restoring, writing
from core.backup.layout import MANIFEST
from core.models import AuditEntry
from incidents.models import Incident
from reviews.attaching import attach_file
from reviews.models import Attachment, Review, Version
from reviews.models.attachments import attachment_storage
from reviews.operations import undo
from reviews.removed_attachments import remove_attachment
from tests import factories
from tests.core.test_tables import empty_database, run
from tests.fakes.s3 import FakeS3
from tests.pictures import png
from tests.reviews.test_attachment_storage import fake, in_s3

__all__ = ["empty_database", "fake", "in_s3"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def review(author: Person) -> Review:
    """A published review with a picture."""
    factories.starting_causes()
    review = factories.published(author, "Water rose", causes=[factories.cause("capacity")]).review
    attach_file(author, review, SimpleUploadedFile("graph.png", png()))
    return review


def backup(path: Path) -> str:
    out = io.StringIO()
    call_command("backup", path, stdout=out)
    return out.getvalue()


def restore(path: Path, *, force: bool = True) -> str:
    out = io.StringIO()
    call_command("restore", path, force=force, stdout=out)
    ContentType.objects.clear_cache()
    return out.getvalue()


def refused(path: Path, *, force: bool = True) -> str:
    with pytest.raises(CommandError) as problem:
        restore(path, force=force)
    return str(problem.value)


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names))
        return dict(cursor.fetchall())


def wipe() -> None:
    """All that a restore has to bring back; an audit and versions go only this way."""
    for one in Attachment.objects.all():
        attachment_storage().delete(one.file.name)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE incidents_incident, incidents_usednumber, core_auditentry, accounts_person CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")


def rewritten(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a backup with another manifest."""
    changed = path.with_name("changed.backup")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == MANIFEST:
                manifest = json.loads(content)
                change(manifest)
                content = json.dumps(manifest).encode()
            new.writestr(name, content)
    return changed


def test_everything_comes_back(
    review: Review, author: Person, tmp_path: Path, sign_in: Callable[[Person], Client]
) -> None:
    address = review.incident.get_absolute_url()
    page = sign_in(author).get(address).content
    before, said = counts(), backup(tmp_path / "a")
    wipe()
    assert restore(tmp_path / "a", force=False).split(", as of")[0] == said.split(":")[0]
    assert counts() == before
    person = Person.objects.get(pk=author.pk)
    again = sign_in(person).get(address).content
    assert b"Water rose" in again
    assert len(again) == len(page)
    assert attachment_storage().open(Attachment.objects.get().file.name).read() == png()


def test_keys_and_numbers_go_on_where_they_were(review: Review, author: Person, tmp_path: Path) -> None:
    backup(tmp_path / "a")
    wipe()
    restore(tmp_path / "a")
    later = factories.draft(author)
    assert later.incident.number > review.incident.number
    assert later.pk > review.pk


def test_what_the_database_forbids_it_forbids_afterwards(review: Review, tmp_path: Path) -> None:
    backup(tmp_path / "a")
    restore(tmp_path / "a")
    for statement in ("DELETE FROM core_auditentry", "UPDATE reviews_version SET note = 'x'"):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO reviews_section (review_id, kind, text, html, revision, updated_at) "
                       "VALUES (999999, 'summary', '', '', 1, now()); SET CONSTRAINTS ALL IMMEDIATE")  # fmt: skip


def test_what_came_after_the_backup_is_gone(review: Review, author: Person, tmp_path: Path) -> None:
    backup(tmp_path / "a")
    later = factories.draft(author, "Later")
    attach_file(author, later, SimpleUploadedFile("later.png", png()))
    lost = Attachment.objects.get(name="later.png").file.name
    restore(tmp_path / "a")
    assert not Incident.objects.filter(title="Later").exists()
    assert not attachment_storage().exists(lost)


def test_a_removed_attachment_can_still_be_brought_back(author: Person, tmp_path: Path) -> None:
    review = factories.draft(author)
    attached = attach_file(author, review, SimpleUploadedFile("graph.png", png()))
    deletion = remove_attachment(author, review, attached.pk)
    backup(tmp_path / "a")
    attachment_storage().delete(attached.file.name)
    restore(tmp_path / "a")
    undo(author, deletion.pk)
    assert attachment_storage().open(Attachment.objects.get().file.name).read() == png()


def test_files_in_a_bucket_come_along(in_s3: FakeS3, review: Review, tmp_path: Path) -> None:
    backup(tmp_path / "a")
    objects = dict(in_s3.objects)
    in_s3.objects.clear()
    restore(tmp_path / "a")
    assert in_s3.objects == objects
    assert png() in objects.values()


def test_a_database_with_something_in_it_is_left_alone(review: Review, tmp_path: Path) -> None:
    backup(tmp_path / "a")
    assert "The database is not empty. Add --force" in refused(tmp_path / "a", force=False)
    assert Version.objects.count() == 1


def test_a_backup_is_restored_where_there_was_nothing(review: Review, tmp_path: Path, empty_database: str) -> None:
    backup(tmp_path / "a")
    made = run(empty_database, "restore", str(tmp_path / "a"))
    assert made.returncode == 0, made.stderr
    exported = run(empty_database, "export_reviews", str(tmp_path / "out"))
    assert exported.returncode == 0, exported.stderr
    assert "Water rose" in (next((tmp_path / "out").glob("*.md"))).read_text()


def test_tables_of_another_time_are_replaced(review: Review, author: Person, tmp_path: Path) -> None:
    backup(tmp_path / "a")
    before = counts()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'wiki'")
        cursor.execute("DROP TABLE wiki_savedsearch")
        cursor.execute("CREATE TABLE somebody_elses (x int)")
    try:
        restore(tmp_path / "a")
        after = counts()
        assert after.pop("somebody_elses") == 0
        assert after == before
        assert factories.published(author, "Later").review.incident.number > review.incident.number
    finally:
        connection.close()  # what it had prepared is about tables that are gone
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE somebody_elses")


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "newer form": (lambda it: it.update(debrief_backup=2), "made by a newer Debrief"),
    "newer tables": (lambda it: it["migrations"].append(["wiki", "0999_new"]), "wiki 0999_new is not known here"),
    "no form": (lambda it: it.pop("debrief_backup"), "It is not a backup"),
    "no tables": (lambda it: it.update(tables=3), "manifest is damaged"),
    "missing table": (lambda it: it["tables"].pop("reviews_version"), "It is damaged"),
    "other columns": (lambda it: it["tables"]["reviews_version"]["columns"].pop(), "It is damaged"),
    "other count": (lambda it: it["tables"]["reviews_version"].update(rows=7), "It is damaged"),
    "lost file": (lambda it: it["files"][0].update(entry="files/9"), "It is damaged"),
    "file elsewhere": (lambda it: it["files"][0].update(name="../../x"), "It is damaged"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_backup_that_does_not_fit_changes_nothing(review: Review, tmp_path: Path, case: str) -> None:
    change, said = BROKEN[case]
    backup(tmp_path / "a")
    before = counts()
    assert said in refused(rewritten(tmp_path / "a", change))
    assert counts() == before
    assert attachment_storage().exists(Attachment.objects.get().file.name)


@pytest.mark.parametrize("share", [0.2, 0.9])
def test_half_a_backup_is_none(review: Review, tmp_path: Path, share: float) -> None:
    backup(tmp_path / "a")
    content = (tmp_path / "a").read_bytes()
    (tmp_path / "half").write_bytes(content[: int(len(content) * share)])
    assert "is not complete" in refused(tmp_path / "half")


def test_a_byte_that_changed_is_noticed(review: Review, tmp_path: Path) -> None:
    backup(tmp_path / "a")
    content = bytearray((tmp_path / "a").read_bytes())
    with zipfile.ZipFile(tmp_path / "a") as archive:
        entry = archive.getinfo("tables/reviews_version.copy")
    content[entry.header_offset + 100] ^= 0xFF
    (tmp_path / "a").write_bytes(content)
    before = counts()
    assert "It is damaged" in refused(tmp_path / "a")
    assert counts() == before


def test_a_storage_that_fails_leaves_everything_as_it_was(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(tmp_path / "a")
    Review.objects.filter(pk=review.pk).update(names_as_roles=True)

    def fails(*_: Any) -> bool:
        raise OSError("disk full")

    monkeypatch.setattr(restoring, "put", fails)
    assert "disk full" in refused(tmp_path / "a")
    assert Review.objects.get().names_as_roles


def test_it_is_for_its_owners_eyes_and_whole_or_not_there(
    review: Review, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    whole = (tmp_path / "a").read_bytes()

    def fails(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("core.backup.writing._write_files", fails)
    with pytest.raises(CommandError, match="No space left"):
        backup(tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == whole
    assert list(tmp_path.iterdir()) == [tmp_path / "a"]


def test_a_file_that_is_lost_is_told_and_the_rest_is_backed_up(review: Review, tmp_path: Path) -> None:
    name = Attachment.objects.get().file.name
    attachment_storage().delete(name)
    errors = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("backup", tmp_path / "a", stderr=errors)
    assert ended.value.code == 1
    assert name in errors.getvalue()
    restore(tmp_path / "a")
    assert Version.objects.exists()


@pytest.mark.parametrize("path", ["", "none/a", "\ud800/a"])
def test_a_backup_goes_nowhere(tmp_path: Path, path: str) -> None:
    with pytest.raises(CommandError) as problem:
        backup(tmp_path / path)
    assert problem.value.returncode == 2


@pytest.mark.parametrize("content", [b"", b"x" * 100, None])
def test_what_is_no_backup_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a").write_bytes(content)
    assert ("There is no file" if content is None else "It is not a backup") in refused(tmp_path / "a")


def test_another_zip_is_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("x", "y")
    assert "It is not a backup of Debrief." in refused(tmp_path / "a")


def test_a_backup_is_of_one_instant(review: Review, author: Person, tmp_path: Path) -> None:
    """What is written while it is made is in none of its tables."""
    table = writing._write_table
    began = [False]

    def meanwhile(archive: zipfile.ZipFile, name: str, columns: list[str]) -> Any:
        written = table(archive, name, columns)
        if not began[0]:
            began[0] = True
            with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
                other.execute("INSERT INTO core_auditentry (at, verb, subject, detail) VALUES (now(), 'x', 'x', '')")
        return written

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "_write_table", meanwhile)
        backup(tmp_path / "a")
    assert AuditEntry.objects.filter(verb="x").exists()
    restore(tmp_path / "a")
    assert not AuditEntry.objects.filter(verb="x").exists()
