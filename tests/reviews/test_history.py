"""The history of a review: what becomes a version, what the pages tell, and putting a text back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Person
from incidents.models import Incident, Participant
from reviews import history
from reviews.live.document import document_from, set_text, text_at
from reviews.live.store import Edit, append, bring_into_rows, open_document, updates_since
from reviews.models import Factor, ImportedSource, Origin, Review, TextVersion
from reviews.operations import add_factor, add_why, change_factor, delete_factor, delete_why, save_section
from reviews.publishing import publish_review
from reviews.restoring import restore_text
from tests import factories
from timeline.operations import add_event, delete_event

SignIn = Callable[[Person], Client]
START = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
SUMMARY = "section:summary"

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author, summary="")


@pytest.fixture
def other(review: Review) -> Person:
    person = factories.person("lee")
    Participant.objects.create(incident=review.incident, person=person)
    return person


def texts(review: Review, place: str = SUMMARY) -> list[str]:
    return [version.text for version in review.text_versions.filter(place=place).order_by("saved_at", "pk")]


def typed(review: Review, text: str, *people: Person, after: int = 0, **more: Any) -> TextVersion:
    """As if the text was stored so many seconds after the start."""
    latest = review.text_versions.filter(place=SUMMARY).first()
    before = latest.text if latest else ""
    at = START + timedelta(seconds=after)
    keys = [person.pk for person in people]
    return history.record(review.pk, SUMMARY, before, text, keys, **{"origin": Origin.TYPED, "at": at, **more})


def type_live(review: Review, person: Person, text: str, place: str = SUMMARY) -> None:
    """Typed in a browser and brought into its row."""
    open_document(review.pk)
    doc = document_from(data for _, data in updates_since(review.pk, 0))
    append(review.pk, [Edit(set_text(doc, place, text), [place], person.pk)])
    bring_into_rows(review.pk)


def writers(version: TextVersion) -> set[str]:
    return {person.username for person in version.people.all()}


def history_page(client: Client, review: Review, query: str = "") -> str:
    answer = client.get(f"{review.incident.get_edit_url()}history{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# What becomes a version.


def test_typing_without_a_pause_is_one_version(review: Review, author: Person) -> None:
    for second in range(0, 200, 20):
        typed(review, "a" * (second + 1), author, after=second)
    assert texts(review) == ["a" * 181]


def test_a_pause_of_a_minute_ends_a_version(review: Review, author: Person) -> None:
    typed(review, "one", author)
    typed(review, "one two", author, after=59)
    typed(review, "one two three", author, after=59 + 60)
    assert texts(review) == ["one two", "one two three"]


def test_no_version_lasts_longer_than_five_minutes(review: Review, author: Person) -> None:
    for second in range(0, 640, 30):
        typed(review, f"{second}", author, after=second)
    assert texts(review) == ["270", "570", "630"]


def test_who_continues_after_a_pause_is_not_named_for_what_was_before(
    review: Review, author: Person, other: Person
) -> None:
    typed(review, "mine", author)
    typed(review, "mine, theirs", other, after=90)
    first, second = review.text_versions.order_by("saved_at")
    assert (writers(first), writers(second)) == ({"author"}, {"lee"})


def test_those_who_write_at_the_same_time_are_all_named(review: Review, author: Person, other: Person) -> None:
    for second in range(5):
        version = typed(review, f"{second}", author if second % 2 else other, after=second)
    assert writers(version) == {"author", "lee"}
    assert review.text_versions.count() == 1


def test_a_text_saved_as_a_whole_never_takes_anothers_from_the_history(
    review: Review, author: Person, other: Person
) -> None:
    save_section(author, review, "summary", "Mine, written a second ago", 0)
    save_section(other, review, "summary", "Theirs over it", 1)
    assert texts(review) == ["Mine, written a second ago", "Theirs over it"]


def test_typing_after_a_save_leaves_the_saved_text_in_the_history(review: Review, author: Person) -> None:
    save_section(author, review, "summary", "Saved", 0)
    type_live(review, author, "Saved and more")
    type_live(review, author, "Saved and more still")
    assert texts(review) == ["Saved", "Saved and more still"]


def test_what_was_published_is_a_version(review: Review, author: Person) -> None:
    type_live(review, author, "As published")
    publish_review(author, review)
    type_live(review, author, "As published, and a word")
    assert texts(review) == ["As published", "As published, and a word"]


def test_what_stood_there_before_the_history_began_is_its_first_version(author: Person) -> None:
    review = factories.draft(author, summary="Was always there")
    type_live(review, author, "Was always there, until now")
    first = review.text_versions.order_by("saved_at").first()
    assert first is not None
    assert (first.text, writers(first), first.origin) == ("Was always there", set(), "typed")
    assert texts(review) == ["Was always there", "Was always there, until now"]


def test_an_imported_text_begins_with_its_importer(author: Person, other: Person) -> None:
    review = factories.draft(author, summary="From the file")
    ImportedSource.objects.create(review=review, file_name="a.md", content=b"x", sha256="0" * 64)
    save_section(author, review, "summary", "Edited", 1)
    first = review.text_versions.order_by("saved_at").first()
    assert first is not None
    assert (first.text, writers(first), first.origin) == ("From the file", {"author"}, "imported")


def test_a_text_that_came_there_otherwise_is_kept_too(review: Review, author: Person) -> None:
    save_section(author, review, "summary", "Known", 0)
    review.sections.update(text="Set by a command")
    save_section(author, review, "summary", "After", 1)
    assert texts(review) == ["Known", "Set by a command", "After"]


def test_a_factor_and_an_answer_begin_when_they_are_added(review: Review, author: Person) -> None:
    factor = add_factor(author, review, text="No alert")
    why = add_why(author, review, question="Why?", answer="Because")
    add_why(author, review, question="Not answered?")
    change_factor(author, factor.pk, text="No alert on pool use")
    assert texts(review, f"factor:{factor.pk}") == ["No alert", "No alert on pool use"]
    assert texts(review, f"why:{why.pk}") == ["Because"]
    assert review.text_versions.count() == 3


def test_storing_what_is_typed_takes_three_queries(
    review: Review, author: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    typed(review, "one", author)
    with django_assert_num_queries(3):
        typed_now = history.record(
            review.pk, SUMMARY, "one", "one two", [author.pk], origin=Origin.TYPED, at=START + timedelta(seconds=1)
        )
    assert typed_now.text == "one two"


# Putting a text back.


def test_a_restored_text_is_a_new_version_and_what_stood_there_stays(
    review: Review, author: Person, other: Person
) -> None:
    type_live(review, author, "First")
    save_section(author, review, "summary", "Second", 1)
    assert restore_text(other, review, SUMMARY, "First")
    assert texts(review) == ["First", "Second", "First"]
    latest = review.text_versions.filter(place=SUMMARY).first()
    assert latest is not None
    assert (latest.origin, writers(latest)) == ("restored", {"lee"})
    assert review.sections.get().text == "First"
    doc = document_from(data for _, data in updates_since(review.pk, 0))
    assert text_at(doc, SUMMARY) == "First"


def test_restoring_what_is_there_does_nothing_and_says_so(review: Review, author: Person, sign_in: SignIn) -> None:
    save_section(author, review, "summary", "Same", 0)
    version = review.text_versions.get()
    address = f"{review.incident.get_edit_url()}history/texts/{version.pk}/restore"
    answer = sign_in(author).post(address, follow=True)
    assert "Summary reads like this already." in answer.content.decode()
    assert review.text_versions.count() == 1


def test_restoring_a_factor_that_is_gone_is_refused_in_words(review: Review, author: Person, sign_in: SignIn) -> None:
    factor = add_factor(author, review, text="No alert")
    change_factor(author, factor.pk, text="No alert at all")
    first = review.text_versions.order_by("saved_at").first()
    assert first is not None
    delete_factor(author, factor.pk)
    client = sign_in(author)
    page = client.get(f"{review.incident.get_edit_url()}history/texts/{first.pk}").content.decode()
    assert "No alert" in page
    assert "no longer in the review" in page
    assert "Restore this text" not in page
    answer = client.post(f"{review.incident.get_edit_url()}history/texts/{first.pk}/restore", follow=True)
    assert "This factor is no longer in the review." in answer.content.decode()
    with pytest.raises(ValidationError):
        restore_text(author, review, f"factor:{factor.pk}", "No alert")


def test_an_archived_review_is_not_restored(review: Review, author: Person, sign_in: SignIn) -> None:
    save_section(author, review, "summary", "First", 0)
    save_section(author, review, "summary", "Second", 1)
    first = review.text_versions.order_by("saved_at")[0]
    publish_review(author, review)
    Incident.objects.update(status="archived")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}history/texts/{first.pk}"
    assert "Restore this text" not in client.get(address).content.decode()
    assert client.post(f"{address}/restore").status_code == 403
    assert review.sections.get().text == "Second"


def test_who_takes_part_without_writing_reads_the_history_and_restores_nothing(
    review: Review, author: Person, sign_in: SignIn
) -> None:
    save_section(author, review, "summary", "First", 0)
    save_section(author, review, "summary", "Second", 1)
    first = review.text_versions.order_by("saved_at")[0]
    guest = factories.person("guest", role="reader")
    Participant.objects.create(incident=review.incident, person=guest, role="responder")
    client = sign_in(guest)
    address = f"{review.incident.get_edit_url()}history"
    assert client.get(address).status_code == 200
    page = client.get(f"{address}/texts/{first.pk}")
    assert page.status_code == 200
    assert "Restore this text" not in page.content.decode()
    assert client.post(f"{address}/texts/{first.pk}/restore").status_code == 403


def test_a_section_of_a_published_version_is_put_back(review: Review, author: Person, sign_in: SignIn) -> None:
    save_section(author, review, "summary", "As published", 0)
    factor = add_factor(author, review, text="No alert")
    publish_review(author, review)
    save_section(author, review, "summary", "Worse", 1)
    save_section(author, review, "impact", "New since", 0)
    change_factor(author, factor.pk, text="Changed since")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}history/versions/1"
    page = client.get(address).content.decode()
    assert "<del>Worse</del>" in page
    assert "<ins>As published</ins>" in page
    for place in (SUMMARY, "section:impact", f"factor:{factor.pk}"):
        assert client.post(f"{address}/restore", {"place": place}).status_code == 302
    assert review.sections.get(kind="summary").text == "As published"
    assert review.sections.get(kind="impact").text == ""
    assert Factor.objects.get().text == "No alert"
    for odd in ("", "section:poems", "factor:999", "why:1", "x\x00", f"factor:{'9' * 40}"):
        assert client.post(f"{address}/restore", {"place": odd}).status_code == 404
    assert client.get(f"{review.incident.get_edit_url()}history/versions/2").status_code == 404


# What the pages tell.


def test_the_history_names_who_wrote_what_and_how_much(
    review: Review, author: Person, other: Person, sign_in: SignIn
) -> None:
    save_section(author, review, "summary", "The pool was empty", 0)
    save_section(other, review, "summary", "The pool ran empty fast", 1)
    page = history_page(sign_in(author), review)
    assert "4 words to begin with" in page
    assert "2 words added, 1 removed" in page
    assert page.index("Lee") < page.index("4 words to begin with")


def test_the_history_tells_structured_changes_in_words(review: Review, author: Person, sign_in: SignIn) -> None:
    moment = {"occurred_at": factories.NOON, "zone": "UTC", "kind": "note"}
    first = add_event(author, review.incident, text="Deploy began", **moment)
    add_event(author, review.incident, text="Deploy ended", **moment)
    delete_event(author, first.pk)
    why = add_why(author, review, question="Why so slow?")
    delete_why(author, why.pk)
    page = history_page(sign_in(author), review)
    assert "Author added to the timeline “Deploy ended”, “Deploy began”" in page
    assert "Author deleted the event “Deploy began”" in page
    assert "Author asked “Why so slow?”" in page
    assert page.count("Bring it back") == 2


def test_a_deletion_is_taken_back_from_the_history(review: Review, author: Person, sign_in: SignIn) -> None:
    factor = add_factor(author, review, text="No alert")
    deletion = delete_factor(author, factor.pk)
    client = sign_in(author)
    assert f"undo/{deletion.pk}" in history_page(client, review, "?part=factors")
    client.post(f"{review.incident.get_edit_url()}undo/{deletion.pk}")
    page = history_page(client, review, "?part=factors")
    assert "brought back since" in page
    assert "brought back the factor “No alert”" in page
    assert f"undo/{deletion.pk}" not in page


def test_a_part_is_shown_alone_with_the_published_versions(review: Review, author: Person, sign_in: SignIn) -> None:
    save_section(author, review, "summary", "About the summary", 0)
    save_section(author, review, "impact", "About the impact", 0)
    add_factor(author, review, text="No alert")
    publish_review(author, review, "First words")
    client = sign_in(author)
    page = history_page(client, review, "?part=impact")
    assert page.count("history/texts/") == 1
    assert "Version 1 published by Author: First words" in page
    assert history_page(client, review, "?part=timeline").count("history/texts/") == 0
    assert history_page(client, review, "?part=nonsense").count("history/texts/") == 3
    assert history_page(client, review, "?place=section:summary").count("history/texts/") == 1


def test_a_factor_saved_with_its_form_is_told_once(review: Review, author: Person, sign_in: SignIn) -> None:
    factor = add_factor(author, review, text="No alert")
    change_factor(author, factor.pk, text="No alert on pool use", cause=factories.cause("capacity"))
    page = history_page(sign_in(author), review)
    assert "changed the factor" not in page
    assert "named the factor" not in page
    assert page.count("Factor “No alert on pool use”") == 2


def test_a_version_shows_its_text_and_what_it_changed(review: Review, author: Person, sign_in: SignIn) -> None:
    save_section(author, review, "summary", "The **pool** was empty", 0)
    save_section(author, review, "summary", "The **pool** ran <empty>", 1)
    save_section(author, review, "summary", "Something else", 2)
    first, second, third = review.text_versions.order_by("saved_at")
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}history/texts/"
    page = client.get(f"{address}{second.pk}").content.decode()
    assert "<del>was" in page and "<ins>ran" in page
    assert "<strong>pool</strong>" in page
    assert "&lt;empty&gt;" in page
    assert f"{address}{first.pk}" in page and f"{address}{third.pk}" in page
    chosen = client.get(f"{address}{third.pk}?from={first.pk}").content.decode()
    assert f'value="{first.pk}" selected' in " ".join(chosen.split())
    itself = client.get(f"{address}{third.pk}?from={third.pk}").content.decode()
    assert f'value="{second.pk}" selected' in " ".join(itself.split())


@pytest.mark.parametrize("odd", ["abc", "-1", "9" * 40, "\x00", "1.5", "٣", ""])
def test_odd_choices_show_the_usual_page(odd: str, review: Review, author: Person, sign_in: SignIn) -> None:
    save_section(author, review, "summary", "Something", 0)
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}history"
    version = review.text_versions.get()
    assert client.get(f"{address}/texts/{version.pk}", {"from": odd}).status_code == 200
    for name in ("part", "place", "page"):
        assert client.get(address, {name: odd}).status_code == 200


def test_a_version_of_another_review_is_not_there(review: Review, author: Person, sign_in: SignIn) -> None:
    save_section(author, review, "summary", "Mine", 0)
    foreign = factories.draft(factories.person("writer"), "Theirs", summary="")
    save_section(factories.person("writer"), foreign, "summary", "Secret words", 0)
    pk = foreign.text_versions.get().pk
    client = sign_in(author)
    address = f"{review.incident.get_edit_url()}history/texts/"
    for ask in (
        client.get(f"{address}{pk}"),
        client.post(f"{address}{pk}/restore"),
        client.get(f"{address}{'9' * 30}"),
    ):
        assert ask.status_code == 404
    own = review.text_versions.get().pk
    assert "Secret" not in client.get(f"{address}{own}?from={pk}").content.decode()


def test_the_history_is_for_those_who_see_the_draft(review: Review, outsider: Person, sign_in: SignIn) -> None:
    assert sign_in(outsider).get(f"{review.incident.get_edit_url()}history").status_code == 404


def test_a_long_history_has_pages_and_asks_few_queries(
    review: Review, author: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(40):
        typed(review, f"version {n}", author, after=n * 100)
    factors = [add_factor(author, review, text=f"Factor {n}") for n in range(15)]
    for factor in factors[:5]:
        delete_factor(author, factor.pk)
    add_why(author, review, question="Why?", answer="So")
    add_event(author, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="x")
    client = sign_in(author)
    with django_assert_max_num_queries(16):
        page = history_page(client, review)
    assert "page=2" in page
    assert "page=1" in history_page(client, review, "?page=2")
    assert "Nothing happened before that" in history_page(client, review, "?page=999999")
