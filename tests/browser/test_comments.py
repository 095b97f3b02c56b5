"""Comments in a browser: words are selected and commented, keys walk the threads, others' words come in."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from incidents.models import Notification
from reviews.commenting import reply, resolve, start_thread
from reviews.models import Comment, Review, Thread
from tests import factories
from tests.browser.conftest import PATIENCE_MS
from tests.live import LiveProcess

Open = Callable[..., Page]
TEXT = "The pool ran dry. The **pool** was too small. Then the pool was made larger."
SELECT = """([selector, words, nth]) => {
    const text = document.querySelector(selector);
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let left = nth;
    while (walker.nextNode()) {
        for (const found of walker.currentNode.data.matchAll(new RegExp(words, "g"))) {
            if (left-- > 0) continue;
            const range = document.createRange();
            range.setStart(walker.currentNode, found.index);
            range.setEnd(walker.currentNode, found.index + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return;
        }
    }
    throw new Error("no such words");
}"""
MARKED = """(name) => [...(CSS.highlights.get(name) ?? [])].flatMap((range) => {
    if (!range.startContainer.parentElement?.closest(".prose, .cm-content")) return [];
    const before = document.createRange();
    before.setStart(range.startContainer.parentElement.closest(".prose, .cm-content"), 0);
    before.setEnd(range.startContainer, range.startOffset);
    return [[range.toString(), before.toString().length]];
})"""


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def review(ada: Person) -> Review:
    review = factories.draft(ada, summary="")
    html = "<p>The pool ran dry. The <strong>pool</strong> was too small. Then the pool was made larger.</p>"
    review.sections.create(kind="summary", text=TEXT, html=html)
    review.factors.create(text="No alert on the pool", html="<p>No alert on the pool</p>")
    return review


def select(page: Page, selector: str, words: str, nth: int = 0) -> None:
    page.evaluate(SELECT, [selector, words, nth])


def marked(page: Page, name: str = "commented") -> list[list[object]]:
    found: list[list[object]] = page.evaluate(MARKED, name)
    return found


def until_marked(page: Page, expected: list[list[object]], name: str = "commented") -> None:
    """The content policy forbids Playwright's own waiting."""
    for _ in range(PATIENCE_MS // 50):
        if marked(page, name) == expected:
            return
        page.wait_for_timeout(50)
    assert marked(page, name) == expected


def test_selected_words_are_commented_with_the_button_beside_them(
    ada: Person, review: Review, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    select(page, "#summary .prose", "pool", 2)
    page.get_by_role("button", name="Comment", exact=True).filter(has=page.locator(":scope.comment-selection")).click()
    form = page.locator("#comments-summary form.is-new")
    expect(form.locator("textarea")).to_be_focused()
    expect(form.get_by_label("About which words?")).to_have_value("pool")
    page.keyboard.type("How *much* larger?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment .prose em")).to_have_text("much")
    expect(page.locator(".comment")).to_be_focused()
    until_marked(page, [["pool", len("The pool ran dry. The pool was too small. Then the ")]])
    thread = Thread.objects.get()
    assert thread.quote == "pool" and thread.start


def test_everything_is_done_with_keys_alone(ada: Person, review: Review, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    keys = page.keyboard
    page.goto(review.incident.get_edit_url())
    select(page, "#summary .prose", "ran dry")
    keys.press("Control+Alt+KeyM")
    expect(page.locator("#comments-summary textarea")).to_be_focused()
    keys.type("When?")
    keys.press("Control+Enter")
    expect(page.locator(".comment", has_text="When?")).to_be_focused()
    page.locator("#comment-on-" + review_factor(review)).press("Enter")
    expect(page.locator("#comments-factors form.is-new textarea")).to_be_focused()
    keys.type("Which alert?")
    keys.press("Control+Enter")
    expect(page.locator(".comment", has_text="Which alert?")).to_be_focused()

    keys.press("n")
    expect(page.locator(".comment", has_text="When?")).to_be_focused()
    until_marked(page, [["ran dry", 9]], "comment-current")
    keys.press("p")
    expect(page.locator(".comment", has_text="Which alert?")).to_be_focused()
    keys.press("p")
    page.locator("#comments-summary .thread textarea").focus()
    keys.type("At noon.")
    keys.press("Control+Enter")
    expect(page.locator(".comment", has_text="At noon.")).to_be_focused()
    page.locator("#comments-summary").get_by_role("button", name="Resolve").press("Enter")
    expect(page.locator("#comments-summary-fold > summary")).to_contain_text("1 resolved")
    until_marked(page, [])
    page.locator("#comments-summary").get_by_role("button", name="Reopen").press("Enter")
    expect(page.locator("#comments-summary-fold > summary")).to_contain_text("2 comments")
    until_marked(page, [["ran dry", 9]])


def review_factor(review: Review) -> str:
    return f"factor-{review.factors.get().pk}"


def test_ones_own_comment_is_changed_deleted_and_brought_back(
    ada: Person, review: Review, signed_in_page: Open
) -> None:
    start_thread(ada, review, "section:summary", "Wen?", quote="ran dry")
    page = signed_in_page(ada)
    comment = Comment.objects.get()
    page.goto(f"{review.incident.get_edit_url()}#comment-{comment.pk}")
    block = page.locator("#comments-summary")
    expect(block.locator(".comment")).to_be_focused()
    block.get_by_role("link", name="Edit").click()
    field = block.get_by_label("Comment", exact=True)
    expect(field).to_be_focused()
    field.fill("When?")
    block.get_by_role("button", name="Save").click()
    expect(block.locator(".comment .prose")).to_have_text("When?")
    block.get_by_role("button", name="Delete").click()
    expect(block.get_by_role("button", name="Undo")).to_be_focused()
    expect(block.locator(".thread")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(block.locator(".comment .prose")).to_have_text("When?")
    until_marked(page, [["ran dry", 9]])


def test_what_others_say_comes_in_beside_what_is_being_typed(ada: Person, review: Review, signed_in_page: Open) -> None:
    lee = factories.person("lee")
    review.incident.participants.create(person=lee)
    thread = start_thread(ada, review, "section:summary", "When?", quote="ran dry").comment.thread
    page = signed_in_page(ada)
    page.goto(f"{review.incident.get_edit_url()}#comment-{Comment.objects.get().pk}")
    field = page.locator("#comments-summary .thread textarea")
    field.press_sequentially("I think it was")
    reply(lee, thread.pk, "At noon.")
    address = f"{review.incident.get_edit_url()}?part=comments"
    page.evaluate("(address) => void htmx.ajax('GET', address, {swap: 'none'})", address)
    expect(page.locator(".comment", has_text="At noon.")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type(" at one.")
    expect(field).to_have_value("I think it was at one.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".comment", has_text="I think it was at one.")).to_be_focused()


def test_a_typed_comment_is_kept_on_the_device(ada: Person, review: Review, signed_in_page: Open) -> None:
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#comment-on-section-summary").click()
    page.locator("#comments-summary textarea").press_sequentially("Half a thought")
    expect(page.locator("#saved-state")).to_contain_text("kept on this device")
    page.reload()
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#comments-summary textarea")).to_have_value("Half a thought")


def test_commented_words_lead_to_their_thread(ada: Person, review: Review, signed_in_page: Open) -> None:
    start_thread(ada, review, "section:summary", "When?", quote="ran dry")
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    box = page.evaluate(
        "() => { const {x, y, width, height} = [...CSS.highlights.get('commented')][0].getBoundingClientRect();"
        " return [x + width / 2, y + height / 2]; }"
    )
    expect(page.locator(".comment")).to_be_hidden()
    page.mouse.click(*box)
    expect(page.locator(".comment")).to_be_focused()


def test_a_mention_reaches_the_other_ones_inbox(
    ada: Person, review: Review, signed_in_page: Open, browser_contexts: Callable[[], BrowserContext]
) -> None:
    lee, sam = factories.person("lee"), factories.person("sam")
    review.incident.participants.create(person=lee)
    page = signed_in_page(ada)
    page.goto(f"{review.incident.get_edit_url()}?comment=section:summary")
    page.locator("#comments-summary textarea").fill("@lee and @sam: when?")
    page.locator("#comments-summary").get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#comments-summary .notice")).to_contain_text("Sam cannot see this review yet.")
    expect(page.locator(".mention").first).to_have_text("Lee")
    assert not Notification.objects.filter(person=sam).exists()

    theirs = signed_in_page(lee, browser_contexts())
    theirs.goto("/")
    expect(theirs.get_by_role("link", name=re.compile("Inbox 1 unread"))).to_be_visible()
    theirs.keyboard.press("g")
    theirs.keyboard.press("i")
    theirs.get_by_role("link", name="Ada mentioned you").press("Enter")
    expect(theirs.locator(".comment")).to_be_focused()
    theirs.goto("/")
    expect(theirs.get_by_role("link", name="Inbox", exact=True)).to_be_visible()


def test_comments_of_others_come_in_by_themselves(
    ada: Person, review: Review, live_process: LiveProcess, signed_in_page: Open
) -> None:
    lee = factories.person("lee")
    review.incident.participants.create(person=lee)
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    comment = start_thread(lee, review, "section:summary", "When?", quote="ran dry").comment
    expect(page.locator("#comments-summary-fold > summary")).to_contain_text("1 comment")
    until_marked(page, [["ran dry", 9]])
    page.locator("#comments-summary-fold > summary").click()
    field = page.locator("#comments-summary .thread textarea")
    field.press_sequentially("I thi")
    reply(lee, comment.thread_id, "At noon?")
    expect(page.locator(".comment", has_text="At noon?")).to_be_visible()
    page.keyboard.type("nk at one.")
    expect(field).to_have_value("I think at one.")
    resolve(lee, comment.thread_id)
    expect(page.locator("#comments-summary-fold > summary")).to_contain_text("1 resolved")
    until_marked(page, [])
    assert page.evaluate("Object.values(localStorage).some((kept) => kept.includes('I think at one.'))")


def test_words_in_an_open_editor_are_commented_and_keep_their_comment_as_they_move(
    ada: Person, review: Review, live_process: LiveProcess, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    page.locator("#summary-edit").click()
    page.locator("#summary .cm-content").wait_for()
    select(page, "#summary .cm-content", "too small")
    page.keyboard.press("Control+Alt+KeyM")
    expect(page.locator("#comments-summary textarea")).to_be_focused()
    page.keyboard.type("How small?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comments-summary .thread-quote")).to_have_text("too small")
    expect(page.locator("#summary .cm-content")).to_be_visible()
    page.locator("#summary .cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Größe: ")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#summary .prose").first).to_contain_text("Größe: The pool")
    until_marked(page, [["too small", len("Größe: The pool ran dry. The pool was ")]])


@pytest.fixture
def browser_contexts(browser: object, base_url: str) -> Callable[[], BrowserContext]:
    """Another person's browser."""
    return lambda: browser.new_context(base_url=base_url)  # type: ignore[attr-defined, no-any-return]


def test_a_part_that_is_fetched_anew_keeps_the_comment_begun_in_it(
    ada: Person, review: Review, signed_in_page: Open
) -> None:
    page = signed_in_page(ada)
    page.goto(review.incident.get_edit_url())
    select(page, "#summary .prose", "ran dry")
    page.keyboard.press("Control+Alt+KeyM")
    field = page.locator("#comments-summary textarea")
    expect(field).to_be_focused()
    fetch = "(part) => void htmx.ajax('GET', `?part=${part}`, {target: `#${part}`, swap: 'outerHTML settle:0ms'})"
    review.sections.update(text=TEXT + " Yes.", html="<p>The pool ran dry. Yes.</p>")
    page.evaluate(fetch, "summary")
    expect(page.locator("#summary .prose").first).to_contain_text("Yes.")
    expect(field).to_be_focused()
    page.keyboard.type("When?")
    review.sections.update(html="<p>The pool ran dry. Again.</p>")
    page.evaluate(fetch, "summary")
    expect(page.locator("#summary .prose").first).to_contain_text("Again.")
    expect(page.locator("#comments-summary form.is-new")).to_have_count(1)
    expect(field).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#comments-summary .thread-quote")).to_have_text("ran dry")
