"""The frame's keys: going places, searching, walking rows, jumping, and being turned off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests import factories

Open = Callable[..., Page]


@pytest.fixture
def page(transactional_db: None, signed_in_page: Open) -> Page:
    ada = factories.person("ada")
    factories.published(ada, "Checkout refused cards")
    factories.published(ada, "Search was slow")
    opened = signed_in_page(ada)
    opened.goto("/")
    return opened


def test_g_and_a_letter_go_places(page: Page) -> None:
    for letter, path in (("r", "/reviews/"), ("d", "/drafts/"), ("h", "/")):
        page.keyboard.press("g")
        page.keyboard.press(letter)
        expect(page).to_have_url(re.compile(f"{path}$"))
        page.wait_for_load_state()  # before that the page has no keys yet


def test_slash_searches_and_letters_typed_there_are_letters(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("grd?c")
    expect(page.locator("#frame-search")).to_have_value("grd?c")
    expect(page).to_have_url(re.compile("/$"))


def test_j_and_k_walk_rows_and_enter_opens_one(page: Page) -> None:
    page.goto("/reviews/")
    page.keyboard.press("j")
    first = page.locator(".row-title").first
    expect(first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/reviews/\d+/"))


def test_ctrl_k_jumps_to_a_review_by_its_words(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#jump-where")).to_be_focused()
    page.keyboard.type("refused")
    expect(page.locator("#jump-places")).to_contain_text("Checkout refused cards")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Checkout refused cards")


def test_ctrl_k_jumps_to_a_page(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("draf")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/drafts/$"))


def test_the_list_of_keys_opens_and_turns_them_off(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.locator("#keys")
    expect(dialog).to_be_visible()
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/$"))
    page.keyboard.press("Control+k")
    expect(page.locator("#jump-where")).to_be_focused()
