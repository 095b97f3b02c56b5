"""A review taken along as a document: its forms, who gets it, and what it does not tell."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Grant, Participant
from reviews.attaching import attach_file
from reviews.models import Section
from reviews.publishing import publish_review
from reviews.recurring import confirm_recurrence
from tests import factories
from tests.pictures import png
from wiki import pdf

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


def export(client: Client, number: int, form: str) -> Any:
    return client.get(f"/api/v1/reviews/{number}/export?format={form}")


@pytest.mark.parametrize(
    ("form", "content_type", "begins"),
    [
        ("markdown", "text/markdown; charset=utf-8", b"---\n"),
        ("json", "application/json", b"{"),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("pdf", "application/pdf", b"%PDF-"),
    ],
)
def test_each_form_is_a_file_with_a_name(
    form: str, content_type: str, begins: bytes, author: Person, sign_in: SignIn
) -> None:
    number = factories.published(author, "Pool ran dry").review.incident.number
    answer = export(sign_in(author), number, form)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == content_type
    assert f'filename="review-{number}-pool-ran-dry.' in answer.headers["Content-Disposition"]
    assert answer.content.lstrip().startswith(begins)


def test_without_a_form_it_is_markdown(author: Person, sign_in: SignIn) -> None:
    number = factories.published(author).review.incident.number
    answer = sign_in(author).get(f"/api/v1/reviews/{number}/export")
    assert answer.headers["Content-Type"].startswith("text/markdown")


@pytest.mark.parametrize("form", ["docx", "", "PDF", "%00", "markdown&format=x"])
def test_another_form_is_refused(form: str, author: Person, sign_in: SignIn) -> None:
    number = factories.published(author).review.incident.number
    answer = export(sign_in(author), number, form)
    assert answer.status_code == 422
    assert "format" in answer.json()["error"]["fields"]


@pytest.mark.parametrize("number", [999_999, 2**63, 10**30])
def test_what_is_not_there_is_404(number: int, author: Person, sign_in: SignIn) -> None:
    assert export(sign_in(author), number, "json").status_code == 404


@pytest.mark.parametrize("form", ["markdown", "json", "html", "pdf"])
def test_a_restricted_review_is_not_there_for_others(
    form: str, author: Person, outsider: Person, sign_in: SignIn
) -> None:
    number = factories.published(author, visibility="restricted").review.incident.number
    assert export(sign_in(outsider), number, form).status_code == 404


@pytest.mark.parametrize("form", ["markdown", "json", "html", "pdf"])
def test_a_draft_is_for_those_who_take_part(form: str, author: Person, outsider: Person, sign_in: SignIn) -> None:
    number = factories.draft(author).incident.number
    assert export(sign_in(outsider), number, form).status_code == 404
    assert export(sign_in(author), number, form).status_code == 200


def test_a_file_says_where_it_comes_from_and_links_lead_there(author: Person, sign_in: SignIn) -> None:
    version = factories.published(author, services=[factories.service("Payments")])
    page = export(sign_in(author), version.review.incident.number, "html").content.decode()
    assert f"http://testserver{version.review.incident.get_absolute_url()}" in page
    assert 'href="http://testserver/services/payments/"' in page
    assert 'href="/' not in page
    assert "<script" not in page


def test_times_are_in_the_zone_of_whose_token_it_is(author: Person, sign_in: SignIn) -> None:
    number = factories.published(author).review.incident.number
    reader = factories.person("reader in tokyo", role="reader", time_zone="Asia/Tokyo")
    assert "14 Mar 2026, 21:00 JST" in export(sign_in(reader), number, "html").content.decode()


def with_picture(author: Person) -> Any:
    review = factories.draft(author, "Pool ran dry")
    picture = attach_file(author, review, SimpleUploadedFile("graph.png", png()))
    shown = f'<p><img src="{picture.get_absolute_url()}" alt="The graph"></p>'
    Section.objects.create(review=review, kind="impact", text=picture.markdown, html=shown)
    return publish_review(author, review)


def test_pictures_are_in_the_file(author: Person, outsider: Person, sign_in: SignIn) -> None:
    page = export(sign_in(outsider), with_picture(author).review.incident.number, "html").content.decode()
    assert 'src="data:image/png;base64,' in page
    assert "/attachments/" not in page


def test_pictures_that_the_reader_may_not_have_are_told_in_words(
    author: Person, outsider: Person, sign_in: SignIn
) -> None:
    version = with_picture(author)
    version.review.attachments.update(is_published=False)
    page = export(sign_in(outsider), version.review.incident.number, "html").content.decode()
    assert "data:image" not in page
    assert "Picture: The graph" in page


def test_a_pdf_asks_no_other_address_and_no_file(author: Person, sign_in: SignIn, monkeypatch: Any) -> None:
    review = factories.draft(author)
    html = '<p><img src="http://127.0.0.1:9/x.png" alt="a"> <img src="file:///etc/passwd" alt="b"></p>'
    Section.objects.create(review=review, kind="impact", text="x", html=html)
    number = publish_review(author, review).review.incident.number

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was fetched")

    monkeypatch.setattr("urllib.request.HTTPHandler.http_open", refuse)
    monkeypatch.setattr("urllib.request.FileHandler.file_open", refuse)
    assert export(sign_in(author), number, "pdf").status_code == 200


def test_without_pango_the_pdf_is_refused_in_words(author: Person, sign_in: SignIn, monkeypatch: Any) -> None:
    number = factories.published(author).review.incident.number
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    answer = export(sign_in(author), number, "pdf")
    assert answer.status_code == 503
    assert answer.json()["error"]["message"].startswith("PDF documents cannot be made here: Pango")
    assert "Retry-After" not in answer.headers


def test_whoever_comes_while_another_is_made_may_come_again(author: Person, sign_in: SignIn, monkeypatch: Any) -> None:
    number = factories.published(author).review.incident.number
    monkeypatch.setattr(pdf, "_PATIENCE_SECONDS", 0.01)
    with pdf._ONE_AT_A_TIME:
        answer = export(sign_in(author), number, "pdf")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_a_very_long_review_is_too_long_for_a_pdf(author: Person, sign_in: SignIn, monkeypatch: Any) -> None:
    number = factories.published(author).review.incident.number
    monkeypatch.setattr(pdf, "_LONGEST", 100)
    answer = export(sign_in(author), number, "pdf")
    assert (answer.status_code, "too long" in answer.json()["error"]["message"]) == (503, True)


def test_who_may_read_a_restricted_review_is_told_to_those_who_take_part(
    author: Person, outsider: Person, sign_in: SignIn
) -> None:
    incident = factories.published(author, visibility="restricted").review.incident
    Grant.objects.create(incident=incident, person=outsider)
    of_author = json.loads(export(sign_in(author), incident.number, "json").content)
    of_reader = json.loads(export(sign_in(outsider), incident.number, "json").content)
    assert (of_author["readers"]["people"], of_reader["readers"]) == (["reader"], {})
    assert (of_author["people"][0]["username"], of_reader["people"][0]["username"]) == ("author", "")


def test_recurrences_of_hidden_reviews_are_left_out(author: Person, outsider: Person, sign_in: SignIn) -> None:
    hidden = factories.published(author, visibility="restricted")
    shown = factories.published(author, "Again")
    confirm_recurrence(author, shown.review, str(hidden.review.incident.number))
    number = shown.review.incident.number
    assert json.loads(export(sign_in(outsider), number, "json").content)["recurrence_of"] == []
    assert json.loads(export(sign_in(author), number, "json").content)["recurrence_of"] == [
        hidden.review.incident.number
    ]


@pytest.mark.parametrize("form", ["markdown", "json", "html"])
def test_a_version_with_roles_exports_roles(form: str, author: Person, outsider: Person, sign_in: SignIn) -> None:
    writer = factories.person("lateef")
    review = factories.draft(writer, summary="Lateef saw it.")
    Participant.objects.create(incident=review.incident, person=author, role="incident-commander")
    action = ActionItem.objects.create(incident=review.incident, title="Alert", owner=writer)
    attach_file(writer, review, SimpleUploadedFile("lateef.txt", b"x"))
    review.names_as_roles = True
    review.save()
    publish_review(writer, review)
    review.attachments.update(is_published=True)
    ActionItem.objects.filter(pk=action.pk).update(
        status="wont-do", reason="Lateef left", tracker_url="https://example.org/lateef"
    )
    answer = export(sign_in(outsider), review.incident.number, form)
    assert answer.status_code == 200
    assert "lateef" not in answer.content.decode().lower()
