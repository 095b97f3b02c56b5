"""Saving prose: with htmx and without, by two people at once, and whatever is typed."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Person
from reviews.models import Review
from tests import factories

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def address(review: Review, kind: str = "summary") -> str:
    return f"{review.incident.get_edit_url()}sections/{kind}"


def test_saving_without_javascript_leads_back_to_the_place(review: Review, author: Person, sign_in: SignIn) -> None:
    answer = sign_in(author).post(address(review), {"text": "**New** words", "revision": "1"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(review.incident.get_edit_url())
    assert answer.headers["Location"].endswith("#summary-edit")
    section = review.sections.get()
    assert section.text == "**New** words"
    assert "<strong>New</strong>" in section.html


def test_saving_with_htmx_answers_the_part_and_the_outline(review: Review, author: Person, sign_in: SignIn) -> None:
    answer = sign_in(author).post(address(review, "impact"), {"text": "All of it", "revision": "0"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "All of it" in page
    assert 'hx-swap-oob="true"' in page
    assert "<textarea" not in page
    assert "impact-edit" in answer.headers["HX-Trigger-After-Settle"]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_save_shows_both_texts_and_loses_neither(
    review: Review, author: Person, sign_in: SignIn, headers: dict[str, str]
) -> None:
    client = sign_in(author)
    client.post(address(review), {"text": "Theirs came first", "revision": "1"})
    answer = client.post(address(review), {"text": "Mine <came> second", "revision": "1"}, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs came first" in page
    assert "Mine &lt;came&gt; second</textarea>" in page
    assert "<ins>" in page and "<del>" in page
    assert review.sections.get().text == "Theirs came first"
    assert 'name="revision" value="2"' in page
    client.post(address(review), {"text": "Both", "revision": "2"})
    assert review.sections.get().text == "Both"


def test_a_missing_or_odd_revision_never_overwrites(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    for revision in ("", "0", "-1", "abc", "9" * 40, "1.5", "\x00"):
        answer = client.post(address(review), {"text": "Mine", "revision": revision}, headers=HTMX)
        assert answer.status_code in (409, 422), revision
        assert "Mine" in answer.content.decode()
    assert client.post(address(review), {}).status_code in (409, 422)
    assert review.sections.get().text == "Checkout was slow."


def test_two_megabytes_are_saved_or_refused_in_words(review: Review, author: Person, sign_in: SignIn) -> None:
    text = "A line of the log, as long as they are.\n" * 52_000
    answer = sign_in(author).post(address(review, "impact"), {"text": text, "revision": "0"}, headers=HTMX)
    page = answer.content.decode()
    if answer.status_code == 200:
        assert len(review.sections.get(kind="impact").text) > 2_000_000
    else:
        assert answer.status_code == 422
        assert "characters" in page
        assert page.count("A line of the log") >= 52_000


def test_more_than_fits_into_a_request_is_refused_in_words(review: Review, author: Person, sign_in: SignIn) -> None:
    answer = sign_in(author).post(address(review), {"text": "x" * 13_000_000, "revision": "1"})
    assert answer.status_code in (400, 413)


def test_odd_characters_do_no_harm(review: Review, author: Person, sign_in: SignIn) -> None:
    for n, text in enumerate(["a\x00b", "\u202eevil", "<script>alert(1)</script>", "👩‍🚒" * 50], 1):
        answer = sign_in(author).post(address(review), {"text": text, "revision": str(n)}, headers=HTMX)
        assert answer.status_code in (200, 409, 422)
        assert "<script>alert" not in answer.content.decode()


def test_an_unknown_section_does_not_exist(review: Review, author: Person, sign_in: SignIn) -> None:
    assert sign_in(author).post(address(review, "poems"), {"text": "x"}).status_code == 404


def test_an_expired_page_says_so(review: Review, author: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(author, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(address(review), {"text": "x", "revision": "1"})
    assert answer.status_code == 403
    assert review.sections.get().text == "Checkout was slow."
