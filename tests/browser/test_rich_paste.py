"""What other programs put on the clipboard as HTML becomes Markdown in the editor."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.models import Person
from reviews.models import Review
from tests import factories
from tests.live import LiveProcess

Open = Callable[..., Page]

pytestmark = pytest.mark.django_db(transaction=True)

PASTE = """(given) => {
    const data = new DataTransfer();
    for (const [type, text] of Object.entries(given)) data.setData(type, text);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def review(transactional_db: None) -> Review:
    return factories.draft(factories.person("ada"), "Cards refused")


@pytest.fixture
def page(live_process: LiveProcess, review: Review, signed_in_page: Open) -> Page:
    """The editor page with the section "Impact" open."""
    opened = signed_in_page(Person.objects.get(username="ada"))
    opened.goto(review.incident.get_edit_url())
    expect(opened.locator("#saved-state")).to_have_text("Saved")
    opened.locator("#impact-edit").click()
    expect(opened.locator("#impact .cm-content")).to_be_focused()
    return opened


def paste(page: Page, html: str, text: str = "as plain text", **others: str) -> None:
    page.evaluate(PASTE, {"text/html": html, "text/plain": text} | others)


def expect_text(page: Page, text: str) -> None:
    expect(page.locator("#impact .cm-line")).to_have_text(text.split("\n"))


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One <b>bold</b> and <i>slanted</i>, <code>x_y</code></p>", "One **bold** and *slanted*, `x_y`"),
        ('<a href="https://example.org/a_b?c=(1)">the graph</a>', r"[the graph](https://example.org/a_b?c=\(1\))"),
        ("<p>The <s>third</s> pool_size</p>", "The ~~third~~ pool_size"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c\n"),
        ("<ol start=3><li><p>a</p><li><p>b</p></ol>", "3. a\n4. b\n"),
        (
            '<ul><li><input type="checkbox" checked> done<li><input type="checkbox"> open</ul>',
            "- [x] done\n- [ ] open\n",
        ),
        ("<h1>Impact</h1><p>Many</p><h2><b>Who</b></h2>", "### Impact\n\nMany\n\n#### Who\n"),
        ('<pre><code class="language-sql">SELECT *\nFROM t</code></pre>', "```sql\nSELECT *\nFROM t\n```\n"),
        ("<pre>a &lt; b</pre>", "```\na < b\n```\n"),
        ("<blockquote><p>said</p></blockquote><p>so</p>", "> said\n\nso\n"),
        (
            "<p>See</p><table><tr><th>Time<th>What<tr><td>14:03<td><b>a</b>|b</table>",
            "See\n\n| Time | What |\n| --- | --- |\n| 14:03 | **a**\\|b |\n",
        ),
        ("<table><tr><td><b>One</b> column</table><p>only</p>", "**One** column\n\nonly\n"),
        ('<b style="font-weight:normal"><span style="font-weight:700">Heavy</span> words</b>', "**Heavy** words"),
        ('<p><b>See</b> <a href="javascript:alert(1)">this</a></p>', "**See** this"),
        ('<p><b>A</b> <img src="https://example.org/spy.png" alt="graph"></p>', "**A** graph"),
    ],
)
def test_html_becomes_markdown(page: Page, html: str, markdown: str) -> None:
    paste(page, html)
    expect_text(page, markdown)


def test_blocks_begin_on_lines_of_their_own(page: Page) -> None:
    page.keyboard.type("Before")
    paste(page, "<ul><li>a</li><li>b</li></ul>")
    expect_text(page, "Before\n\n- a\n- b\n")


def test_words_are_pasted_within_a_line(page: Page) -> None:
    page.keyboard.type("Before ")
    paste(page, "<b>now</b>")
    page.keyboard.type(" after")
    expect_text(page, "Before **now** after")


def test_what_is_typed_while_the_script_is_loaded_follows_what_was_pasted(page: Page) -> None:
    waiting: list[Route] = []
    page.route("**/rich_paste*", lambda route: waiting.append(route))
    page.keyboard.type("Before ")
    paste(page, "<b>now</b>")
    page.keyboard.type(" after")
    expect_text(page, "Before  after")
    waiting[0].continue_()
    expect_text(page, "Before **now** after")


def test_a_paste_replaces_what_is_selected(page: Page) -> None:
    page.keyboard.type("Before")
    page.keyboard.press("Control+a")
    paste(page, "<b>now</b>")
    expect_text(page, "**now**")


def test_html_that_says_no_more_than_its_text_is_pasted_as_text(page: Page) -> None:
    paste(page, "<div>a_b *c*</div>", "a_b *c*")
    expect_text(page, "a_b *c*")


def test_source_of_a_program_is_pasted_as_it_is(page: Page) -> None:
    paste(page, "<div><b>def</b> f</div>", "def f", **{"vscode-editor-data": "{}"})
    expect_text(page, "def f")


def test_nothing_is_converted_within_code(page: Page) -> None:
    page.keyboard.type("```")
    page.keyboard.press("Enter")
    paste(page, "<b>x</b>", "x")
    expect_text(page, "```\nx")


def test_one_undo_takes_back_a_paste_and_nothing_else(page: Page) -> None:
    page.keyboard.type("Before ")
    paste(page, "<b>now</b>")
    expect_text(page, "Before **now**")
    page.keyboard.press("Control+z")
    expect_text(page, "Before ")


def test_where_the_script_cannot_be_had_the_text_is_pasted(page: Page) -> None:
    page.route("**/rich_paste*", lambda route: route.abort())
    paste(page, "<b>now</b>", "now")
    expect_text(page, "now")


def test_nothing_is_fetched_of_what_is_pasted(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    paste(
        page, '<b>a</b><img src="https://example.org/spy.png"><link rel="stylesheet" href="https://example.org/x.css">'
    )
    expect_text(page, "**a**")
    assert not [address for address in asked if "example.org" in address]
