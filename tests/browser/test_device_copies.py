"""What the editor keeps on the device: whose it is, when it goes, and that nothing unsaved goes without a question."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Person
from incidents.operations import add_participant
from reviews.models import Review, Section
from tests import factories
from tests.live import LiveProcess

Open = Callable[..., Page]

pytestmark = pytest.mark.django_db(transaction=True)

DATABASES = "async () => (await indexedDB.databases()).map(one => one.name).sort()"
# Makes a copy as the editor does, with what is said of it.
MAKE_COPY = """([name, said]) => new Promise(done => {
    const request = indexedDB.open(name);
    request.onupgradeneeded = () => {
        request.result.createObjectStore("updates", { autoIncrement: true });
        request.result.createObjectStore("custom");
    };
    request.onsuccess = () => {
        const db = request.result;
        const change = db.transaction(["custom"], "readwrite");
        for (const [key, value] of Object.entries(said)) change.objectStore("custom").put(value, key);
        change.oncomplete = () => done(db.close());
    };
})"""
SAID = """(name) => new Promise(done => {
    indexedDB.open(name).onsuccess = ({ target: { result: db } }) => {
        const asked = db.transaction(["custom"]).objectStore("custom").getAllKeys();
        asked.onsuccess = () => done(asked.result, db.close());
    };
})"""
DAY_MS = 86_400_000


@pytest.fixture
def ada(transactional_db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def review(ada: Person) -> Review:
    return factories.draft(ada, "Cards refused", summary="Cards were **refused**.")


@pytest.fixture
def page(live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open) -> Page:
    """The editor page, connected."""
    opened = signed_in_page(ada)
    open_editor(opened, review)
    return opened


def open_editor(page: Page, review: Review) -> None:
    page.goto(review.incident.get_edit_url())
    expect(page.locator("#saved-state")).to_have_text("Saved")


def write_in(page: Page, section: str, words: str) -> None:
    page.locator(f"#{section}-edit").click()
    expect(page.locator(f"#{section} .cm-content")).to_be_focused()
    page.keyboard.type(words)


def write_while_the_server_is_away(page: Page, live_process: LiveProcess, words: str = "Typed while away.") -> None:
    write_in(page, "impact", "")
    live_process.kill()
    page.keyboard.type(words)
    expect(page.locator("#saved-state")).to_have_text("Offline, kept on this device")


def ask_to_sign_out(page: Page) -> None:
    page.locator(".frame-person > summary").click()
    page.get_by_role("button", name="Sign out", exact=True).click()


def copies(page: Page) -> list[str]:
    return page.evaluate(DATABASES)


def now_ms() -> int:
    return int(time.time() * 1000)


def test_signing_out_leaves_no_document_on_the_device(page: Page) -> None:
    assert len(copies(page)) == 1
    ask_to_sign_out(page)
    page.wait_for_url("**/accounts/login/**")
    assert copies(page) == []


def test_signing_out_asks_before_it_discards_what_is_not_saved(
    page: Page, live_process: LiveProcess, review: Review
) -> None:
    write_while_the_server_is_away(page, live_process)
    ask_to_sign_out(page)
    question = page.get_by_role("group", name="Not saved yet, and only on this device:")
    expect(question.get_by_role("link")).to_have_text([f"{review.incident.number} Cards refused"])
    expect(question.get_by_role("button", name="Stay")).to_be_focused()
    question.get_by_role("button", name="Sign out and discard").click()
    page.wait_for_url("**/accounts/login/**")
    assert copies(page) == []


def test_whoever_stays_loses_nothing(page: Page, live_process: LiveProcess, review: Review) -> None:
    write_while_the_server_is_away(page, live_process)
    ask_to_sign_out(page)
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_focused()
    live_process.start()
    expect(page.locator("#saved-state")).to_have_text("Saved")
    assert Section.objects.get(review=review, kind="impact").text == "Typed while away."


def test_signing_out_on_another_page_asks_as_well(page: Page, live_process: LiveProcess, review: Review) -> None:
    write_while_the_server_is_away(page, live_process)
    page.goto("/reviews/")
    ask_to_sign_out(page)
    expect(page.locator(".sign-out-question a")).to_have_text([f"{review.incident.number} Cards refused"])


def test_signing_out_asks_before_it_discards_what_a_form_keeps(page: Page, review: Review) -> None:
    page.locator("#event-new-text").fill("First alert")
    ask_to_sign_out(page)
    expect(page.locator(".sign-out-question a")).to_have_text([str(review.incident.number)])
    page.get_by_role("button", name="Sign out and discard").click()
    page.wait_for_url("**/accounts/login/**")
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('debrief:'))") == []


def test_the_question_is_closed_by_a_second_one(page: Page, live_process: LiveProcess) -> None:
    write_while_the_server_is_away(page, live_process)
    ask_to_sign_out(page)
    expect(page.get_by_role("button", name="Stay")).to_be_focused()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.locator(".sign-out-question")).to_have_count(1)


def test_the_question_fits_a_narrow_phone(page: Page, live_process: LiveProcess) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    write_while_the_server_is_away(page, live_process)
    ask_to_sign_out(page)
    expect(page.locator(".sign-out-question")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_what_another_person_has_saved_goes_from_the_device(page: Page, review: Review) -> None:
    page.evaluate(MAKE_COPY, ["debrief:999999:1:x", {}])
    open_editor(page, review)
    page.wait_for_function("indexedDB.databases().then(all => all.every(one => !one.name.includes(':999999:')))")


@pytest.mark.parametrize(("days", "stays"), [(29, True), (31, False)])
def test_what_another_person_has_not_saved_stays_for_thirty_days(
    page: Page, review: Review, days: int, stays: bool
) -> None:
    page.evaluate(MAKE_COPY, ["debrief:999998:1:x", {}])  # goes last: names come in order
    page.evaluate(MAKE_COPY, ["debrief:1000000:1:x", {"unsaved:1": {"at": now_ms() - days * DAY_MS, "title": "Other"}}])
    open_editor(page, review)
    page.wait_for_function("indexedDB.databases().then(all => all.every(one => !one.name.includes(':999998:')))")
    assert ("debrief:1000000:1:x" in copies(page)) == stays


def test_another_persons_unsaved_words_are_saved_when_that_person_comes_back(
    page: Page, live_process: LiveProcess, ada: Person, review: Review, signed_in_page: Open, context: BrowserContext
) -> None:
    bob = factories.person("bob")
    add_participant(ada, review.incident, bob, "author")
    write_while_the_server_is_away(page, live_process)
    page.close()
    live_process.start()
    page_of_bob = signed_in_page(bob, context)
    open_editor(page_of_bob, review)
    expect(page_of_bob.locator("body")).not_to_contain_text("Typed while away.")
    ask_to_sign_out(page_of_bob)
    page_of_bob.wait_for_url("**/accounts/login/**")
    again = signed_in_page(ada, context)
    open_editor(again, review)
    again.locator("#impact-edit").click()
    expect(again.locator("#impact .cm-line")).to_have_text("Typed while away.")


def test_a_tab_that_saves_leaves_the_mark_of_another_tab(
    page: Page, live_process: LiveProcess, context: BrowserContext, review: Review
) -> None:
    (name,) = copies(page)
    page.evaluate(MAKE_COPY, [name, {"unsaved:1": {"at": 1, "title": ""}, "unsaved:2": {"at": 1, "title": ""}}])
    page.add_init_script(
        """{
            const get = IDBObjectStore.prototype.getAllKeys;
            let first = true;
            IDBObjectStore.prototype.getAllKeys = function (...given) {
                const asked = get.apply(this, given);
                // Another tab writes on, just after this one has looked.
                if (this.name === "custom" && first) {
                    first = false;
                    asked.addEventListener("success", () => {
                        const store = this.transaction.db.transaction(["custom"], "readwrite").objectStore("custom");
                        store.put({ at: 2, title: "" }, "unsaved:2");
                    });
                }
                return asked;
            };
        }"""
    )
    open_editor(page, review)
    page.wait_for_function(f"async () => !(await ({SAID})('{name}')).includes('unsaved:1')")
    assert page.evaluate(SAID, name) == ["unsaved:2"]


def test_what_is_typed_before_the_device_answers_is_marked_when_it_does(
    page: Page, live_process: LiveProcess, review: Review
) -> None:
    page.add_init_script(
        """{
            const open = indexedDB.open.bind(indexedDB);
            globalThis.answerNow = () => {};
            if (location.pathname.startsWith("/drafts/")) indexedDB.open = (...given) => {
                const request = open(...given);
                return new Proxy(request, {
                    set(target, key, value) {
                        target[key] = key === "onsuccess" ? (event) => (answerNow = () => value(event)) : value;
                        return true;
                    },
                });
            };
        }"""
    )
    open_editor(page, review)
    write_in(page, "impact", "")
    live_process.kill()
    page.keyboard.type("Early.")
    expect(page.locator("#saved-state")).to_contain_text("not kept on this device")
    page.evaluate("answerNow()")
    expect(page.locator("#saved-state")).to_have_text("Offline, kept on this device")
    page.goto("/reviews/")
    ask_to_sign_out(page)
    expect(page.locator(".sign-out-question a")).to_have_count(1)
