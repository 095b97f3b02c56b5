"""The main job from end to end: sign in, write, publish, find it again by service, cause and date, open it."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import factories


@pytest.fixture
def page(transactional_db: None, live_server: LiveServer, page: Page) -> Page:
    factories.person("ada", password="a good long password", time_zone="Europe/Berlin")
    factories.service("Payments")
    factories.starting_causes()
    return page


def sign_in(page: Page) -> None:
    page.goto("/reviews/")
    page.get_by_label("Username or email").fill("ada")
    page.get_by_label("Password").fill("a good long password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#q")).to_be_visible()


def test_a_review_is_written_published_and_found_again(page: Page) -> None:
    sign_in(page)
    page.goto("/drafts/new")
    page.get_by_label("Title").fill("Checkout refused card payments")
    page.get_by_label("When did the impact begin?").fill("2026-03-14 14:03")
    page.get_by_label("Payments").check()
    page.get_by_label("Summary").fill("Cards were **refused** for an hour.")
    page.get_by_role("button", name="Begin the review").click()

    page.locator("#factors-add").click()
    page.locator("#factor-new-text").fill("Nothing warned before the pool was empty.")
    page.locator("#factors").get_by_label("Cause category").select_option(label="Observability gap")
    page.get_by_role("button", name="Add the factor").click()
    expect(page.locator("#factors .item")).to_have_count(1)

    page.get_by_role("link", name="Publish…").click()
    expect(page.get_by_role("region", name="Worth a look")).to_contain_text("The timeline is empty.")
    page.get_by_role("button", name=re.compile("^Publish")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Checkout refused card payments")
    expect(page.locator("strong").first).to_have_text("refused")

    for query in ("refusing", "service:payments", "cause:observability-gap", "quarter:2026-Q1", "after:2026-03 cards"):
        page.goto("/reviews/")
        page.locator("#q").fill(query)
        page.keyboard.press("Enter")
        expect(page.locator(".row-title")).to_have_text("Checkout refused card payments")
    page.locator(".row-title").click()
    expect(page).to_have_url(re.compile(r"/reviews/\d+/checkout-refused-card-payments/$"))


def test_a_wrong_password_says_so_and_keeps_the_name(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or email").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Username or email")).to_have_value("ada")
