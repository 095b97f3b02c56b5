"""Pictures lose what cameras note in them, and nothing else."""

import struct
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.picture_metadata import DamagedPicture, without_metadata
from tests.pictures import SCAN, SECRET, TABLES, chunk, gif, jpeg, png, riff, segment, tiff, webp

PLACE = b"Exif\0\0"


def stripped(data: bytes, kind: str) -> bytes:
    return b"".join(without_metadata(data, f"image/{kind}"))


@pytest.mark.parametrize(
    "noted",
    [
        segment(0xE1, PLACE + tiff()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + SECRET),
        segment(0xED, b"Photoshop 3.0\0" + SECRET),
        segment(0xFE, SECRET),
        segment(0xE2, b"MPF\0" + SECRET),
        segment(0xE0, b"JFXX\0" + SECRET),
        segment(0xEB, SECRET),
        b"\xff" + segment(0xE1, PLACE + tiff()),
    ],
    ids=["exif", "xmp", "iptc", "comment", "mpf", "thumbnail", "other", "filled"],
)
def test_a_jpeg_says_nothing_of_its_place(noted: bytes) -> None:
    assert stripped(jpeg(noted), "jpeg") == jpeg()


def test_a_jpeg_keeps_colour_profile_and_transform() -> None:
    kept = [segment(0xE2, b"ICC_PROFILE\0\1\1profile"), segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")]
    assert stripped(jpeg(*kept), "jpeg") == jpeg(*kept)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_jpeg_stays_turned_as_it_was(orientation: int, order: str) -> None:
    kept = stripped(jpeg(segment(0xE1, PLACE + tiff(orientation, order))), "jpeg")
    assert SECRET not in kept
    exif = kept[kept.index(PLACE) + 6 :]
    assert struct.unpack_from(">IHHHIHHI", exif, 4) == (8, 1, 0x0112, 3, 1, orientation, 0, 0)
    assert kept.endswith(TABLES + SCAN + b"\xff\xd9")


def test_a_jpeg_of_several_scans_stays_whole() -> None:
    progressive = jpeg()[:-2] + segment(0xC4, b"\0" * 17) + SCAN + b"\xff\xd9"
    assert stripped(progressive, "jpeg") == progressive


@pytest.mark.parametrize(
    ("kind", "made", "with_more"),
    [
        ("jpeg", jpeg(), jpeg(after=jpeg(segment(0xE1, PLACE + tiff())))),
        ("png", png(), png(after=b"PK\3\4" + SECRET)),
        ("webp", webp(riff(b"VP8L", b"abc")), webp(riff(b"VP8L", b"abc"), after=SECRET)),
        ("gif", gif(), gif(after=b"<script>" + SECRET)),
    ],
)
def test_what_stands_after_the_picture_goes(kind: str, made: bytes, with_more: bytes) -> None:
    assert stripped(with_more, kind) == made


def test_a_jpeg_cut_off_in_its_picture_keeps_what_there_is() -> None:
    assert stripped(jpeg()[:-2], "jpeg") == jpeg()[:-2]


@pytest.mark.parametrize("kind", [b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"caBX", b"prVt"])
def test_a_png_says_nothing_of_its_place(kind: bytes) -> None:
    assert stripped(png(chunk(kind, SECRET)), "png") == png()


def test_a_png_keeps_colour_and_animation() -> None:
    kept = [chunk(kind, b"12345678") for kind in (b"sRGB", b"iCCP", b"pHYs", b"acTL", b"fcTL", b"tRNS")]
    assert stripped(png(*kept), "png") == png(*kept)


def test_a_png_stays_turned_as_it_was() -> None:
    kept = stripped(png(chunk(b"eXIf", tiff(6))), "png")
    at = kept.index(b"eXIf")
    (length,) = struct.unpack_from(">I", kept, at - 4)
    assert SECRET not in kept
    assert struct.unpack_from(">I", kept, at + 4 + length) == (zlib.crc32(kept[at : at + 4 + length]),)
    assert struct.unpack_from(">H", kept, at + 4 + 18) == (6,)


def test_a_webp_says_nothing_of_its_place() -> None:
    canvas, picture = b"\0\0\0\0\0\0\0\0\0", riff(b"VP8L", b"abcde")
    noted = webp(riff(b"VP8X", b"\x1c" + canvas), picture, riff(b"EXIF", tiff()), riff(b"XMP ", SECRET))
    assert stripped(noted, "webp") == webp(riff(b"VP8X", b"\x10" + canvas), picture)


def test_a_webp_stays_turned_as_it_was() -> None:
    noted = webp(riff(b"VP8X", b"\x0c" + b"\0" * 9), riff(b"VP8L", b"abcd"), riff(b"EXIF", PLACE + tiff(8)))
    kept = stripped(noted, "webp")
    assert SECRET not in kept
    assert struct.unpack_from("<I", kept, 4) == (len(kept) - 8,)
    assert kept[20] == 0x08
    assert struct.unpack_from(">H", kept, kept.index(b"EXIF") + 8 + 18) == (8,)


def test_a_gif_says_nothing_of_its_place() -> None:
    comment = b"\x21\xfe" + bytes([len(SECRET)]) + SECRET + b"\0"
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(SECRET)]) + SECRET + b"\0"
    kept = [b"\x21\xf9\4\0\0\0\0\0", b"\x21\xff\x0bNETSCAPE2.0\3\1\0\0\0"]
    assert stripped(gif(comment, kept[0], xmp, kept[1]), "gif") == gif(*kept)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("jpeg", b"\xff\xd8\xff"),
        ("jpeg", b"\xff\xd8\xff\xe1\xff\xff short"),
        ("jpeg", b"\xff\xd8\xff\xe1\0\0"),
        ("jpeg", b"\xff\xd8\xff\xdb\0\4xx<html>"),
        ("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("png", b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffIHDR" + b"x" * 30),
        ("webp", b"RIFF\x20\0\0\0WEBPVP8 \xff\xff\xff\xff" + b"x" * 30),
        ("gif", b"GIF89a"),
        ("gif", b"GIF89a/*xx*/=1;alert(1)//"),
    ],
)
def test_a_damaged_picture_is_refused(kind: str, data: bytes) -> None:
    with pytest.raises(DamagedPicture):
        stripped(data, kind)


@given(kind=st.sampled_from(["jpeg", "png", "webp", "gif"]), rest=st.binary(max_size=300))
def test_whatever_the_bytes_it_ends_with_a_picture_or_a_refusal(kind: str, rest: bytes) -> None:
    begin = {"jpeg": jpeg()[:20], "png": png()[:33], "webp": webp()[:12], "gif": gif()[:13]}[kind]
    with suppress(DamagedPicture):
        assert len(stripped(begin + rest, kind)) <= len(begin + rest) + 60


@given(cut=st.integers(0, 200), orientation=st.integers(0, 70000).map(lambda n: n & 0xFFFF))
def test_exif_cut_anywhere_never_leaves_the_place(cut: int, orientation: int) -> None:
    kept = stripped(jpeg(segment(0xE1, PLACE + tiff(orientation)[:cut])), "jpeg")
    assert SECRET[:6] not in kept


def test_a_type_without_such_notes_stays_whole() -> None:
    assert stripped(b"anything", "avif") == b"anything"
