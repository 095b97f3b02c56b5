"""Saving prose: with htmx and without, by two people at once, and whatever is typed."""

from collections.abc import Callable
from urllib.parse import urlencode

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
def test_a_stale_save_shows_both_texts_and_their_merge_and_loses_neither(
    review: Review, author: Person, sign_in: SignIn, headers: dict[str, str]
) -> None:
    client = sign_in(author)
    base = "Checkout was slow. Nobody saw it."
    client.post(address(review), {"text": base, "revision": "1"})
    client.post(address(review), {"text": "Checkout was slow. <Lee> saw it.", "revision": "2"})
    mine = {"text": "Checkout was very slow. Nobody saw it.", "revision": "2", "base": base}
    answer = client.post(address(review), mine, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Checkout was very slow. &lt;Lee&gt; saw it.</textarea>" in page
    assert "<mark>very </mark>" in page and "<mark>&lt;Lee&gt;</mark>" in page
    assert 'name="revision" value="3"' in page
    assert 'name="base" value="Checkout was slow. &lt;Lee&gt; saw it."' in page
    assert review.sections.get().text == "Checkout was slow. <Lee> saw it."
    client.post(address(review), {"text": "Both", "revision": "3"})
    assert review.sections.get().text == "Both"


def test_after_a_conflict_mine_may_be_saved_over_theirs(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    client.post(address(review), {"text": "Theirs", "revision": "1"})
    answer = client.post(address(review), {"text": "Mine", "revision": "1", "base": "Checkout was slow."}, headers=HTMX)
    assert 'name="keep" value="mine"' in answer.content.decode()
    posted = {"text": "Theirs Mine", "mine": "Mine", "keep": "mine", "revision": "2", "base": "Theirs"}
    assert client.post(address(review), posted).status_code == 302
    assert review.sections.get().text == "Mine"
    assert [one.text for one in review.text_versions.order_by("saved_at")][-2:] == ["Theirs", "Mine"]


def test_a_second_conflict_merges_again(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    client.post(address(review), {"text": "One. Two.", "revision": "1"})
    client.post(address(review), {"text": "One. Two. Three.", "revision": "2"})
    merge = {"text": "Zero. One. Two.", "revision": "2", "base": "One. Two."}
    page = client.post(address(review), merge, headers=HTMX).content.decode()
    assert "Zero. One. Two. Three.</textarea>" in page
    client.post(address(review), {"text": "One. Two. Three. Four.", "revision": "3"})
    again = {"text": "Zero. One. Two. Three.", "mine": "Zero. One. Two.", "revision": "3", "base": "One. Two. Three."}
    page = client.post(address(review), again, headers=HTMX).content.decode()
    assert "Zero. One. Two. Three. Four.</textarea>" in page


def test_without_a_base_nothing_of_either_text_is_left_out(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    client.post(address(review), {"text": "Theirs came first", "revision": "1"})
    page = client.post(address(review), {"text": "Mine came second", "revision": "1"}).content.decode()
    field = page[page.index("<textarea") : page.index("</textarea>")]
    for word in ("Theirs", "first", "Mine", "second"):
        assert word in field


def test_a_very_long_conflict_is_answered_without_a_merge(review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    client.post(address(review), {"text": "Theirs", "revision": "1"})
    answer = client.post(address(review), {"text": "Mine. " * 60_000, "revision": "1"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "Save mine over it" in page
    assert 'name="keep"' not in page


def test_the_form_carries_the_text_it_began_with(review: Review, author: Person, sign_in: SignIn) -> None:
    page = sign_in(author).get(f"{review.incident.get_edit_url()}?edit=summary").content.decode()
    assert 'name="base" value="Checkout was slow."' in page
    page = sign_in(author).get(f"{review.incident.get_edit_url()}?edit=impact").content.decode()
    assert 'name="base" value=""' in page


@pytest.mark.parametrize("base", ["a\x00b", "\ud800", "\r\n", "x" * 400_000])
def test_an_odd_base_does_no_harm(base: str, review: Review, author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    client.post(address(review), {"text": "Theirs", "revision": "1"})
    body = urlencode({"text": "Mine", "revision": "1", "base": base}, errors="surrogatepass")
    answer = client.post(address(review), body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 409


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
