"""The five whys by keyboard alone: asked, answered, branched, moved, folded, deleted, marked and given evidence."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from accounts.models import Person
from reviews.models import Review, Why
from tests import factories
from tests.live import LiveProcess

Open = Callable[..., Page]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def review(ada: Person) -> Review:
    return factories.draft(ada)


@pytest.fixture
def page(review: Review, ada: Person, signed_in_page: Open) -> Page:
    page = signed_in_page(ada)
    page.set_default_timeout(20_000)
    return page


def ask(review: Review, question: str, parent: Why | None = None, answer: str = "", **more: object) -> Why:
    html = f"<p>{answer}</p>" if answer else ""
    position = review.whys.count() + 1
    return Why.objects.create(
        review=review,
        parent=parent,
        question=question,
        answer=answer,
        answer_html=html,
        position=position,
        **more,  # type: ignore[misc]
    )


def line(page: Page, why: Why) -> Locator:
    return page.locator(f"#why-{why.pk}-line")


def test_a_chain_is_asked_and_answered_without_leaving_the_keyboard(page: Page, review: Review) -> None:
    page.goto(review.incident.get_edit_url())
    keys = page.keyboard
    page.locator("#whys-add").press("Enter")
    expect(page.locator("#why-new-question")).to_be_focused()
    keys.type("Why did the payment service fail?")
    keys.press("Enter")
    expect(page.locator(".why-line")).to_be_focused()
    keys.press("Enter")  # it has no answer yet
    expect(page.locator("#whys textarea")).to_be_focused()
    keys.type("The pool was exhausted.")
    keys.press("Control+Enter")
    expect(page.locator(".why-line")).to_be_focused()
    keys.press("Enter")  # it has one
    expect(page.locator("[id^=why-below][id$=question]")).to_be_focused()
    keys.type("How could it be?")
    keys.press("Enter")
    expect(page.locator(".why .why .why-question")).to_have_text("How could it be?")
    expect(page.locator(".why-line").last).to_be_focused()
    keys.press("Enter")
    keys.press("Escape")
    expect(page.locator(".why-line").last).to_be_focused()


def test_arrows_go_through_the_lines_and_fold_them(page: Page, review: Review) -> None:
    first = ask(review, "First?")
    below = ask(review, "Below?", first)
    deeper = ask(review, "Deeper?", below)
    last = ask(review, "Last?")
    page.goto(review.incident.get_edit_url())
    line(page, first).focus()
    page.keyboard.press("ArrowDown")
    expect(line(page, below)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(line(page, deeper)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(line(page, below)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(line(page, deeper)).to_be_hidden()
    expect(line(page, below)).to_contain_text("1 below")
    page.keyboard.press("ArrowDown")
    expect(line(page, last)).to_be_focused()
    page.keyboard.press("Home")
    expect(line(page, first)).to_be_focused()
    page.keyboard.press("End")
    expect(line(page, last)).to_be_focused()
    page.reload()
    expect(line(page, below)).to_be_visible()
    expect(line(page, deeper)).to_be_hidden()
    page.locator(f"#why-{below.pk}-fold").click()
    expect(line(page, deeper)).to_be_visible()


def test_tab_comes_to_one_line_goes_to_its_buttons_and_leaves(page: Page, review: Review) -> None:
    lines = [ask(review, f"{n}?") for n in range(3)]
    page.goto(review.incident.get_edit_url())
    page.locator("#whys-add").focus()
    page.keyboard.press("Tab")
    expect(line(page, lines[0])).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator(f"#why-{lines[1].pk}-edit")).to_be_focused()
    page.keyboard.press("Escape")
    expect(line(page, lines[1])).to_be_focused()
    for _ in range(9):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#whys .why-line')") is None
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.closest('.why-line')?.id") in (None, f"why-{lines[1].pk}-line")


def test_tab_in_a_new_question_nests_it_and_leaves_where_it_cannot(page: Page, review: Review) -> None:
    top = ask(review, "Top?", answer="A")
    child = ask(review, "Child?", top)
    page.goto(review.incident.get_edit_url())
    line(page, top).press("Enter")
    field = page.locator(".why-form [name=question]")
    expect(field).to_be_focused()
    page.keyboard.type("New?")
    page.keyboard.press("Tab")
    expect(field).to_be_focused()
    expect(page.locator(".why-place")).to_contain_text("Child?")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".why-place")).to_contain_text("Top?")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"#why-{child.pk} .why-question").last).to_have_text("New?")
    assert Why.objects.get(question="New?").parent == child
    expect(line(page, Why.objects.get(question="New?"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#whys textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(line(page, Why.objects.get(question="New?"))).to_be_focused()
    page.locator(f"#why-{child.pk}-below").press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("Dirty?")
    page.keyboard.press("Escape")  # what is typed stays, and Tab goes on
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_a_line_moves_with_alt_and_keeps_the_focus(page: Page, review: Review) -> None:
    first, second = ask(review, "First?"), ask(review, "Second?")
    page.goto(review.incident.get_edit_url())
    line(page, second).focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator(f"#why-{first.pk} #why-{second.pk}")).to_be_visible()
    expect(line(page, second)).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator(f".whys > #why-{second.pk}")).to_be_visible()
    expect(line(page, second)).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".why-question").first).to_have_text("Second?")


def test_a_line_goes_and_comes_back(page: Page, review: Review) -> None:
    first, second = ask(review, "First?"), ask(review, "Second?")
    page.goto(review.incident.get_edit_url())
    line(page, second).press("Delete")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(line(page, second)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(line(page, second)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(line(page, first)).to_be_focused()


def test_a_root_cause_is_marked_categorised_and_made_a_factor(page: Page, review: Review) -> None:
    factories.starting_causes()
    why = ask(review, "Why?", answer="Staging holds too little data.")
    page.goto(review.incident.get_edit_url())
    line(page, why).press(".")
    category = page.locator(f"#why-{why.pk}-cause")
    expect(category).to_be_focused()
    category.select_option(label="Environment parity")
    expect(page.locator(f"#why-{why.pk}-cause option[selected]")).to_have_text("Environment parity")
    page.get_by_role("button", name="Make it a factor").press("Enter")
    expect(page.locator("#whys .root-cause a")).to_have_text("Staging holds too little data.")
    expect(line(page, why)).to_be_focused()
    factor = review.factors.get()
    assert (factor.text, factor.cause and factor.cause.slug, factor.why) == (why.answer, "environment-parity", why)
    page.keyboard.press(".")
    expect(page.locator("#whys .root-cause")).to_have_count(0)


def test_evidence_is_found_by_typing_and_cited(page: Page, review: Review) -> None:
    why = ask(review, "Why?", answer="A slow query.")
    for n in range(12):
        review.incident.events.create(
            occurred_at=factories.NOON + timedelta(minutes=n), text=f"Event {n}", html=f"<p>Event {n}</p>", zone="UTC"
        )
    page.goto(review.incident.get_edit_url())
    line(page, why).press("c")
    search = page.locator(".cite-form [type=search]")
    expect(search).to_be_focused()
    page.keyboard.type("event 7")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    page.locator(".cite-form [name=url]").fill("javascript:alert(1)")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".cite-form .field-error")).to_contain_text("not a web address")
    page.locator(".cite-form [name=url]").fill("https://graphs.example.org/pool")
    page.locator(".cite-form [name=label]").fill("The pool")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".cited a")).to_have_text(["12:07 Event 7", "The pool"])
    expect(page.locator(f"#why-{why.pk}-cite")).to_be_focused()
    page.get_by_role("button", name="No longer cite “The pool”").press("Enter")
    expect(page.locator(".cited a")).to_have_count(1)


def test_the_matrix_is_toggled_by_keyboard(page: Page, review: Review) -> None:
    factor = review.factors.create(text="No alert", html="<p>No alert</p>")
    action = review.incident.actions.create(title="Add an alert")
    page.goto(review.incident.get_edit_url())
    expect(page.locator(".matrix-words")).to_contain_text("1 factor is removed by no action")
    page.locator("#matrix > summary").press("Enter")
    cell = page.locator(f"#cell-{factor.pk}-{action.pk}")
    cell.press("Enter")
    expect(cell).to_have_attribute("aria-pressed", "true")
    expect(cell).to_be_focused()
    expect(page.locator(".matrix-words")).to_have_text(
        "Every factor is removed by an action, and every action removes a factor."
    )
    assert factor.actions.get() == action


def test_question_words_begin_a_question(page: Page, review: Review) -> None:
    page.goto(review.incident.get_edit_url())
    page.locator("#whys-add").press("Enter")
    page.get_by_role("button", name="How could …").press("Enter")
    page.keyboard.type("it pass?")
    expect(page.locator("#why-new-question")).to_have_value("How could it pass?")


def test_single_keys_rest_where_they_are_turned_off(page: Page, review: Review) -> None:
    why = ask(review, "Why?")
    page.goto(review.incident.get_edit_url())
    page.evaluate("localStorage.setItem('debrief-keys', 'off')")
    page.reload()
    line(page, why).press(".")
    page.keyboard.press("F2")
    expect(page.locator("#whys [name=question]")).to_have_value("Why?")
    assert not Why.objects.get().is_root_cause


def test_another_persons_change_disturbs_neither_focus_nor_folds(
    page: Page, review: Review, live_process: LiveProcess, ada: Person
) -> None:
    from reviews.operations import add_why

    first = ask(review, "First?")
    below = ask(review, "Below?", first)
    second = ask(review, "Second?")
    with page.expect_response("**/missed*"):
        page.goto(review.incident.get_edit_url())
    line(page, first).press("ArrowLeft")
    line(page, second).focus()
    lee = factories.person("lee")
    review.incident.participants.create(person=lee, role="author")
    added = add_why(lee, review, question="Third?")
    expect(line(page, added)).to_be_visible()
    expect(line(page, second)).to_be_focused()
    expect(line(page, below)).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(line(page, added)).to_be_focused()


def test_a_thousand_lines_two_hundred_deep_stay_usable(page: Page, review: Review) -> None:
    above = None
    for n in range(260):
        above = ask(review, f"Deep {n}?", above)
    Why.objects.bulk_create(Why(review=review, question=f"Wide {n}?", position=1000 + n) for n in range(740))
    page.goto(review.incident.get_edit_url(), timeout=60_000)
    expect(page.locator(".why-line")).to_have_count(1000)
    page.locator(".why-line").first.focus()
    deepest = line(page, above or Why())
    deepest.focus()
    expect(deepest).to_contain_text("Level 260")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".why-line:focus")).to_contain_text("Deep 258?")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".why-line:focus")).to_contain_text("Wide 0?")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_tree_is_written_without_scripts(
    review: Review, ada: Person, signed_in_page: Open, context_without_javascript: BrowserContext
) -> None:
    factories.starting_causes()
    why = ask(review, "Why?", answer="No alert.")
    action = review.incident.actions.create(title="Add an alert")
    page = signed_in_page(ada, context_without_javascript)
    page.goto(review.incident.get_edit_url())
    page.get_by_role("button", name="Root cause").click()
    page.locator(f"#why-{why.pk}-cause").select_option(label="Observability gap")
    page.get_by_role("button", name="Set the category").click()
    page.get_by_role("button", name="Make it a factor").click()
    expect(page.locator("#factors .item")).to_contain_text("No alert.")
    page.locator(f"#why-{why.pk}-cite").click()
    page.locator(".cite-form [name=url]").fill("https://example.org/x")
    page.get_by_role("button", name="Cite", exact=True).click()
    expect(page.locator(".cited")).to_contain_text("example.org/x")
    factor = review.factors.get()
    page.locator("#matrix > summary").click()
    page.locator(f"#cell-{factor.pk}-{action.pk}").click()
    assert factor.actions.get() == action


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_serious_is_found_by_axe_and_nothing_is_too_wide(page: Page, review: Review, width: int) -> None:
    factories.starting_causes()
    event = review.incident.events.create(occurred_at=factories.NOON, text="Alert", html="<p>Alert</p>", zone="UTC")
    above = None
    for n in range(30):
        above = ask(review, f"Deep {n} {'unbroken' * 12}?", above, answer="Because " + "x" * 90)
        above.evidence.create(event=event)
        above.evidence.create(url="https://example.org/" + "y" * 200)
    Why.objects.filter(pk=above and above.pk).update(is_root_cause=True)
    for n in range(4):
        review.factors.create(text=f"Factor {n} {'long' * 30}", html=f"<p>Factor {n} {'long' * 30}</p>", why=above)
        review.incident.actions.create(title=f"Action {n} {'long' * 30}")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{review.incident.get_edit_url()}?edit=whys&cite={above and above.pk}")
    page.locator("#matrix > summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
    assert found == [], [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
