"""`import_reviews` of ZIP archives: what is found in them, and what they cannot do."""

import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from incidents.models import Incident
from reviews.importing import archives, entities
from reviews.models import Attachment, ImportedSource, Section
from tests import factories, pictures
from tests.reviews.test_import_reviews import run

DATA = Path(__file__).parent.parent.parent / "data" / "html"
SMALL = b"# Sluice stuck\n\n## Summary\n\nThe sluice was stuck.\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def causes(db: None) -> None:
    factories.starting_causes()


def packed(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_write_ups_in_folders_of_an_archive_are_imported(tmp_path: Path) -> None:
    entries = {"2026/may/a.md": SMALL, "b.txt": SMALL + b"b", "c.html": (DATA / "google-docs.html").read_bytes()}
    others = {"logo.svg": b"<svg/>", ".git/x.md": SMALL + b"g", "__MACOSX/._a.md": b"\x00", "package.json": b"{}"}
    lines, _, status = run(packed(tmp_path / "all.zip", entries | others))
    assert status == 0
    assert [line["file"].removeprefix(str(tmp_path)) for line in lines] == [
        "/all.zip/2026/may/a.md", "/all.zip/b.txt", "/all.zip/c.html"
    ]  # fmt: skip


def test_the_same_archive_again_is_unchanged(tmp_path: Path) -> None:
    archive = packed(tmp_path / "all.zip", {"a.md": SMALL})
    run(archive)
    assert [line["status"] for line in run(archive)[0]] == ["unchanged"]


def test_pictures_beside_a_write_up_become_attachments(tmp_path: Path) -> None:
    text = b"# Sluice\n\n## Summary\n\n![level](images/level.png) and ![again](./images/level.png)\n"
    run(packed(tmp_path / "all.zip", {"x/a.md": text, "x/images/level.png": pictures.png()}))
    picture = Attachment.objects.get()
    address = picture.get_absolute_url()
    assert Section.objects.get().text == f"![level]({address}) and ![again]({address})"
    assert picture.file.read()


def test_pictures_in_a_folder_become_attachments(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Sluice\n\n## Summary\n\n![level](level.png)\n")
    (tmp_path / "level.png").write_bytes(pictures.png())
    run(tmp_path)
    assert Attachment.objects.count() == 1


def test_a_picture_that_is_missing_is_told(tmp_path: Path) -> None:
    lines, _, _ = run(packed(tmp_path / "all.zip", {"a.md": b"# Sluice\n\n![level](level.png)\n"}))
    assert lines[0]["problems"] == ["The picture level.png is not beside it."]


def test_a_picture_outside_of_the_folder_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(pictures.png())
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("# Sluice\n\n![x](../secret.png) ![y](/etc/passwd) ![z](link.png)\n")
    (tmp_path / "in" / "link.png").symlink_to(tmp_path / "secret.png")
    run(tmp_path / "in")
    assert not Attachment.objects.exists()


def test_a_space_that_confluence_exported_as_xml(tmp_path: Path) -> None:
    entries = {
        "entities.xml": (DATA / "entities.xml").read_bytes(),
        "exportDescriptor.properties": b"exportType=space\n",
        "attachments/21/41/2": pictures.png(),
    }
    lines, _, _ = run(packed(tmp_path / "space.zip", entries))
    assert [(line["title"], line["problems"]) for line in lines] == [("Seats sold twice & more", [])]
    assert "312 seats were sold twice." in Section.objects.get(kind="summary").text
    assert "a[1]" in Section.objects.get(kind="summary").text
    assert Attachment.objects.get().name == "double bookings.png"


def test_a_space_that_confluence_exported_as_html(tmp_path: Path) -> None:
    entries = {
        "HAR/Crane-stood-still_21.html": (DATA / "confluence-page.html").read_bytes(),
        "HAR/index.html": b"<html><head><title>Harbour (HAR)</title></head><body><h2>Available Pages:</h2></body></html>",
        "HAR/attachments/21/41.png": pictures.png(),
    }
    lines, _, _ = run(packed(tmp_path / "space.zip", entries))
    assert [line["title"] for line in lines] == ["Crane stood still"]
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("name", ["../../evil.md", "/etc/evil.md", "C:\\evil.md", "a/../../evil.md"])
def test_an_entry_that_points_outside_is_passed_over(tmp_path: Path, name: str) -> None:
    lines, _, _ = run(packed(tmp_path / "all.zip", {name: SMALL}))
    assert lines == []


def test_a_link_in_an_archive_is_passed_over(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        link = zipfile.ZipInfo("a.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert run(tmp_path / "all.zip")[0] == []


def test_an_entry_that_grows_beyond_bounds_fails_alone(tmp_path: Path) -> None:
    lines, _, status = run(packed(tmp_path / "all.zip", {"a.md": b"a" * 30_000_000, "b.md": SMALL}))
    assert [line["status"] for line in lines] == ["failed", "imported"]
    assert "a write-up may have" in lines[0]["problems"][0]
    assert status == 1


@pytest.mark.parametrize(
    ("most", "said"), [("MOST_ENTRIES", "holds 2 files; at most 1"), ("MOST_UNPACKED", "holds more than")]
)
def test_an_archive_beyond_bounds_is_refused(tmp_path: Path, monkeypatch: Any, most: str, said: str) -> None:
    monkeypatch.setattr(archives, most, 1)
    lines, _, status = run(packed(tmp_path / "all.zip", {"a.md": SMALL, "b.md": SMALL + b"b"}))
    assert said in lines[0]["problems"][0]
    assert status == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no zip", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_says_so(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "all.zip").write_bytes(content)
    lines, _, status = run(tmp_path / "all.zip")
    assert "is not a ZIP file, or it is damaged" in lines[0]["problems"][0]
    assert status == 1


def test_a_damaged_entry_fails_alone(tmp_path: Path) -> None:
    path = packed(tmp_path / "all.zip", {"a.md": SMALL * 50, "b.md": SMALL})
    content = bytearray(path.read_bytes())
    content[40:60] = b"\xff" * 20
    path.write_bytes(bytes(content))
    lines, _, _ = run(path)
    assert [line["status"] for line in lines] == ["failed", "imported"]
    assert "is damaged in the ZIP" in lines[0]["problems"][0]


def test_names_in_utf_8_without_saying_so_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("Ecluse-XX.md", SMALL)
    content = (tmp_path / "all.zip").read_bytes().replace(b"Ecluse-XX", "Ecluse-é".encode())
    (tmp_path / "all.zip").write_bytes(content)
    run(tmp_path / "all.zip")
    assert ImportedSource.objects.get().file_name == "Ecluse-é.md"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<hibernate-generic><object>", "no well-formed XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "has a DTD"),
        (b"\x00\xff", "no well-formed XML"),
    ],
)
def test_a_damaged_export_of_confluence_says_so(tmp_path: Path, content: bytes, said: str) -> None:
    lines, _, status = run(packed(tmp_path / "space.zip", {"entities.xml": content}))
    assert said in lines[0]["problems"][0]
    assert status == 1
    assert not Incident.objects.exists()


def test_an_export_of_confluence_beyond_bounds_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(entities, "MOST_BYTES", 100)
    lines, _, _ = run(packed(tmp_path / "space.zip", {"entities.xml": b"<a>" + b" " * 200 + b"</a>"}))
    assert "Export one space" in lines[0]["problems"][0]


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    _, errors, status = run(packed(tmp_path / "all.zip", {"a.png": pictures.png()}))
    assert "no Markdown file in it" in errors
    assert status == 0
