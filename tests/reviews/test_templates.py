"""Templates: those that come along, choosing one, what it does to a review, and the organisation's own."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from reviews import templates
from reviews.models import Review, ReviewTemplate, SectionKind
from reviews.operations import save_section, start_review, use_template
from reviews.publishing import publish_review
from reviews.starting_templates import STARTING_TEMPLATES
from reviews.wording import SectionWording, wording_by, wording_of
from tests import factories

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db: None) -> Person:
    return factories.person("root", role="administrator")


@pytest.fixture
def sre(db: None) -> ReviewTemplate:
    return factories.template("sre-book")


def text_of(review: Review, kind: str) -> str:
    section = review.sections.filter(kind=kind).first()
    return section.text if section else ""


def worded(starter: str) -> SectionWording:
    return SectionWording("narrative", "What happened", "", starter)


# Those that come along.

# What somebody who writes with such a template looks for, where no part of its own (timeline, whys, factors, actions,
# people, facts) holds it.
KNOWN_HEADINGS = {
    "sre-book": [
        "summary", "impact", "trigger", "resolution", "detection", "what went well", "what went wrong",
        "where we got lucky", "lessons learned", "supporting information",
    ],
    "pagerduty": [
        "overview", "what happened", "resolution", "impact", "what went well", "what did not go so well", "messag",
    ],
    "howie": ["narrative", "sources", "themes", "contributors and enablers", "mitigators", "risks", "follow-ups"],
    "etsy": ["summary", "impact", "images", "channels"],
}  # fmt: skip


@pytest.mark.parametrize("slug", KNOWN_HEADINGS)
def test_who_knows_a_template_finds_its_headings(slug: str) -> None:
    said = [
        line for one in wording_by(factories.template(slug)).values() if one.is_expected
        for line in [one.title, *one.headings]
    ]  # fmt: skip
    for heading in KNOWN_HEADINGS[slug]:
        assert any(heading in line.lower() for line in said), heading


def test_they_are_installed_with_one_default(db: None) -> None:
    assert set(ReviewTemplate.objects.filter(is_builtin=True).values_list("slug", flat=True)) >= {
        one.slug for one in STARTING_TEMPLATES
    }
    assert ReviewTemplate.objects.get(is_default=True).slug == "debrief"


def test_what_they_say_fits_the_tables() -> None:
    for one in STARTING_TEMPLATES:
        assert len(one.name) <= 80 and 0 < len(one.about) <= 300
        for section in one.sections:
            assert section.kind in SectionKind.values
            assert len(section.title) <= 80 and len(section.prompt) <= 500


# Scaffolding.


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("### Trigger\n\n### Detection\n", ""),
        ("", ""),
        (" \n\n", ""),
        ("### Trigger\nA deploy.\n\n### Detection\n", "### Trigger\nA deploy."),
        ("### Trigger\n\n### Detection\nAn alert.", "### Detection\nAn alert."),
        ("Before.\n\n### Trigger\n", "Before."),
        ("### Other\n\n### Trigger\n", "### Other"),
        ("### Trigger\nA.\n### Detection\nB.\n", "### Trigger\nA.\n### Detection\nB.\n"),
    ],
)
def test_headings_below_which_nothing_is_written_are_left_out(text: str, left: str) -> None:
    assert worded("### Trigger\n\n### Detection\n").written(text) == left


def test_a_heading_above_a_written_one_stays() -> None:
    starter = "## Course\n\n### Trigger\n\n## Aftermath\n"
    text = "## Course\n\n### Trigger\nA deploy.\n\n## Aftermath\n"
    assert worded(starter).written(text) == "## Course\n\n### Trigger\nA deploy."


def test_lines_to_fill_in_count_as_headings_do() -> None:
    starter = "### Numbers\n\n- Requests:\n"
    assert worded(starter).written(starter) == ""
    assert worded(starter).written("### Numbers\n\n- Requests: 12") == "### Numbers\n\n- Requests: 12"


def test_without_a_starter_headings_are_words() -> None:
    assert worded("").written("### Alone") == "### Alone"


# Beginning with one.


def test_a_review_begins_with_what_its_template_says(author: Person, sre: ReviewTemplate) -> None:
    review = start_review(author, title="Checkout slow", template=sre)
    assert review.template == sre
    assert re.findall("### (.+)", text_of(review, "narrative")) == ["Trigger", "Detection", "Resolution"]
    assert "<h3>Trigger</h3>" in review.sections.get(kind="narrative").html
    assert text_of(review, "impact") == ""


def test_the_default_is_preselected_and_each_tells_its_sections(
    author: Person, sre: ReviewTemplate, sign_in: SignIn
) -> None:
    page = LexborHTMLParser(sign_in(author).get("/drafts/new").content.decode())
    rows = page.css(".template-choice")
    assert len(rows) == len(STARTING_TEMPLATES)
    chosen = page.css_first('input[name="template"][checked]')
    assert chosen is not None
    assert chosen.attributes["value"] == str(ReviewTemplate.objects.get(is_default=True).pk)
    told = next(row.text() for row in rows if "SRE book" in row.text())
    assert "Trigger, Detection, Resolution" in told


def test_the_chosen_template_is_used_and_a_typed_summary_stands(
    author: Person, sre: ReviewTemplate, sign_in: SignIn
) -> None:
    sign_in(author).post("/drafts/new", {"title": "New", "template": sre.pk, "summary": "It broke."})
    review = Review.objects.get(incident__title="New")
    assert review.template == sre
    assert text_of(review, "summary") == "It broke."


def test_without_a_choice_the_default_counts(author: Person, sign_in: SignIn) -> None:
    factories.starting_templates()
    sign_in(author).post("/drafts/new", {"title": "New"})
    assert Review.objects.get(incident__title="New").template.slug == "debrief"  # type: ignore[union-attr]


def test_with_no_template_at_all_a_review_begins_as_usual(author: Person, sign_in: SignIn) -> None:
    ReviewTemplate.objects.all().delete()
    assert sign_in(author).get("/drafts/new").status_code == 200
    assert sign_in(author).post("/drafts/new", {"title": "New"}).status_code == 302
    assert Review.objects.get(incident__title="New").template is None


@pytest.mark.parametrize("typed", ["999999", "x", "9" * 40, "-1"])
def test_a_template_that_is_none_is_refused_in_words(author: Person, sign_in: SignIn, typed: str) -> None:
    answer = sign_in(author).post("/drafts/new", {"title": "New", "template": typed})
    assert answer.status_code == 422
    assert "This template is no longer offered." in answer.content.decode()


def test_one_that_is_not_offered_cannot_be_chosen(author: Person, sre: ReviewTemplate, sign_in: SignIn) -> None:
    ReviewTemplate.objects.filter(pk=sre.pk).update(is_offered=False)
    assert "SRE book" not in sign_in(author).get("/drafts/new").content.decode()
    assert sign_in(author).post("/drafts/new", {"title": "New", "template": sre.pk}).status_code == 422


# Writing and publishing with one.


def test_the_editor_shows_its_titles_and_prompts(author: Person, sre: ReviewTemplate, sign_in: SignIn) -> None:
    review = start_review(author, title="Checkout slow", template=sre)
    page = LexborHTMLParser(sign_in(author).get(review.incident.get_edit_url()).content.decode())
    title = page.css_first("#narrative-title")
    assert title is not None and title.text() == "Trigger, detection and resolution"
    part = page.css_first("#narrative")
    assert part is not None and "What set it off" in part.text() and "Resolution" in part.text()
    assert any("Trigger, detection" in node.text() for node in page.css(".outline-entry"))


def test_a_published_section_has_no_bare_headings_and_keeps_its_title(author: Person, sre: ReviewTemplate) -> None:
    review = start_review(author, title="Checkout slow", template=sre)
    save_section(author, review, "summary", "It was slow.", 0)
    save_section(author, review, "narrative", "### Trigger\n\nA deploy.\n\n### Detection\n\n### Resolution\n", 1)
    sections = publish_review(author, review).document["sections"]
    assert list(sections) == ["summary", "narrative"]
    assert sections["narrative"]["text"] == "### Trigger\n\nA deploy."
    assert "Detection" not in sections["narrative"]["html"]
    assert sections["narrative"]["title"] == "Trigger, detection and resolution"
    assert "title" not in sections["summary"]


def test_a_published_page_keeps_the_title_it_was_published_with(author: Person, root: Person, sign_in: SignIn) -> None:
    own = templates.create_template(root, name="Ours")
    said = [{"kind": "impact", "title": "Customer harm", "prompt": "", "starter": ""}]
    templates.change_template(root, own.pk, name="Ours", about="", sections=said)
    review = start_review(author, title="Checkout slow", template=own)
    save_section(author, review, "summary", "It was slow.", 0)
    save_section(author, review, "impact", "Nobody could pay.", 0)
    publish_review(author, review)
    said[0]["title"] = "Who felt it"
    templates.change_template(root, own.pk, name="Ours", about="", sections=said)
    client = sign_in(author)
    assert "Customer harm" in client.get(review.incident.get_absolute_url()).content.decode()
    assert "Who felt it" in client.get(review.incident.get_edit_url()).content.decode()


def test_a_summary_of_bare_headings_is_no_summary(author: Person, root: Person, sign_in: SignIn) -> None:
    own = templates.create_template(root, name="Ours")
    said = [{"kind": "summary", "title": "", "prompt": "", "starter": "### In short\n"}]
    templates.change_template(root, own.pk, name="Ours", about="", sections=said)
    review = start_review(author, title="Checkout slow", template=own)
    page = sign_in(author).get(f"{review.incident.get_edit_url()}publish").content.decode()
    assert "There is no summary." in page


# Another one for a draft.


def test_another_template_keeps_what_is_written_and_fills_what_is_empty(author: Person, sre: ReviewTemplate) -> None:
    review = start_review(author, title="Checkout slow", template=sre)
    save_section(author, review, "lessons", "Load tests lie.", review.sections.get(kind="lessons").revision)
    use_template(author, review, factories.template("howie"))
    review.refresh_from_db()
    assert text_of(review, "lessons") == "Load tests lie."
    assert re.findall("### (.+)", text_of(review, "narrative")) == ["Narrative", "Sources"]
    use_template(author, review, None)
    review.refresh_from_db()
    assert text_of(review, "narrative") == ""
    assert wording_of(review)["narrative"].title == "What happened"


def test_it_is_chosen_on_a_page_of_its_own(
    author: Person, outsider: Person, sre: ReviewTemplate, sign_in: SignIn
) -> None:
    review = factories.draft(author)
    address = f"{review.incident.get_edit_url()}template"
    assert "SRE book" in sign_in(author).get(address).content.decode()
    assert sign_in(author).post(address, {"template": "x"}).status_code == 422
    assert sign_in(author).post(address, {"template": sre.pk}).status_code == 302
    review.refresh_from_db()
    assert review.template == sre
    assert sign_in(outsider).post(address, {"template": sre.pk}).status_code == 404


def test_a_template_that_is_no_longer_offered_stays_with_its_draft(
    author: Person, sre: ReviewTemplate, sign_in: SignIn
) -> None:
    review = start_review(author, title="Checkout slow", template=sre)
    ReviewTemplate.objects.filter(pk=sre.pk).update(is_offered=False)
    page = LexborHTMLParser(sign_in(author).get(f"{review.incident.get_edit_url()}template").content.decode())
    chosen = page.css_first('input[name="template"][checked]')
    assert chosen is not None and chosen.attributes["value"] == str(sre.pk)


def test_titles_cost_the_editor_page_one_query(
    author: Person, sre: ReviewTemplate, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    review = Review.objects.select_related("template").get(pk=start_review(author, title="x", template=sre).pk)
    with django_assert_num_queries(1):
        wording_of(review)


# The organisation's own.


def test_the_settings_are_there_for_administrators_only(author: Person, root: Person, sign_in: SignIn) -> None:
    pk = factories.template("debrief").pk
    for address in ("/templates/", f"/templates/{pk}/"):
        assert sign_in(author).get(address).status_code == 404
        assert sign_in(root).get(address).status_code == 200
    for address in ("/templates/add", f"/templates/{pk}/do", f"/templates/{pk}/"):
        assert sign_in(author).post(address, {"do": "withhold"}).status_code == 404
    for operation in (
        lambda: templates.create_template(author),
        lambda: templates.delete_template(author, pk),
        lambda: templates.make_default(author, pk),
        lambda: templates.offer_template(author, pk, False),
        lambda: templates.move_template(author, pk, "down"),
        lambda: templates.change_template(author, pk, name="x", about="", sections=[]),
    ):
        with pytest.raises(PermissionDenied):
            operation()


def test_one_that_came_along_is_copied_and_the_copy_changed(root: Person, sre: ReviewTemplate, sign_in: SignIn) -> None:
    client = sign_in(root)
    page = client.post("/templates/add", {"source": sre.pk}, follow=True)
    copy = ReviewTemplate.objects.get(name="SRE book (copy)")
    assert not copy.is_offered and not copy.is_builtin
    assert 'name="narrative-starter"' in page.content.decode()
    typed = {"name": "Ours", "about": "As we do it.", "summary-expected": "on", "summary-title": "In short"}
    assert client.post(f"/templates/{copy.pk}/", typed).status_code == 302
    copy.refresh_from_db()
    assert copy.name == "Ours"
    assert [(one.kind, one.title) for one in copy.sections.all()] == [("summary", "In short")]


def test_one_that_came_along_stays_as_it_is(root: Person, sre: ReviewTemplate, sign_in: SignIn) -> None:
    client = sign_in(root)
    assert 'name="name"' not in client.get(f"/templates/{sre.pk}/").content.decode()
    answer = client.post(f"/templates/{sre.pk}/", {"name": "Mine", "summary-expected": "on"})
    assert answer.status_code == 422
    with pytest.raises(ValidationError, match="Stop offering it instead"):
        templates.delete_template(root, sre.pk)
    sre.refresh_from_db()
    assert sre.name == "SRE book"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "", "summary-expected": "on"}, "Give the template a name."),
        ({"name": "n" * 81, "summary-expected": "on"}, "at most 80 fit"),
        ({"name": "Ours"}, "Choose at least one section"),
        ({"name": "Ours", "summary-expected": "on", "summary-title": "t" * 81}, "at most 80 fit"),
        ({"name": "Ours", "summary-expected": "on", "summary-prompt": "p" * 501}, "at most 500 fit"),
        ({"name": "Ours", "summary-expected": "on", "summary-starter": "s" * 20_001}, "at most 20,000 fit"),
    ],
)
def test_a_bad_template_is_refused_in_words(typed: dict[str, str], words: str, root: Person, sign_in: SignIn) -> None:
    own = templates.create_template(root, name="Before")
    answer = sign_in(root).post(f"/templates/{own.pk}/", typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    own.refresh_from_db()
    assert own.name == "Before"


def test_there_is_one_default_and_it_is_offered(root: Person, sre: ReviewTemplate) -> None:
    templates.offer_template(root, sre.pk, False)
    templates.make_default(root, sre.pk)
    sre.refresh_from_db()
    assert sre.is_default and sre.is_offered
    assert ReviewTemplate.objects.filter(is_default=True).count() == 1
    with pytest.raises(ValidationError, match="is the default"):
        templates.offer_template(root, sre.pk, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewTemplate.objects.filter(slug="howie").update(is_default=True)


def test_one_in_use_is_not_deleted_and_one_that_is_not_is(root: Person, author: Person) -> None:
    own = templates.create_template(root, name="Ours")
    review = factories.draft(author)
    Review.objects.filter(pk=review.pk).update(template=own)
    with pytest.raises(ValidationError, match="1 review uses it"):
        templates.delete_template(root, own.pk)
    Review.objects.update(template=None)
    templates.delete_template(root, own.pk)
    assert not ReviewTemplate.objects.filter(pk=own.pk).exists()


def test_they_are_moved_within_the_list(root: Person, sre: ReviewTemplate, sign_in: SignIn) -> None:
    before = list(ReviewTemplate.objects.values_list("slug", flat=True))
    templates.move_template(root, sre.pk, "up")
    after = list(ReviewTemplate.objects.values_list("slug", flat=True))
    assert after[:2] == [before[1], before[0]]
    page = LexborHTMLParser(sign_in(root).get("/templates/").content.decode())
    assert [node.text() for node in page.css(".row-title")][:2] == ["SRE book", "Debrief"]
    with pytest.raises(ValidationError, match="cannot move"):
        templates.move_template(root, sre.pk, "up")
    with pytest.raises(ValidationError, match="cannot move"):
        templates.move_template(root, sre.pk, "sideways")


@pytest.mark.parametrize("typed", ["nonsense", "", "\x00", "delete;"])
def test_a_doing_that_is_none_does_nothing(root: Person, sre: ReviewTemplate, sign_in: SignIn, typed: str) -> None:
    assert sign_in(root).post(f"/templates/{sre.pk}/do", {"do": typed}).status_code == 302
    assert sign_in(root).post("/templates/99999/do", {"do": "up"}).status_code == 404
    assert sign_in(root).get(f"/templates/{'9' * 19}/").status_code == 404


def test_copies_of_copies_have_addresses_and_names(root: Person, sre: ReviewTemplate) -> None:
    made = [templates.create_template(root, source=sre) for _ in range(3)]
    assert len({one.slug for one in made}) == 3
    long = templates.create_template(root, name="n" * 80)
    copy = templates.create_template(root, source=long)
    assert len(copy.name) <= 80


def test_the_list_takes_few_queries_however_many_there_are(
    root: Person, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(10):
        templates.create_template(root, name=f"Number {n}")
    client = sign_in(root)
    client.get("/templates/")
    with django_assert_max_num_queries(5):
        assert "Number 9" in client.get("/templates/").content.decode()
