"""What a file is is seen in it: names and browsers may say what they like."""

import gzip
import io
import zipfile

import pytest

from reviews.attachment_names import clean_name
from reviews.sniffing import AVIF, GIF, GZIP, JPEG, PDF, PNG, TEXT, WEBP, ZIP, Kind, NotAllowed, kind_of
from tests.pictures import gif, jpeg, png, riff, webp


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "hello")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(), PNG),
        (jpeg(), JPEG),
        (gif(), GIF),
        (webp(riff(b"VP8 ", b"abcd")), WEBP),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0" * 40, AVIF),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", PDF),
        (zipped(), ZIP),
        (gzip.compress(b"hello", mtime=0), GZIP),
        (b"2026-03-14 12:00:00 INFO pool exhausted\n", TEXT),
        (b'{"level": "error"}', TEXT),
        ("ein Größenfehler: 5 €\n".encode(), TEXT),
        ("Größe\n".encode("latin-1"), TEXT),
        ("PowerShell wrote this\r\n".encode("utf-16"), TEXT),
        (b"\x1b[31mERROR\x1b[0m red\n", TEXT),
        (b"BM began at noon\n", TEXT),
        (b"MZ is how this line begins\n", TEXT),
        (b"# Notes\n\nUse `<svg>` and <script> in the page.\n", TEXT),
        (b"a" * 70_000 + b"\n", TEXT),
    ],
)
def test_allowed_types_are_known(content: bytes, kind: Kind) -> None:
    assert kind_of(io.BytesIO(content)) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"  \n<html>",
        b"\xef\xbb\xbf<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?>\n<!-- a -->\n<!DOCTYPE svg PUBLIC ''><svg/>",
        b"<?xml version='1.0'?><svg:svg xmlns:svg='http://www.w3.org/2000/svg'/>",
        b"<!-- x --><script>alert(1)</script>",
        "<html><script>".encode("utf-16"),
    ],
)
def test_what_can_run_scripts_is_refused_with_a_way_out(content: bytes) -> None:
    with pytest.raises(NotAllowed, match=r"HTML or SVG.*PNG.*ZIP"):
        kind_of(io.BytesIO(content))


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0\3\0\0\0" + b"\0" * 60,
        b"\x7fELF\2\1\1" + b"\0" * 60,
        b"\0\0\0\x20ftypisom\0\0\2\0isomiso2",
        b"\0\0\0\x1cftypheic\0\0\0\0mif1heic" + b"\0" * 20,
        b"BM\x36\0\0\0\0\0\0\0\x36\0",
        b"\0\1\2\3\4",
        b"text, then a nul\0",
        b"x" * 100_000 + b"\0",
        b"\xff\xfe\0\xd8\0\xd8",
    ],
)
def test_other_types_are_refused(content: bytes) -> None:
    with pytest.raises(NotAllowed):
        kind_of(io.BytesIO(content))


def test_an_avif_that_notes_its_place_is_refused() -> None:
    with pytest.raises(NotAllowed, match="where and when"):
        kind_of(io.BytesIO(b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0" * 5000 + b"infe\2\0\0\0\0\2\0\0Exif\0"))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"GIF89a/*<script>*/=1;alert(1)//", GIF),
        (png(after=b"<html><script>alert(1)</script>"), PNG),
        (jpeg(after=b"PK\3\4"), JPEG),
        (b"%PDF-1.4\n<html><script>", PDF),
    ],
)
def test_of_a_file_that_is_two_things_its_beginning_decides(content: bytes, kind: Kind) -> None:
    assert kind_of(io.BytesIO(content)) is kind


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ("graph.png", PNG, "graph.png"),
        ("Graph.PNG", PNG, "Graph.png"),
        ("C:\\fakepath\\pool.log", TEXT, "pool.log"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("photo.png", JPEG, "photo.png.jpg"),
        ("evil.html", TEXT, "evil.html.txt"),
        ("page.svg", PNG, "page.svg.png"),
        ("setup.jar", ZIP, "setup.jar.zip"),
        ("report.docx", ZIP, "report.docx"),
        ("logs.tar.gz", GZIP, "logs.tar.gz"),
        ("", PNG, "file.png"),
        (".png", PNG, "png.png"),
        ("...", TEXT, "file.txt"),
        ("a\x00b\x07.txt", TEXT, "a\N{REPLACEMENT CHARACTER}b.txt"),
        ("exe\u202egnp.txt", TEXT, "exegnp.txt"),
        ("two\nlines .txt", TEXT, "two lines.txt"),
        ('a"b<c>|d?.txt', TEXT, "a-b-c--d-.txt"),
        ("Größe 5 €.csv", TEXT, "Größe 5 €.csv"),
        ("\ud800.txt", TEXT, "\N{REPLACEMENT CHARACTER}.txt"),
        ("x" * 5000 + ".log", TEXT, "x" * 150 + ".log"),
        ("日本.png", PNG, "日本.png"),
    ],
)
def test_names_are_cleaned(given: str, kind: Kind, expected: str) -> None:
    assert clean_name(given, kind) == expected
