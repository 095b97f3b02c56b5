"""The published page: what it shows, to whom, from what it is read, and with how many queries."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Grant, Incident
from reviews.comparing import compare
from reviews.models import Factor, ImportedSource, Review, Section, Version, Why
from reviews.publishing import publish_review
from tests import factories
from timeline.models import Event
from wiki.whys import lines_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]


def whole(author: Person, **facts: Any) -> Version:
    """A published review with something in every part."""
    review = factories.draft(author, "Pool ran dry", services=[factories.service("Payments")], **facts)
    incident = review.incident
    for minutes, kind in ((0, "signal"), (7, "detection"), (10, "response"), (39, "mitigation"), (67, "resolution")):
        Event.objects.create(
            incident=incident,
            occurred_at=factories.NOON + timedelta(minutes=minutes),
            kind=kind,
            text=f"{kind} seen",
            html=f"<p>{kind} seen</p>",
        )
    for kind in ("went_well", "went_badly", "lucky", "lessons", "narrative", "impact"):
        Section.objects.create(review=review, kind=kind, text=f"Text of {kind}", html=f"<p>Text of {kind}</p>")
    action = ActionItem.objects.create(
        incident=incident, title="Alert on pool use", owner=author, due=date(2026, 1, 1), position=1
    )
    Factor.objects.create(review=review, text="No alert", html="<p>No alert</p>").actions.add(action)
    Factor.objects.create(review=review, text="Small pool", html="<p>Small pool</p>", cause=factories.cause("capacity"))
    first = Why.objects.create(review=review, question="Why did it fail?", answer="Pool", answer_html="<p>Pool</p>")
    Why.objects.create(
        review=review,
        parent=first,
        question="Why empty?",
        answer="Small",
        answer_html="<p>Small</p>",
        is_root_cause=True,
        cause=factories.cause("capacity"),
    )
    return publish_review(author, review)


def page(client: Client, version: Version) -> HTMLParser:
    answer = client.get(version.review.incident.get_absolute_url())
    assert answer.status_code == 200
    return HTMLParser(answer.content.decode())


def text(page: HTMLParser, selector: str) -> str:
    found = page.css_first(selector)
    assert found is not None, selector
    return " ".join(found.text().split())


def test_every_part_stands_under_its_heading_in_reading_order(author: Person, sign_in: SignIn) -> None:
    headings = [node.attributes["id"] for node in page(sign_in(author), whole(author)).css(".review-body h2")]
    assert headings == [
        f"{name}-title"
        for name in (
            [
                "impact",
                "timeline",
                "narrative",
                "whys",
                "factors",
                "went-well",
                "went-badly",
                "lucky",
                "lessons",
                "actions",
                "people",
            ]
        )
    ]


def test_empty_parts_vanish(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author, occurred_at=None, severity="")
    shown = page(sign_in(author), publish_review(author, review))
    assert [node.attributes["id"] for node in shown.css(".review-body h2")] == ["people-title"]
    assert shown.css_first(".contents") is None


def test_the_line_of_facts_links_to_what_it_names(author: Person, sign_in: SignIn) -> None:
    shown = page(sign_in(author), whole(author))
    links = {node.attributes["href"] for node in shown.css(".review-facts a")}
    assert {"/services/payments/", "/causes/capacity/", "/reviews/?q=severity:sev2"} <= links
    assert "14 Mar 2026, 12:00 UTC lasted 1 h 7 min" in text(shown, ".review-facts")


def test_times_are_in_the_readers_zone_with_utc_beside_them(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    reader = factories.person("reader", role="reader", time_zone="Asia/Tokyo")
    time = page(sign_in(reader), version).css_first("#timeline td time")
    assert time is not None
    assert (time.text(), time.attributes["title"]) == ("21:00", "2026-03-14 12:00 UTC")
    assert time.attributes["datetime"] == "2026-03-14T12:00:00Z"


def test_two_readers_in_different_zones_each_see_their_own(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    for zone, shown in (("Asia/Tokyo", "21:00"), ("America/New_York", "08:00"), ("Asia/Tokyo", "21:00")):
        reader = factories.person(f"reader in {zone}", role="reader", time_zone=zone)
        assert text(page(sign_in(reader), version), "#timeline td time") == shown


def test_a_day_without_a_time_stays_that_day_for_everyone(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(
        author, occurred_at="2026-03-14T00:00+09:00", occurred_is_date=True, time_zone="Asia/Tokyo"
    )
    version = publish_review(author, review)
    reader = factories.person("reader", role="reader", time_zone="America/New_York")
    assert "14 Mar 2026" in text(page(sign_in(reader), version), ".review-facts")


def test_the_ribbon_says_in_words_what_it_draws(author: Person, sign_in: SignIn) -> None:
    shown = page(sign_in(author), whole(author))
    assert text(shown, "#ribbon-says") == (
        "Impact 1 h 7 min, Undetected 7 min, Detection gap 3 min, Response 29 min, Mitigation 28 min"
    )
    intervals = [node.text().strip() for node in shown.css(".intervals dd")]
    assert intervals == ["7 min", "3 min", "39 min", "1 h 7 min"]


def test_nothing_on_the_page_carries_a_style_of_its_own(author: Person, sign_in: SignIn) -> None:
    shown = page(sign_in(author), whole(author))
    assert shown.css("[style], style") == []


def test_every_link_within_the_page_has_its_target(author: Person, sign_in: SignIn) -> None:
    shown = page(sign_in(author), whole(author))
    targets = [node.attributes["href"] or "" for node in shown.css('a[href^="#"]')]
    assert len(targets) > 20
    assert [one for one in targets if shown.css_first(f'[id="{one[1:]}"]') is None] == []


def test_the_root_cause_is_marked_with_its_category(author: Person, sign_in: SignIn) -> None:
    shown = page(sign_in(author), whole(author))
    assert "Why empty?" in text(shown, ".why .why.is-root")
    assert "Capacity" in text(shown, ".why.is-root .root-cause")


def test_a_factor_that_nobody_removes_is_said(author: Person, sign_in: SignIn) -> None:
    factors = page(sign_in(author), whole(author)).css(".factor")
    assert "Alert on pool use" in factors[0].text()
    assert "No action removes it" in factors[1].text()


def test_the_state_of_actions_is_read_live(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    client = sign_in(author)
    assert "overdue" in text(page(client, version), "#actions")
    action = ActionItem.objects.get()
    action.status, action.done_at = "done", timezone.now()
    action.owner = factories.person("grace")
    action.save()
    shown = text(page(client, version), "#actions")
    assert "Done" in shown
    assert "Grace" in shown
    assert "overdue" not in shown


def test_an_action_that_is_gone_is_said(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    ActionItem.objects.all().delete()
    assert "No longer tracked" in text(page(sign_in(author), version), "#actions")


def test_a_reason_for_not_doing_it_is_shown(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    ActionItem.objects.update(status="wont-do", reason="The pool is gone.")
    assert "Will not be done: The pool is gone." in text(page(sign_in(author), version), "#actions")


def test_later_changes_of_the_draft_do_not_show(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    Section.objects.filter(kind="impact").update(html="<p>Changed since</p>")
    Incident.objects.update(title="Changed since")
    assert "Changed since" not in text(page(sign_in(author), version), "main")


def test_an_older_version_says_that_it_is_not_the_latest(author: Person, sign_in: SignIn) -> None:
    first = whole(author)
    number = first.review.incident.number
    Section.objects.filter(kind="impact").update(html="<p>Now known better</p>")
    publish_review(author, first.review, "The impact was larger.")
    client = sign_in(author)
    old = client.get(f"/reviews/{number}/versions/1/").content.decode()
    assert "Version 2 is the latest" in old
    assert "Text of impact" in old
    latest = client.get(f"/reviews/{number}/versions/2/").content.decode()
    assert "is the latest" not in latest
    assert "The impact was larger." in latest
    assert f"/reviews/{number}/versions/1/" in latest
    assert client.get(f"/reviews/{number}/versions/3/").status_code == 404
    assert client.get(f"/reviews/{number}/versions/{'9' * 30}/").status_code == 404


def test_only_who_may_edit_is_offered_it(author: Person, outsider: Person, sign_in: SignIn) -> None:
    version = whole(author)
    assert page(sign_in(author), version).css_first('[data-key="e"]') is not None
    for other in (outsider, factories.person("another author")):
        assert page(sign_in(other), version).css_first('[data-key="e"]') is None


def test_an_archived_review_says_so_and_is_not_edited(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    Incident.objects.update(status="archived")
    shown = page(sign_in(author), version)
    assert "Archived" in text(shown, ".review-facts")
    assert shown.css_first('[data-key="e"]') is None


def test_any_slug_leads_to_the_page_which_names_its_address(author: Person, sign_in: SignIn) -> None:
    incident = whole(author).review.incident
    for address in (f"/reviews/{incident.number}/", f"/reviews/{incident.number}/not-its-slug/"):
        answer = sign_in(author).get(address)
        assert f'<link rel="canonical" href="{incident.get_absolute_url()}">' in answer.content.decode()


def test_who_may_not_see_it_gets_404_at_once(author: Person, outsider: Person, sign_in: SignIn) -> None:
    version = whole(author, visibility="restricted")
    address = version.review.incident.get_absolute_url()
    client = sign_in(outsider)
    assert client.get(address).status_code == 404
    grant = Grant.objects.create(incident=version.review.incident, person=outsider)
    assert client.get(address).status_code == 200
    grant.delete()
    assert client.get(address).status_code == 404


def test_a_draft_has_no_page_even_for_its_author(author: Person, sign_in: SignIn) -> None:
    incident = factories.draft(author).incident
    assert sign_in(author).get(f"/reviews/{incident.number}/").status_code == 404


@pytest.mark.parametrize("role", ["reader", "administrator", "author"])
def test_a_review_that_was_read_before_takes_two_queries_the_first_time_three_more(
    role: str, author: Person, sign_in: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = whole(author).review.incident.get_absolute_url()
    client = sign_in(factories.person(f"some {role}", role=role))
    with django_assert_num_queries(5):
        client.get(address)
    with django_assert_num_queries(2):
        client.get(address)


def test_an_older_version_takes_at_most_six_queries(
    author: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    number = whole(author).review.incident.number
    client = sign_in(author)
    client.get(f"/reviews/{number}/")  # the first read of all is noted
    with django_assert_max_num_queries(6):
        client.get(f"/reviews/{number}/versions/1/")


def test_a_thousand_events_and_a_deep_tree_still_make_a_page(
    author: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    review = factories.draft(author, "x" * 200)
    Event.objects.bulk_create(
        Event(
            incident=review.incident,
            occurred_at=factories.NOON + timedelta(minutes=n),
            text="Something",
            html="<p>Something</p>",
        )
        for n in range(1000)
    )
    above = None
    for n in range(120):
        above = Why.objects.create(review=review, parent=above, question=f"Why {n}?")
    version = publish_review(author, review)
    client = sign_in(author)
    with django_assert_max_num_queries(6):
        shown = page(client, version)
    assert len(shown.css("tr.event")) == 1000
    assert len(shown.css("li.why")) == 120
    assert len(shown.css("#whys ol")) == 120


def imported(author: Person, content: bytes, **facts: Any) -> Review:
    review = factories.published(author, **facts).review
    ImportedSource.objects.create(review=review, file_name="x.md", content=content, sha256="0" * 64)
    return review


def test_the_source_comes_back_byte_for_byte_and_inert(author: Person, sign_in: SignIn) -> None:
    content = b"\xff\xfe# T\x00itle\r\n<script>alert(1)</script>\r"
    number = imported(author, content).incident.number
    answer = sign_in(author).get(f"/reviews/{number}/source")
    assert answer.content == content
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_review_that_was_written_here_has_no_source(author: Person, sign_in: SignIn) -> None:
    number = factories.published(author).review.incident.number
    client = sign_in(author)
    assert client.get(f"/reviews/{number}/source").status_code == 404
    assert "/source" not in client.get(f"/reviews/{number}/").content.decode()


def test_an_imported_review_links_to_its_source(author: Person, sign_in: SignIn) -> None:
    number = imported(author, b"# Title").incident.number
    assert f"/reviews/{number}/source" in sign_in(author).get(f"/reviews/{number}/").content.decode()


def test_the_source_of_a_hidden_review_does_not_exist(author: Person, outsider: Person, sign_in: SignIn) -> None:
    number = imported(author, b"# Title", visibility="restricted").incident.number
    assert sign_in(outsider).get(f"/reviews/{number}/source").status_code == 404


def test_an_answer_shows_what_it_rests_on_and_links_to_it(author: Person, sign_in: SignIn) -> None:
    review = factories.draft(author)
    event = review.incident.events.create(occurred_at=factories.NOON, text="**Pool** full", html="<p>Pool full</p>")
    why = Why.objects.create(review=review, question="Why?", answer="Pool", answer_html="<p>Pool</p>")
    why.evidence.create(event=event, position=1)
    why.evidence.create(url="https://example.org/graph", label="Pool use <b>", position=2)
    shown = page(sign_in(author), publish_review(author, review))
    links = shown.css("#whys .evidence a")
    assert [link.attributes["href"] for link in links] == [f"#event-{event.pk}", "https://example.org/graph"]
    assert [" ".join(link.text().split()) for link in links] == ["12:00 Pool full", "Pool use <b>"]
    assert shown.css_first(f"#event-{event.pk}") is not None


def test_a_version_with_another_kind_of_address_shows_no_link(author: Person) -> None:
    why = {"id": 1, "question": "Why?", "children": [], "evidence": [{"event": None, "url": "data:x", "label": "x"}]}
    assert lines_of([why], {})[0].evidence == []


def test_a_factor_leads_to_its_why_and_the_matrix_says_what_is_missing(author: Person, sign_in: SignIn) -> None:
    version = whole(author)
    factor = version.review.factors.get(text="No alert")
    why = version.review.whys.get(question="Why empty?")
    Factor.objects.filter(pk=factor.pk).update(why=why)
    shown = page(sign_in(author), publish_review(author, version.review))
    assert shown.css_first(f"#factor-{factor.pk} .factor-why").attributes["href"] == f"#why-{why.pk}"
    assert text(shown, ".matrix-words") == "1 factor is removed by no action; every action removes a factor."
    assert len(shown.css(".matrix-table .is-removed")) == 1
    assert "No alert" in text(shown, ".action-removes")


def test_a_version_of_before_evidence_and_whys_of_factors_were_kept_is_still_read(
    author: Person, sign_in: SignIn
) -> None:
    version = whole(author)
    document = version.document
    for factor in document["factors"]:
        del factor["why"]
    waiting = list(document["whys"])
    while waiting:
        why = waiting.pop()
        del why["evidence"]
        waiting.extend(why["children"])
    old = Version.objects.create(
        review=version.review, number=2, document=document, published_at=version.published_at, published_by=author
    )
    shown = page(sign_in(author), old)
    assert len(shown.css("li.why")) == 2
    assert len(shown.css(".factor")) == 2
    assert compare(document, version.document).parts == []


def test_a_tree_deeper_than_a_browser_nests_says_how_deep_its_lines_are() -> None:
    tree: list[dict[str, Any]] = []
    for n in range(500):
        tree = [{"id": n, "question": f"{n}?", "children": tree}]
    lines = lines_of(tree, {})
    assert sum(line.opens for line in lines) == 200
    assert sum(len(line.closes) for line in lines) == 200
    assert lines[-1].level == 500
