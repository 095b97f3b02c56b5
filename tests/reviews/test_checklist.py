"""The checklist: what counts as done is told by what is there."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from incidents.models import Incident
from incidents.operations import add_participant
from reviews.approving import ask_for_review, give_verdict
from reviews.checklist import Checklist
from reviews.commenting import resolve, start_thread
from reviews.models import Review
from reviews.queries import draft_for
from reviews.views.outline import outline_of
from tests import factories

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author)


def checklist(review: Review) -> Checklist:
    return outline_of(draft_for(review.incident.created_by, review.incident.number))


def told(review: Review, name: str) -> tuple[str, str]:
    entry = next(one for one in checklist(review).entries if one.name == name)
    return entry.mark, entry.words


def test_facts_need_severity_time_and_services(review: Review) -> None:
    assert told(review, "facts") == ("empty", "no services")
    Incident.objects.update(severity="", occurred_at=None)
    assert told(review, "facts") == ("empty", "no severity, no time and no services")
    Incident.objects.update(severity="sev2", occurred_at=factories.NOON)
    review.incident.services.add(factories.service("Payments"))
    assert told(review, "facts") == ("done", "")


def test_only_a_missing_summary_blocks_publishing(author: Person) -> None:
    review = factories.draft(author, summary="")
    assert told(review, "summary") == ("blocks", "needed to publish")
    assert [one.name for one in checklist(review).entries if one.mark == "blocks"] == ["summary"]
    assert checklist(review).next.name == "summary"  # type: ignore[union-attr]


def test_a_section_is_done_once_something_is_written(review: Review) -> None:
    assert told(review, "impact") == ("empty", "empty")
    review.sections.create(kind="impact", text="Nobody could pay.")
    assert told(review, "impact") == ("done", "")


def test_sections_that_the_template_leaves_out_are_optional(review: Review) -> None:
    assert told(review, "lucky")[0] == "empty"
    Review.objects.update(template=factories.template("etsy"))
    assert told(review, "lucky") == ("optional", "optional")


def test_a_section_of_bare_headings_is_not_written(review: Review) -> None:
    template = factories.template("sre-book")
    Review.objects.update(template=template)
    review.sections.create(kind="narrative", text=template.sections.get(kind="narrative").starter)
    assert told(review, "narrative") == ("empty", "empty")


def test_the_timeline_needs_a_detection(review: Review) -> None:
    assert told(review, "timeline") == ("missing", "no events")
    event = review.incident.events.create(occurred_at=factories.NOON, text="x", html="x", kind="note")
    assert told(review, "timeline") == ("missing", "no detection")
    event.kind = "detection"
    event.save()
    assert told(review, "timeline") == ("done", "1 event")


def test_the_whys_end_in_a_root_cause(review: Review) -> None:
    assert told(review, "whys") == ("empty", "empty")
    why = review.whys.create(question="Why?")
    assert told(review, "whys") == ("empty", "no root cause")
    why.answer = "The pool was full."
    why.save()
    assert told(review, "whys") == ("missing", "no root cause")
    why.is_root_cause = True
    why.save()
    assert told(review, "whys") == ("done", "1 why")


def test_each_factor_has_an_action_and_each_action_owner_and_date(review: Review, author: Person) -> None:
    assert told(review, "factors") == ("missing", "none named")
    factor = review.factors.create(text="No alert", html="x")
    assert told(review, "factors") == ("missing", "1 without action")
    action = review.incident.actions.create(title="Add an alert")
    factor.actions.add(action)
    assert told(review, "factors") == ("done", "1 factor")
    assert told(review, "actions") == ("missing", "1 without owner or date")
    action.owner, action.due = author, "2030-01-01"
    action.save()
    assert told(review, "actions") == ("done", "1 action")


def test_somebody_facilitates(review: Review, author: Person) -> None:
    assert told(review, "participants") == ("empty", "no facilitator")
    add_participant(author, review.incident, factories.person("fay"), "facilitator")
    assert told(review, "participants") == ("done", "Fay facilitates")


def test_approval_goes_from_nobody_asked_to_approved(review: Review, author: Person) -> None:
    assert told(review, "approval") == ("empty", "nobody asked")
    lee, sam = factories.person("lee"), factories.person("sam")
    ask_for_review(author, review, [lee, sam])
    give_verdict(lee, review, "approved")
    assert told(review, "approval") == ("empty", "1 of 2 approved")
    give_verdict(sam, review, "changes", "Numbers")
    assert told(review, "approval") == ("missing", "changes asked")
    give_verdict(sam, review, "approved")
    assert told(review, "approval") == ("done", "by Lee and Sam")


def test_a_published_review_that_nobody_was_asked_about_does_not_lack_approval(author: Person) -> None:
    assert told(factories.published(author).review, "approval") == ("optional", "")


def test_open_comments_are_to_be_settled(review: Review, author: Person) -> None:
    assert "comments" not in [one.name for one in checklist(review).entries]
    said = start_thread(author, review, "section:summary", "Since when?")
    entry = checklist(review).entries[-2]
    assert (entry.mark, entry.words, entry.place) == ("empty", "1 open", f"comment-{said.comment.pk}")
    resolve(author, said.comment.thread_id)
    assert told(review, "comments") == ("done", "all resolved")


def test_the_line_counts_what_is_to_do_and_names_the_next(review: Review, author: Person, sign_in: SignIn) -> None:
    found = checklist(review)
    assert (found.done, found.total) == (1, 14)
    page = LexborHTMLParser(sign_in(author).get(review.incident.get_edit_url()).content.decode())
    line = page.css_first(".checklist-line span")
    assert line is not None and line.text() == "1 of 14 done, next: Facts"
    bar = page.css_first(".checklist-line progress")
    assert bar is not None and (bar.attributes["value"], bar.attributes["max"]) == ("1", "14")


def test_every_entry_leads_to_a_place_that_is_there(review: Review, author: Person, sign_in: SignIn) -> None:
    page = LexborHTMLParser(sign_in(author).get(review.incident.get_edit_url()).content.decode())
    targets = [node.attributes["href"] or "" for node in page.css(".outline-entry")]
    assert len(targets) >= 15
    for target in targets:
        if target.startswith("#"):
            assert page.css_first(target) is not None, target
        else:
            assert target == f"/drafts/{review.incident.number}/ask"


def test_it_comes_with_every_part(review: Review, author: Person, sign_in: SignIn) -> None:
    address = f"{review.incident.get_edit_url()}?part=impact"
    alone = sign_in(author).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "1 of 14 done" in alone and 'hx-swap-oob="true"' in alone


def test_it_takes_few_queries_however_much_there_is(
    review: Review, author: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(20):
        review.incident.events.create(occurred_at=factories.NOON, text=f"e{n}", html="<p>e</p>")
        review.factors.create(text=f"f{n}").actions.add(review.incident.actions.create(title=f"a{n}"))
        review.whys.create(question=f"q{n}")
    ask_for_review(author, review, [factories.person(f"p{n}") for n in range(5)])
    stored = draft_for(author, review.incident.number)
    with django_assert_max_num_queries(14):
        outline_of(stored)
