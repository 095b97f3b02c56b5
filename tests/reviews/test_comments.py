"""Threads beside the text: who may say something, where it stands, and what becomes of it."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from pycrdt import Doc, Map
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from core.models import AuditEntry
from incidents.models import Notification, Status
from reviews.commenting import (
    change_comment,
    delete_comment,
    reopen,
    reply,
    resolve,
    start_thread,
    undo_delete_comment,
)
from reviews.discussion import Discussed, discussions_of
from reviews.live.store import Edit, append, open_document
from reviews.models import Comment, Review, Thread
from reviews.operations import delete_factor, save_section, undo
from reviews.publishing import publish_review
from reviews.readiness import readiness_of, unsettled
from tests import factories

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}
TEXT = "The pool ran dry. The **pool** was small. Then the pool was made larger."

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    review = factories.draft(author, summary=TEXT)
    review.factors.create(text="No alert on the pool", html="<p>No alert on the pool</p>")
    review.incident.events.create(occurred_at=factories.NOON, text="Errors rose", html="<p>Errors rose</p>")
    return review


@pytest.fixture
def base(review: Review) -> str:
    return review.incident.get_edit_url()


@pytest.fixture
def lee(review: Review) -> Person:
    """A reader who takes part."""
    lee = factories.person("lee", role="reader")
    review.incident.participants.create(person=lee, role="responder")
    return lee


def shown(review: Review) -> Discussed:
    """The one thread there is."""
    (discussion,) = discussions_of(Review.objects.get(pk=review.pk)).values()
    (one,) = [*discussion.open, *discussion.resolved]
    return one


def page(client: Client, address: str) -> LexborHTMLParser:
    answer = client.get(address)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.content.decode())


# Who


def test_whoever_takes_part_comments(review: Review, lee: Person) -> None:
    start_thread(lee, review, "section:summary", "How small?")
    assert shown(review).comments[0].author == lee


def test_who_only_reads_a_published_review_does_not(author: Person, review: Review, outsider: Person) -> None:
    with pytest.raises(Http404):
        start_thread(outsider, review, "section:summary", "How small?")
    publish_review(author, review)
    with pytest.raises(PermissionDenied):
        start_thread(outsider, review, "section:summary", "How small?")


def test_an_archived_review_takes_no_comments(author: Person, review: Review, base: str, sign_in: SignIn) -> None:
    thread = start_thread(author, review, "facts", "Why SEV2?").comment.thread
    publish_review(author, review)
    review.incident.status = Status.ARCHIVED
    review.incident.save()
    for change in (
        lambda: start_thread(author, review, "facts", "x"),
        lambda: reply(author, thread.pk, "x"),
        lambda: resolve(author, thread.pk),
    ):
        with pytest.raises(PermissionDenied):
            change()
    shown_page = page(sign_in(author), base)
    assert shown_page.css(".comment") and not shown_page.css("[data-comment], .comment-form")


def test_a_participant_without_the_right_to_write_comments_on_the_page(
    review: Review, base: str, lee: Person, sign_in: SignIn
) -> None:
    client = sign_in(lee)
    assert page(client, base).css('[data-comment="section:summary"]')
    client.post(f"{base}comments", {"place": "section:summary", "text": "How **small**?"})
    assert page(client, base).css_first(".comment .prose strong").text() == "small"
    assert client.post(f"{base}sections/summary", {"text": "x"}).status_code == 403


def test_only_ones_own_words_are_changed(review: Review, author: Person, lee: Person) -> None:
    comment = start_thread(author, review, "facts", "Why SEV2?").comment
    for change in (lambda: change_comment(lee, comment.pk, "x"), lambda: delete_comment(lee, comment.pk)):
        with pytest.raises(PermissionDenied):
            change()
    changed = change_comment(author, comment.pk, "Why not *SEV1*?").comment
    assert changed.html == "<p>Why not <em>SEV1</em>?</p>" and changed.edited_at


# Where


def test_a_quote_is_anchored_and_moves_with_the_text(review: Review, author: Person) -> None:
    start_thread(author, review, "section:summary", "How small?", quote="pool was", before=0)
    assert shown(review).words == "pool was"
    section = review.sections.get()
    save_section(
        author, review, "summary", "Note well: " + TEXT.replace("**pool**", "connection pool"), section.revision
    )
    one = shown(review)
    assert (one.words, one.is_gone) == ("pool was", False)


def test_which_of_equal_passages_is_meant_stays_known(review: Review, author: Person) -> None:
    start_thread(author, review, "section:summary", "This one", quote="pool", before=2)
    assert (shown(review).words, shown(review).before) == ("pool", 2)
    section = review.sections.get()
    save_section(author, review, "summary", TEXT.replace("The pool ran dry. ", ""), section.revision)
    assert (shown(review).words, shown(review).before) == ("pool", 1)


def test_a_removed_passage_is_told_with_its_old_words(
    review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    start_thread(author, review, "section:summary", "How small?", quote="pool was small")
    save_section(author, review, "summary", "The pool ran dry.", review.sections.get().revision)
    assert shown(review).is_gone
    thread = page(sign_in(author), base).css_first(".thread").text()
    assert "The passage was removed." in thread and "pool was small" in thread


def test_a_passage_that_was_pasted_elsewhere_is_found_again(review: Review, author: Person) -> None:
    start_thread(author, review, "section:summary", "How small?", quote="pool was small")
    save_section(author, review, "summary", "The pool ran dry.", review.sections.get().revision)
    save_section(author, review, "summary", "A pool was small once.", review.sections.get().revision)
    assert shown(review).words == "pool was small"


def test_items_are_commented_and_a_deleted_item_keeps_its_threads(review: Review, author: Person) -> None:
    factor = review.factors.get()
    start_thread(author, review, f"factor:{factor.pk}", "Which alert?", quote="No alert")
    assert (shown(review).place.part, shown(review).words) == ("factors", "No alert")
    deletion = delete_factor(author, factor.pk)
    assert shown(review).place.label == "A factor that was deleted"
    undo(author, deletion.pk)
    assert shown(review).words == "No alert"


def test_words_of_an_event_can_be_quoted(review: Review, author: Person) -> None:
    event = review.incident.events.get()
    start_thread(author, review, f"event:{event.pk}", "Which?", quote="Errors")
    assert shown(review).words == "Errors"
    event.text = "Latency rose"
    event.save()
    assert shown(review).is_gone


def test_words_that_do_not_stand_there_are_refused_in_place(
    review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    typed = {"place": "section:summary", "quote": "pond", "text": "Sure?"}
    answer = sign_in(author).post(f"{base}comments", typed, headers=HTMX)
    assert answer.status_code == 422
    form = LexborHTMLParser(answer.content.decode())
    assert "do not stand there" in form.css_first("[id$=quote_error]").text()
    assert form.css_first("textarea").text().strip() == "Sure?"
    assert not Thread.objects.exists()


@pytest.mark.parametrize(
    "place",
    ["", "nowhere", "section:", "section:nowhere", "factor:0", "factor:x", "factor:" + "9" * 40, "\x00", "timeline:1", "a" * 99],
)  # fmt: skip
def test_an_unknown_place_takes_no_comment(
    place: str, review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(f"{base}comments", {"place": place, "text": "x"}, headers=HTMX)
    assert answer.status_code == 404
    assert sign_in(author).get(f"{base}?comment={place[:50]}").status_code == 200
    assert not Thread.objects.exists()


def test_an_item_of_another_review_takes_no_comment(review: Review, author: Person, base: str, sign_in: SignIn) -> None:
    other = factories.draft(author, "Another").factors.create(text="Theirs", html="<p>Theirs</p>")
    answer = sign_in(author).post(f"{base}comments", {"place": f"factor:{other.pk}", "text": "x"})
    assert answer.status_code == 404
    with pytest.raises(ValidationError):
        start_thread(author, review, f"factor:{other.pk}", "x")


def test_threads_of_another_review_are_not_reached_from_here(
    review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    other = factories.draft(author, "Another")
    comment = start_thread(author, other, "facts", "Theirs").comment
    client = sign_in(author)
    for address in (
        f"comments/threads/{comment.thread_id}",
        f"comments/threads/{comment.thread_id}/resolve",
        f"comments/{comment.pk}",
        f"comments/{comment.pk}/delete",
    ):
        assert client.post(base + address, {"text": "x"}).status_code == 404
    comment.refresh_from_db()
    assert comment.text == "Theirs" and comment.thread.resolved_at is None


# What becomes of it


def test_resolving_hides_a_thread_and_a_reply_opens_it_again(review: Review, author: Person, lee: Person) -> None:
    thread = start_thread(author, review, "facts", "Why SEV2?").comment.thread
    resolve(lee, thread.pk)
    assert discussions_of(review)["facts"].resolved and not discussions_of(review)["facts"].open
    reply(author, thread.pk, "Still: why?")
    assert len(discussions_of(review)["facts"].open[0].comments) == 2
    resolve(lee, thread.pk)
    reopen(author, thread.pk)
    assert discussions_of(review)["facts"].open


def test_every_change_is_told_to_other_tabs_as_one_of_comments(review: Review, author: Person) -> None:
    comment = start_thread(author, review, "facts", "Why SEV2?").comment
    change_comment(author, comment.pk, "Why?")
    resolve(author, comment.thread_id)
    reopen(author, comment.thread_id)
    undo_delete_comment(author, delete_comment(author, comment.pk).pk)
    entries = AuditEntry.objects.filter(subject=f"incident {review.incident.number}")
    verbs = list(entries.order_by("pk").values_list("verb", flat=True))
    assert verbs == [
        "comment", "change-comment", "resolve-thread", "reopen-thread", "delete-comment", "undo-delete-comment",
    ]  # fmt: skip


def test_a_thread_goes_with_its_last_comment_and_comes_back_with_its_anchor(review: Review, author: Person) -> None:
    comment = start_thread(author, review, "section:summary", "How small?", quote="pool was small").comment
    deletion = delete_comment(author, comment.pk)
    assert not Thread.objects.exists()
    assert undo_delete_comment(author, deletion.pk).pk == comment.pk
    assert shown(review).words == "pool was small"


def test_a_deleted_comment_is_nobody_elses_to_bring_back(
    review: Review, author: Person, lee: Person, base: str, sign_in: SignIn
) -> None:
    deletion = delete_comment(lee, start_thread(lee, review, "facts", "Oops").comment.pk)
    client = sign_in(author)
    assert client.post(f"{base}comments/undo/{deletion.pk}").status_code == 404
    assert client.post(f"{base}undo/{deletion.pk}").status_code == 404
    assert "Oops" not in client.get(f"{base}?deleted={deletion.pk}").content.decode()


def test_deleting_and_undoing_works_without_javascript(
    review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    comment = start_thread(author, review, "facts", "Why SEV2?").comment
    client = sign_in(author)
    answer = client.post(f"{base}comments/{comment.pk}/delete", follow=True)
    form = LexborHTMLParser(answer.content.decode()).css_first("#comments-facts [data-undo] form")
    client.post(form.attributes["action"] or "")
    assert Comment.objects.get().text == "Why SEV2?"


# The page


def test_a_comment_is_written_without_javascript(review: Review, author: Person, base: str, sign_in: SignIn) -> None:
    client = sign_in(author)
    form = page(client, f"{base}?comment=section:summary").css_first("#comments-summary form.is-new")
    assert "About which words?" in form.text()
    typed = {"place": "section:summary", "quote": "ran dry", "before": "", "text": "When?"}
    answer = client.post(f"{base}comments", typed)
    comment = Comment.objects.get()
    assert answer.headers["Location"] == f"{base}?at=comment-{comment.pk}#comment-{comment.pk}"
    fold = page(client, f"{base}?at=comment-{comment.pk}").css_first("#comments-summary-fold")
    assert "open" in fold.attributes and "ran dry" in fold.text()
    client.post(f"{base}comments/threads/{comment.thread_id}", {"text": "At noon."})
    client.post(f"{base}comments/threads/{comment.thread_id}/resolve")
    assert "1 resolved" in page(client, base).css_first("#comments-summary-fold summary").text()


def test_threads_are_folded_to_a_count(review: Review, author: Person, base: str, sign_in: SignIn) -> None:
    thread = start_thread(author, review, "facts", "Why SEV2?").comment.thread
    reply(author, thread.pk, "Hm")
    resolve(author, start_thread(author, review, "facts", "Done").comment.thread_id)
    fold = page(sign_in(author), base).css_first("#comments-facts-fold")
    assert "open" not in fold.attributes
    assert fold.css_first("summary").text().startswith("2 comments")
    assert fold.css_first(".comments-resolved summary").text() == "1 resolved"


def test_other_tabs_fetch_the_comments_alone_and_out_of_band(
    review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    start_thread(author, review, "facts", "Why SEV2?")
    answer = sign_in(author).get(f"{base}?part=comments", headers=HTMX).content.decode()
    blocks = LexborHTMLParser(answer).css("[hx-swap-oob]")
    assert "comments-facts" in [block.id for block in blocks] and len(blocks) > 10
    assert "Checkout slow" not in answer and "textarea" in answer


def test_the_published_page_shows_no_comments(review: Review, author: Person, sign_in: SignIn) -> None:
    start_thread(author, review, "section:summary", "Zq7 secret doubt")
    assert [one.message for one in unsettled(readiness_of(review)) if one.code == "open-comments"] == [
        "1 comment is open."
    ]
    publish_review(author, review)
    answer = sign_in(author).get(review.incident.get_absolute_url(), follow=True)
    assert "Zq7" not in answer.content.decode()


def test_the_number_of_threads_does_not_matter_to_the_database(
    review: Review, author: Person, base: str, sign_in: SignIn, django_assert_max_num_queries: Callable
) -> None:
    factor, event = review.factors.get(), review.incident.events.get()
    client = sign_in(author)

    def talk() -> None:
        for place, quote in (
            ("section:summary", "pool"), (f"factor:{factor.pk}", "alert"), (f"event:{event.pk}", ""), ("facts", ""),
        ):  # fmt: skip
            start_thread(author, review, place, "Hm", quote=quote)

    def queries() -> int:
        with django_assert_max_num_queries(200) as asked:
            page(client, base)
        return len(asked)

    talk()
    page(client, base)  # the first request of a session asks whose it is
    few = queries()
    for _ in range(5):
        talk()
    assert queries() == few


# Bad input


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001])
def test_what_is_no_comment_is_refused_with_words(
    text: str, review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    client = sign_in(author)
    comment = start_thread(author, review, "facts", "Why SEV2?").comment
    for address in ("comments", f"comments/threads/{comment.thread_id}", f"comments/{comment.pk}"):
        answer = client.post(base + address, {"text": text, "place": "facts"}, headers=HTMX)
        assert answer.status_code == 422, address
        assert LexborHTMLParser(answer.content.decode()).css_first(".field-error").text().strip()
    assert Comment.objects.get().text == "Why SEV2?"


@pytest.mark.parametrize("before", ["-1", "x", "9" * 40, "1e9", "٣"])
def test_a_tampered_position_is_no_error(
    before: str, review: Review, author: Person, base: str, sign_in: SignIn
) -> None:
    typed = {"text": "x", "place": "section:summary", "quote": "pool", "before": before}
    assert sign_in(author).post(f"{base}comments", typed).status_code in (302, 422)


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "<script>alert(1)</script>", "@" * 3000, "@lee " * 1000])
def test_odd_text_is_stored_safely(text: str, review: Review, author: Person, lee: Person) -> None:
    comment = start_thread(author, review, "facts", text).comment
    comment.refresh_from_db()
    assert "<script" not in comment.html
    assert Notification.objects.filter(person=lee).count() == ("@lee" in text)


def test_words_can_be_quoted_whatever_else_a_client_put_into_the_document(review: Review, author: Person) -> None:
    save_section(author, review, "summary", "Der Größte war zu klein.", 1)
    open_document(review.pk)
    foreign: Doc = Doc()
    foreign.get("other", type=Map)["key"] = 1
    append(review.pk, [Edit(foreign.get_update(), [], author.pk)])
    start_thread(author, review, "section:summary", "How small?", quote="zu klein")
    assert shown(review).words == "zu klein"
