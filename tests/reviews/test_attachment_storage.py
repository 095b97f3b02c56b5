"""Attachments in S3, over the real protocol, and in a folder; and what happens when the storage fails."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import Storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client, override_settings
from django.utils import timezone

from accounts.models import Person
from config.attachments import attachment_storage
from reviews.attaching import StorageUnavailable, attach_file
from reviews.models import Review
from reviews.removed_attachments import delete_old_files, remove_attachment
from tests import factories
from tests.fakes import s3
from tests.pictures import png

SignIn = Callable[[Person], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def fake() -> Iterator[s3.FakeS3]:
    with s3.running() as running:
        yield running


@pytest.fixture
def in_s3(fake: s3.FakeS3, monkeypatch: pytest.MonkeyPatch) -> Iterator[s3.FakeS3]:
    """Attachments go to the fake, as the environment of an installation says."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", s3.ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", s3.SECRET_KEY)
    yield from _stored_as(environment(fake), Path("unused"), fake)


def environment(fake: s3.FakeS3) -> dict[str, str]:
    return {"DEBRIEF_S3_BUCKET": s3.BUCKET, "DEBRIEF_S3_ENDPOINT": fake.address, "DEBRIEF_S3_REGION": s3.REGION}


def _stored_as(told: dict[str, str], home: Path, given: Any) -> Iterator[Any]:
    with override_settings(STORAGES={**settings.STORAGES, "attachments": attachment_storage(told, home)}):
        yield given


@pytest.fixture
def in_folder(tmp_path: Path) -> Iterator[Path]:
    yield from _stored_as({}, tmp_path, tmp_path / "attachments")


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def upload(name: str = "graph.png", content: bytes = png()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_a_file_goes_to_s3_and_comes_back(in_s3: s3.FakeS3, author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    key = f"{review.pk}/{one.pk}"
    assert in_s3.objects == {key: png()}
    answer = sign_in(author).get(one.get_absolute_url())
    assert b"".join(answer.streaming_content) == png()
    assert answer.headers["Content-Type"] == "image/png"
    remove_attachment(author, review, one.pk)
    delete_old_files(timezone.now() + timedelta(days=8))
    assert in_s3.objects == {}
    assert in_s3.refused == []
    assert [method for method, _ in in_s3.requests] == ["PUT", "HEAD", "GET", "DELETE"]


def test_a_file_of_25_megabytes_is_one_request(in_s3: s3.FakeS3, author: Person, review: Review) -> None:
    attach_file(author, review, upload("large.log", b"0123456789" * (25 * 1024 * 1024 // 10)))
    assert [method for method, _ in in_s3.requests] == ["PUT"]
    assert [len(one) for one in in_s3.objects.values()] == [25 * 1024 * 1024 // 10 * 10]


def test_s3_is_told_of_no_public_access(in_s3: s3.FakeS3, author: Person, review: Review) -> None:
    attach_file(author, review, upload())
    assert not [name for name in in_s3.headers[0] if "acl" in name.lower() or "grant" in name.lower()]


def test_head_asks_s3_for_nothing(in_s3: s3.FakeS3, author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    assert sign_in(author).head(one.get_absolute_url()).status_code == 200
    assert len(in_s3.requests) == 1


def test_a_wrong_key_is_refused_and_nothing_is_stored(
    in_s3: s3.FakeS3, settings: Any, author: Person, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
    settings.STORAGES = dict(settings.STORAGES)
    with pytest.raises(StorageUnavailable):
        attach_file(author, review, upload())
    assert in_s3.refused == ["signature"]
    assert not in_s3.objects
    assert not review.attachments.exists()


@pytest.mark.parametrize("status", [500, 503, 403])
def test_a_storage_that_fails_is_said_and_nothing_is_stored(
    status: int, in_s3: s3.FakeS3, author: Person, review: Review, sign_in: SignIn
) -> None:
    in_s3.fails_with = status
    answer = sign_in(author).post(f"/drafts/{review.incident.number}/attachments", {"file": upload()})
    assert answer.status_code == 503
    assert "Nothing was stored" in answer.json()["message"]
    assert not review.attachments.exists()


def test_a_storage_that_is_not_there_is_said(author: Person, review: Review, tmp_path: Path) -> None:
    told = environment(s3.FakeS3(address="http://127.0.0.1:9"))
    for _ in _stored_as(told, tmp_path, None):
        with pytest.raises(StorageUnavailable):
            attach_file(author, review, upload())
    assert not review.attachments.exists()


def test_a_file_that_cannot_be_read_now_is_no_failure_of_the_page(
    in_s3: s3.FakeS3, author: Person, review: Review, sign_in: SignIn
) -> None:
    one = attach_file(author, review, upload())
    in_s3.fails_with = 500
    answer = sign_in(author).get(one.get_absolute_url())
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "text/plain"


def test_a_file_that_s3_has_lost_is_not_found(
    in_s3: s3.FakeS3, author: Person, review: Review, sign_in: SignIn
) -> None:
    one = attach_file(author, review, upload())
    in_s3.objects.clear()
    assert sign_in(author).get(one.get_absolute_url()).status_code == 404


def test_no_file_stays_where_the_row_is_refused(
    in_s3: s3.FakeS3, author: Person, review: Review, settings: Any
) -> None:
    settings.ATTACHMENT_REVIEW_BYTES = 10
    with pytest.raises(Exception, match="together"):
        attach_file(author, review, upload())
    assert [method for method, _ in in_s3.requests] == ["PUT", "DELETE"]
    assert not in_s3.objects


def test_who_lost_access_while_the_file_travelled_stores_nothing(
    in_folder: Path, author: Person, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = Storage.save

    def save_and_lose(self: Storage, *args: Any, **more: Any) -> str:
        stored = save(self, *args, **more)
        review.incident.participants.all().delete()
        return stored

    monkeypatch.setattr(Storage, "save", save_and_lose)
    with pytest.raises(Http404):
        attach_file(author, review, upload())
    assert not [path for path in in_folder.rglob("*") if path.is_file()]
    assert not review.attachments.exists()


def test_without_a_bucket_files_lie_in_a_folder_that_others_cannot_enter(
    in_folder: Path, author: Person, review: Review
) -> None:
    one = attach_file(author, review, upload())
    stored = in_folder / str(review.pk) / str(one.pk)
    assert stored.read_bytes() == png()
    assert stored.parent.stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize("change", ["body", "path", "key", "unsigned"])
def test_the_fake_believes_nobody(change: str, fake: s3.FakeS3) -> None:
    """Otherwise the tests above would say nothing of signatures."""
    import http.client

    from botocore.auth import S3SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    secret = "wrong" if change == "key" else s3.SECRET_KEY
    request = AWSRequest("PUT", f"{fake.address}/{s3.BUCKET}/a/b", data=b"content")
    S3SigV4Auth(Credentials(s3.ACCESS_KEY, secret), "s3", s3.REGION).add_auth(request)
    headers = {} if change == "unsigned" else dict(request.headers.items())
    body = b"c0ntent" if change == "body" else b"content"
    path = f"/{s3.BUCKET}/a/c" if change == "path" else f"/{s3.BUCKET}/a/b"
    connection = http.client.HTTPConnection(fake.address.removeprefix("http://"))
    connection.request("PUT", path, io.BytesIO(body).read(), headers)
    assert connection.getresponse().status == 403
    connection.close()
    assert fake.objects == {}
