"""Attaching files, who gets them, and what they are served as."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import Http404
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Grant, Incident, Participant
from reviews.attaching import attach_file
from reviews.live.document import document_from, set_text
from reviews.live.store import Edit, append, open_document
from reviews.models import Attachment, Review
from reviews.operations import add_factor, save_section, undo
from reviews.publishing import publish_review
from reviews.removed_attachments import delete_old_files, remove_attachment
from tests import factories
from tests.pictures import SECRET, chunk, png, segment, tiff
from tests.pictures import jpeg as jpeg_of

SignIn = Callable[[Person], Client]
pytestmark = pytest.mark.django_db
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def upload(name: str = "graph.png", content: bytes = png()) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def address(review: Review) -> str:
    return f"/drafts/{review.incident.number}/attachments"


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# Attaching


def test_a_script_gets_address_and_markdown(author: Person, review: Review, sign_in: SignIn) -> None:
    answer = sign_in(author).post(address(review), {"file": upload("Pool [1]_x.png")})
    assert answer.status_code == 201
    stored = review.attachments.get()
    assert answer.json() == {
        "url": f"/attachments/{stored.pk}/Pool-1-x.png",
        "name": "Pool [1]_x.png",
        "markdown": rf"![Pool \[1\]\_x](/attachments/{stored.pk}/Pool-1-x.png)",
        "is_image": True,
    }
    assert stored.uploaded_by == author


def test_what_is_no_picture_is_linked(author: Person, review: Review, sign_in: SignIn) -> None:
    told = sign_in(author).post(address(review), {"file": upload("pool.log", b"dry\n")}).json()
    assert told["markdown"] == f"[pool.log]({told['url']})"
    assert not told["is_image"]


def test_several_files_at_once(author: Person, review: Review, sign_in: SignIn) -> None:
    files = [upload("a.png"), upload("b.log", b"b"), upload("c.log", b"c")]
    told = sign_in(author).post(address(review), {"file": files}).json()
    assert [told["name"], *(one["name"] for one in told["more"])] == ["a.png", "b.log", "c.log"]


def test_of_several_files_none_is_attached_where_one_is_refused(
    author: Person, review: Review, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(address(review), {"file": [upload(), upload("b.exe", b"MZ\x90\0\0")]})
    assert answer.status_code == 415
    assert not review.attachments.exists()


@pytest.mark.parametrize("kind", ["summary", "narrative"])
def test_the_markdown_shows_the_picture(kind: str, author: Person, review: Review) -> None:
    one = attach_file(author, review, upload("Größe (neu) 5 €.png"))
    revision = 1 if kind == "summary" else 0
    section = save_section(author, review, kind, one.markdown, revision)
    picture = LexborHTMLParser(section.html).css_first("img")
    assert picture is not None
    assert picture.attributes["src"] == one.get_absolute_url()
    assert picture.attributes["alt"] == "Größe (neu) 5 €"


@pytest.mark.parametrize("name", ["日本.png", "‮gnp.png", "a" * 3000 + ".png", "_.png", "()[]<>.png", "%2e%2e.png"])
def test_whatever_its_name_the_markdown_shows_the_picture(name: str, author: Person, review: Review) -> None:
    one = attach_file(author, review, upload(name))
    html = save_section(author, review, "impact", one.markdown, 0).html
    assert f'src="{one.get_absolute_url()}"' in html


def test_the_same_file_is_attached_once(author: Person, review: Review) -> None:
    first, again = attach_file(author, review, upload()), attach_file(author, review, upload())
    other = attach_file(author, review, upload("other.png"))
    assert first == again != other
    assert AuditEntry.objects.filter(verb="add-attachment").count() == 2


def test_a_picture_loses_its_place_before_it_is_stored(author: Person, review: Review) -> None:
    photo = jpeg_of(segment(0xE1, b"Exif\0\0" + tiff(6)))
    one = attach_file(author, review, upload("whiteboard.jpg", photo))
    with one.file.open() as stored:
        kept = stored.read()
    assert SECRET not in kept
    assert len(kept) == one.size < len(photo)


def test_a_large_file_comes_from_the_disk(author: Person, review: Review) -> None:
    large = TemporaryUploadedFile("big.log", "text/plain", 3_000_000, None)
    large.write(b"line of a log\n" * 214_286)
    large.size = large.tell()
    one = attach_file(author, review, large)
    with one.file.open() as stored:
        assert len(stored.read()) == one.size == large.size


def test_the_page_without_scripts_shows_the_markdown(author: Person, review: Review, sign_in: SignIn) -> None:
    client = sign_in(author)
    page = client.get(f"/drafts/{review.incident.number}/?edit=attachments")
    form = LexborHTMLParser(page.content.decode()).css_first(f'form[action="{address(review)}"]')
    assert form is not None
    assert form.attributes["enctype"] == "multipart/form-data"
    answer = client.post(address(review), {"file": upload()}, headers=PAGE, follow=True)
    one = review.attachments.get()
    assert answer.redirect_chain[-1][0].endswith(f"#attachment-{one.pk}")
    shown = LexborHTMLParser(answer.content.decode())
    assert [field.attributes["value"] for field in shown.css("#attachments input[readonly]")] == [one.markdown]


def test_htmx_gets_the_part_alone(author: Person, review: Review, sign_in: SignIn) -> None:
    answer = sign_in(author).post(address(review), {"file": upload()}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert b'id="attachments"' in answer.content
    assert b"<html" not in answer.content


# Refusing


@pytest.mark.parametrize(
    ("name", "sent", "status", "words"),
    [
        ("empty.png", b"", 422, "“empty.png” is empty."),
        ("x.png", b"MZ\x90\0\0\0", 415, "What can be: PNG, JPEG"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "can run scripts"),
        ("x.gif", b"GIF89a", 415, "damaged"),
        ("x.log", b"x" * 3000, 413, "“x.log” has 2.9 KB; a file may have at most 2.0 KB."),
        ("x.png", png(chunk(b"IDAT", b"x" * 1500)), 413, "a picture may have at most 1.0 KB."),
    ],
)
def test_what_is_refused_says_why(
    name: str, sent: bytes, status: int, words: str, author: Person, review: Review, sign_in: SignIn, settings: Any
) -> None:
    settings.ATTACHMENT_FILE_BYTES, settings.ATTACHMENT_PICTURE_BYTES = 2048, 1024
    answer = sign_in(author).post(address(review), {"file": upload(name, sent)})
    assert answer.status_code == status
    assert words in answer.json()["message"]
    assert not review.attachments.exists()


def test_no_file_is_said(author: Person, review: Review, sign_in: SignIn) -> None:
    answer = sign_in(author).post(address(review), {"file": "no file"})
    assert (answer.status_code, answer.json()) == (422, {"message": "Choose a file."})


@pytest.mark.parametrize(("headers", "status"), [(PAGE, 415), ({"HX-Request": "true"}, 422)], ids=["page", "htmx"])
def test_a_refusal_stands_beside_the_field(
    headers: dict[str, str], status: int, author: Person, review: Review, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(address(review), {"file": upload("x.exe", b"MZ\x90\0")}, headers=headers)
    assert answer.status_code == status
    field = LexborHTMLParser(answer.content.decode()).css_first("#attachments .field.has-error")
    assert field is not None
    assert "cannot be attached" in field.text()


def test_a_request_too_long_is_refused_before_it_is_read(
    author: Person, review: Review, sign_in: SignIn, settings: Any
) -> None:
    settings.ATTACHMENT_FILE_BYTES = 100

    class Unread:
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("read")

        readline = read

    answer = sign_in(author).generic(
        "POST", address(review), b"x" * 5000, "multipart/form-data; boundary=x", **{"wsgi.input": Unread()}
    )
    assert answer.status_code == 413
    assert "400 bytes" in answer.json()["message"]


def test_a_review_holds_so_much_and_no_more(author: Person, review: Review, sign_in: SignIn, settings: Any) -> None:
    settings.ATTACHMENT_REVIEW_BYTES = 150
    attach_file(author, review, upload("a.log", b"a" * 100))
    answer = sign_in(author).post(address(review), {"file": upload("b.log", b"b" * 51)})
    assert answer.status_code == 413
    assert "150 bytes" in answer.json()["message"]
    assert storages["attachments"].listdir(str(review.pk))[1] == [str(review.attachments.get().pk)]


def test_an_archived_review_takes_no_files(author: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    Incident.objects.filter(pk=review.pk).update(status="archived")
    answer = sign_in(author).post(address(review), {"file": upload()})
    assert answer.status_code == 403
    assert "archived" in answer.json()["message"]


def test_who_only_reads_attaches_nothing(author: Person, outsider: Person, sign_in: SignIn) -> None:
    review = factories.published(author).review
    assert sign_in(outsider).post(address(review), {"file": upload()}).status_code == 403
    with pytest.raises(PermissionDenied):
        attach_file(outsider, review, upload())
    hidden = factories.draft(author)
    assert sign_in(outsider).post(address(hidden), {"file": upload()}).status_code == 404
    with pytest.raises(Http404):
        attach_file(outsider, hidden, upload())


def test_a_form_from_elsewhere_is_refused(author: Person, review: Review) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(address(review), {"file": upload()}).status_code == 403
    client.get(f"/drafts/{review.incident.number}/?edit=attachments")
    token = client.cookies["csrftoken"].value
    assert client.post(address(review), {"file": upload(), "csrfmiddlewaretoken": token}).status_code == 201
    assert client.post(address(review), {"file": upload()}, headers={"X-CSRFToken": token}).status_code == 201


# Serving


def served(client: Client, one: Attachment, **more: Any) -> Any:
    return client.get(one.get_absolute_url(), **more)


def test_a_picture_is_shown_and_can_do_nothing(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload("Größe.png"))
    answer = served(sign_in(author), one)
    assert content(answer) == png()
    expected = {
        "Content-Type": "image/png",
        "Content-Length": str(len(png())),
        "Content-Disposition": "inline; filename*=utf-8''Gr%C3%B6%C3%9Fe.png",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store, private",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "sent", "kind"),
    [
        ("run.pdf", b"%PDF-1.4\n<html><script>", "application/pdf"),
        ("a.html", b"just words", "text/plain"),
        ("a.json", b"{}", "text/plain"),
        ("a.zip", b"PK\3\4", "application/zip"),
    ],
)
def test_other_files_are_downloads(
    name: str, sent: bytes, kind: str, author: Person, review: Review, sign_in: SignIn
) -> None:
    one = attach_file(author, review, upload(name, sent))
    answer = served(sign_in(author), one)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{one.name}"'
    assert content(answer) == sent


def test_a_picture_that_is_a_script_as_well_is_served_as_a_picture(
    author: Person, review: Review, sign_in: SignIn
) -> None:
    both = png(after=b"<html><script>alert(1)</script>")
    answer = served(sign_in(author), attach_file(author, review, upload("x.html", both)))
    assert answer.headers["Content-Type"] == "image/png"
    assert b"script" not in content(answer)


def test_head_tells_as_much_and_sends_nothing(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    client = sign_in(author)
    head, got = client.head(one.get_absolute_url()), served(client, one)
    assert head.status_code == 200
    assert not head.content
    assert head.headers == got.headers


def test_only_its_own_address_serves_it(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    client = sign_in(author)
    for other in (
        f"/attachments/{one.pk}/login.html",
        f"/attachments/{uuid.uuid4()}/graph.png",
        f"/attachments/{one.pk}/",
    ):
        assert client.get(other).status_code == 404
    assert client.post(one.get_absolute_url()).status_code == 405


def test_a_file_that_is_gone_is_not_found(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    storages["attachments"].delete(one.file.name)
    assert served(sign_in(author), one).status_code == 404


# Who gets it


def people() -> dict[str, Person]:
    return {
        "author": factories.person("author"),
        "taking part, reader": factories.person("partaker", role="reader"),
        "administrator": factories.person("boss", role="administrator"),
        "named reader": factories.person("named", role="reader"),
        "reader": factories.person("reader", role="reader"),
        "facilitator": factories.person("facilitator", role="facilitator"),
        "anonymous": Person(),
    }


STATES: dict[str, set[str]] = {
    "draft": {"author", "taking part, reader", "administrator"},
    "published, mentioned": {
        "author", "taking part, reader", "administrator", "named reader", "reader", "facilitator",
    },
    "published, not mentioned": {"author", "taking part, reader", "administrator"},
    "restricted, mentioned": {"author", "taking part, reader", "administrator", "named reader"},
    "restricted, not mentioned": {"author", "taking part, reader", "administrator"},
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_who_gets_it(state: str, author: Person, review: Review, sign_in: SignIn) -> None:
    everyone = people()
    one = attach_file(author, review, upload())
    Participant.objects.create(incident=review.incident, person=everyone["taking part, reader"], role="responder")
    if state.endswith(", mentioned"):
        save_section(author, review, "impact", one.markdown, 0)
    if state.startswith("restricted"):
        Incident.objects.filter(pk=review.pk).update(visibility="restricted")
        Grant.objects.create(incident=review.incident, person=everyone["named reader"])
    if state != "draft":
        publish_review(author, review)
    got = set()
    for who, person in everyone.items():
        client = sign_in(person) if person.pk else Client()
        answer = served(client, one)
        assert answer.status_code in ((200, 404) if person.pk else (302,)), who
        got |= {who} if answer.status_code == 200 else set()
    assert got == STATES[state]


def test_a_picture_for_the_next_version_waits_for_it(
    author: Person, outsider: Person, review: Review, sign_in: SignIn
) -> None:
    publish_review(author, review)
    one = attach_file(author, review, upload())
    add_factor(author, review, text=f"See {one.markdown}")
    reader = sign_in(outsider)
    assert served(reader, one).status_code == 404
    publish_review(author, review)
    assert served(reader, one).status_code == 200


def test_mentioning_the_picture_of_another_review_gives_no_access_to_it(
    author: Person, outsider: Person, review: Review, sign_in: SignIn
) -> None:
    one = attach_file(author, review, upload())
    other = factories.draft(author)
    save_section(author, other, "impact", one.markdown, 0)
    publish_review(author, other)
    assert served(sign_in(outsider), one).status_code == 404


def test_access_that_ended_ends_for_files_as_well(author: Person, review: Review, sign_in: SignIn) -> None:
    guest = factories.person("guest")
    taking_part = Participant.objects.create(incident=review.incident, person=guest, role="responder")
    one = attach_file(author, review, upload())
    client = sign_in(guest)
    assert served(client, one).status_code == 200
    taking_part.delete()
    assert served(client, one).status_code == 404


# Removing


def test_what_nothing_shows_can_be_removed(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    client = sign_in(author)
    answer = client.post(f"{address(review)}/{one.pk}/remove", headers=PAGE)
    assert answer.status_code == 302
    assert not review.attachments.exists()
    assert served(client, one).status_code == 404
    assert AuditEntry.objects.filter(verb="delete-attachment", detail="graph.png").count() == 1


def test_what_was_removed_is_brought_back_as_it_was(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    Attachment.objects.update(uploaded_at=factories.NOON)
    client = sign_in(author)
    page = client.post(f"{address(review)}/{one.pk}/remove", headers={"HX-Request": "true"}).text
    deletion = review.incident.deletions.get()
    assert "Deleted “graph.png”." in page
    answer = client.post(f"/drafts/{review.incident.number}/undo/{deletion.pk}", headers={"HX-Request": "true"})
    assert f"attachment-{one.pk}" in answer.headers["HX-Trigger-After-Settle"]
    assert review.attachments.get().uploaded_at == factories.NOON
    assert content(served(client, one)) == png()
    history = client.get(f"/drafts/{review.incident.number}/history").text
    assert "deleted the attachment" in history
    assert "brought back the attachment" in history


def test_without_scripts_the_page_offers_to_undo(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    client = sign_in(author)
    page = client.post(f"{address(review)}/{one.pk}/remove", headers=PAGE, follow=True).text
    assert f"undo/{review.incident.deletions.get().pk}" in page.partition('id="attachments"')[2]


def test_a_removed_file_is_kept_for_a_week(author: Person, review: Review) -> None:
    one = attach_file(author, review, upload())
    deletion = remove_attachment(author, review, one.pk)
    assert delete_old_files(timezone.now() + timedelta(days=6)) == 0
    assert storages["attachments"].exists(one.file.name)
    assert delete_old_files(timezone.now() + timedelta(days=8)) == 1
    assert delete_old_files(timezone.now() + timedelta(days=8)) == 0
    assert not storages["attachments"].exists(one.file.name)
    with pytest.raises(ValidationError, match="gone for good"):
        undo(author, deletion.pk)


def test_a_secret_is_deleted_for_good(author: Person, outsider: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    client = sign_in(author)
    page = client.post(f"{address(review)}/{one.pk}/remove", headers={"HX-Request": "true"}).text
    deletion = review.incident.deletions.get()
    purge = f"{address(review)}/removed/{deletion.pk}/purge"
    assert f'hx-post="{purge}"' in page
    assert sign_in(outsider).post(purge).status_code == 404
    assert client.post(purge, headers={"HX-Request": "true"}).status_code == 200
    assert not storages["attachments"].exists(one.file.name)
    assert client.post(purge).status_code == 404
    with pytest.raises(ValidationError, match="gone for good"):
        undo(author, deletion.pk)
    history = client.get(f"/drafts/{review.incident.number}/history").text
    assert "deleted for good the attachment “graph.png”" in history
    assert "gone for good" in history
    assert "Bring it back" not in history


def test_a_file_that_was_brought_back_is_not_deleted(author: Person, review: Review) -> None:
    one = attach_file(author, review, upload())
    undo(author, remove_attachment(author, review, one.pk).pk)
    delete_old_files(timezone.now() + timedelta(days=30))
    assert storages["attachments"].exists(one.file.name)


def test_what_was_attached_again_meanwhile_is_not_brought_back_twice(author: Person, review: Review) -> None:
    deletion = remove_attachment(author, review, attach_file(author, review, upload()).pk)
    again = attach_file(author, review, upload())
    with pytest.raises(ValidationError, match="attached again"):
        undo(author, deletion.pk)
    assert list(review.attachments.all()) == [again]


def test_what_is_brought_back_keeps_to_what_a_review_may_hold(author: Person, review: Review, settings: Any) -> None:
    deletion = remove_attachment(author, review, attach_file(author, review, upload()).pk)
    settings.ATTACHMENT_REVIEW_BYTES = 10
    with pytest.raises(ValidationError, match="Remove one first"):
        undo(author, deletion.pk)


def test_what_was_published_while_it_was_away_is_readable_when_it_is_back(
    author: Person, outsider: Person, review: Review, sign_in: SignIn
) -> None:
    one = attach_file(author, review, upload())
    deletion = remove_attachment(author, review, one.pk)
    save_section(author, review, "impact", one.markdown, 0)
    publish_review(author, review)
    undo(author, deletion.pk)
    assert served(sign_in(outsider), one).status_code == 200


def test_what_a_text_shows_stays_and_says_where(author: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    save_section(author, review, "impact", one.markdown, 0)
    add_factor(author, review, text=one.markdown)
    client = sign_in(author)
    answer = client.post(f"{address(review)}/{one.pk}/remove", headers=PAGE)
    assert answer.status_code == 422
    assert "is still used in: Impact, Factors." in answer.content.decode()
    page = LexborHTMLParser(client.get(f"/drafts/{review.incident.number}/").content.decode())
    assert [link.attributes["href"] for link in page.css("#attachments .facts-line a")] == ["#impact", "#factors"]
    assert page.css_first('#attachments button[formaction$="/remove"]') is None


def test_what_a_published_version_shows_stays(author: Person, review: Review) -> None:
    one = attach_file(author, review, upload())
    section = save_section(author, review, "impact", one.markdown, 0)
    publish_review(author, review)
    save_section(author, review, "impact", "", section.revision)
    with pytest.raises(ValidationError, match="a published version shows it"):
        remove_attachment(author, review, one.pk)


def test_only_editors_remove(author: Person, outsider: Person, review: Review, sign_in: SignIn) -> None:
    one = attach_file(author, review, upload())
    removal = f"{address(review)}/{one.pk}/remove"
    assert sign_in(outsider).post(removal).status_code == 404
    other = factories.draft(factories.person("other"))
    with pytest.raises(Http404):
        remove_attachment(factories.person("other"), other, one.pk)
    assert review.attachments.exists()


def test_who_reads_a_draft_sees_the_list_without_actions(author: Person, review: Review, sign_in: SignIn) -> None:
    attach_file(author, review, upload())
    reader = factories.person("partaker", role="reader")
    Participant.objects.create(incident=review.incident, person=reader, role="responder")
    page = LexborHTMLParser(sign_in(reader).get(f"/drafts/{review.incident.number}/").content.decode())
    assert page.css("#attachments li a")
    assert not page.css("#attachments input:not([type=hidden]), #attachments button")


def test_the_list_asks_the_same_number_of_times_whatever_its_length(
    author: Person, review: Review, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        attach_file(author, review, upload(f"{number}.log", str(number).encode()))
    client = sign_in(author)
    client.get("/drafts/")
    with django_assert_max_num_queries(34):
        client.get(f"/drafts/{review.incident.number}/?part=attachments", headers={"HX-Request": "true"})


def test_what_is_typed_and_not_yet_in_its_row_counts(author: Person, review: Review) -> None:
    one = attach_file(author, review, upload())
    document = document_from([open_document(review.pk).state])
    typed = set_text(document, "section:impact", one.markdown)
    append(review.pk, [Edit(typed, ["section:impact"], author.pk)])
    with pytest.raises(ValidationError, match="still used in: Impact"):
        remove_attachment(author, review, one.pk)
