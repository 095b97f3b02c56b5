"""How the checker works, as everybody may read it, and what administrators change about it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from core.models import AuditEntry
from reviews.checker.check import check_review
from reviews.checker.pages import FOLDER, HEADINGS, parts_of
from reviews.checker.rulebook import rulebook, usual_rules
from reviews.checker.ruling import Ruled, change_rules, remove_word, save_word
from reviews.models import CustomWord, RuleSetting
from reviews.rule_forms import RulesForm
from tests import factories

SignIn = Callable[[Person], Client]
CODES = list(usual_rules().rules)


@pytest.fixture
def admin(db: None) -> Person:
    return factories.person("root", role="administrator")


@pytest.mark.parametrize("code", CODES)
def test_every_rule_has_a_page_with_its_four_parts_wherever_one_stands(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parts_of.cache_clear()
    parts = parts_of(code)
    assert tuple(part.title for part in parts) == HEADINGS
    assert all(part.html for part in parts)


def test_every_page_is_about_a_rule_and_called_like_it() -> None:
    for page in FOLDER.glob("*.md"):
        rule = usual_rules().rules.get(page.stem)
        assert rule is not None, page
        assert page.read_text("utf-8").startswith(f"# {rule.title}\n"), page


def test_the_list_names_every_rule_with_its_severity(author: Person, sign_in: SignIn) -> None:
    page = LexborHTMLParser(sign_in(author).get("/rules/").content.decode())
    assert [node.attributes["href"] for node in page.css(".rule-list a")] == [
        f"/rules/{code}/" for code in sorted_codes()
    ]
    blocking = [
        node.text(deep=True).split("\n")[0] for node in page.css(".rule-list li") if "Blocks publishing" in node.text()
    ]
    assert len(blocking) == 1


def sorted_codes() -> list[str]:
    groups = ["language", "analysis", "actions", "timeline", "summary"]
    return [code for group in groups for code in CODES if code.startswith(group)]


def test_a_page_is_shown_and_an_unknown_one_is_not_there(author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    page = LexborHTMLParser(client.get("/rules/timeline-gap/").content.decode())
    assert [node.text() for node in page.css(".rule-page h2")] == list(HEADINGS)
    assert client.get("/rules/nonsense/").status_code == 404


def test_who_is_not_signed_in_is_asked_to(client: Client, db: None) -> None:
    assert client.get("/rules/").status_code == 302
    assert client.get("/rules/timeline-gap/").status_code == 302


def values(**changed: str | None) -> dict[str, str]:
    """What the form posts, as the rules come, with changes; None leaves a box empty."""
    form = RulesForm(rules=usual_rules())
    posted = {}
    for name, field in form.fields.items():
        if field.initial:
            posted[name] = "on" if field.initial is True else field.initial
    said = {name.replace("__", "-"): value for name, value in changed.items()}
    return {name: value for name, value in (posted | said).items() if value is not None}


def test_an_administrator_turns_a_rule_off_and_lets_another_block(admin: Person, sign_in: SignIn) -> None:
    client = sign_in(admin)
    changes = values(**{"analysis-no-factor-on": None, "timeline-no-detection-blocks": "on"})
    changes["timeline-no-detection-severity"] = "error"
    assert client.post("/rules/settings/", changes).status_code == 302
    held = rulebook().rules
    assert not held["analysis-no-factor"].is_on
    assert (held["timeline-no-detection"].blocking, held["timeline-no-detection"].severity) == (True, "error")
    assert RuleSetting.objects.count() == 2
    checked = check_review(factories.draft(admin))
    assert [one.rule for one in checked.blockers] == ["timeline-no-detection"]
    assert "analysis-no-factor" not in [one.rule for one in checked.open]
    assert set(AuditEntry.objects.filter(verb="change-rule").values_list("subject", "detail")) == {
        ("rule analysis-no-factor", "off, warning"),
        ("rule timeline-no-detection", "on, error, blocks publishing"),
    }


def test_what_is_as_it_comes_again_is_not_stored(admin: Person, sign_in: SignIn) -> None:
    RuleSetting.objects.create(code="analysis-no-factor", is_on=False)
    answer = sign_in(admin).post("/rules/settings/", values(), follow=True)
    assert "1 rule changed." in answer.content.decode()
    assert not RuleSetting.objects.exists()


def test_nonsense_in_the_form_is_refused_in_words(admin: Person, sign_in: SignIn) -> None:
    changes = values()
    changes["analysis-no-factor-severity"] = "nonsense\x00"
    assert sign_in(admin).post("/rules/settings/", changes).status_code == 422
    with pytest.raises(ValidationError):
        change_rules(admin, [Ruled("nonsense", is_on=True, severity="error", blocks=True)])


def test_words_of_ones_own_are_found_and_fine_ones_left_alone(admin: Person) -> None:
    review = factories.draft(admin, summary="Human error and a rogue deploy took checkout down.")
    rules = [(one.rule, one.text) for one in check_review(review).open if one.rule.startswith("language")]
    assert rules == [("language-human-error", "Human error")]
    save_word(admin, None, words="human  error", finds="fine")
    save_word(admin, None, words="rogue deploy", finds="language-judgement", suggestion="What let it through?")
    [own] = [one for one in check_review(review).open if one.rule.startswith("language")]
    assert (own.rule, own.text, own.suggestion) == ("language-judgement", "rogue deploy", "What let it through?")
    assert list(AuditEntry.objects.filter(verb="add-word").values_list("detail", flat=True).order_by("pk")) == [
        "human error: fine",
        "rogue deploy: language-judgement",
    ]


def test_words_are_added_changed_and_removed_on_the_page(admin: Person, sign_in: SignIn) -> None:
    client = sign_in(admin)
    client.post("/rules/words/add", {"words": "rogue", "finds": "language-judgement"})
    word = CustomWord.objects.get()
    assert "rogue" in client.get("/rules/settings/").content.decode()
    assert 'value="rogue"' in client.get(f"/rules/words/{word.pk}/").content.decode()
    client.post(f"/rules/words/{word.pk}/", {"words": "rogue deploy", "finds": "fine", "suggestion": "x"})
    word.refresh_from_db()
    assert (word.words, word.is_fine, word.code, word.suggestion) == ("rogue deploy", True, "", "")
    client.post(f"/rules/words/{word.pk}/remove")
    assert not CustomWord.objects.exists()
    assert client.post(f"/rules/words/{word.pk}/remove").status_code == 404


@pytest.mark.parametrize(
    ("words", "finds", "message"),
    [
        ("", "fine", "Write the words."),
        ("***", "fine", "Write at least one letter or digit."),
        ("ROGUE", "fine", "“ROGUE” is in the list already."),
        ("x" * 121, "fine", "at most 120 fit"),
        ("x", "nonsense", "nonsense"),
        ("x", "actions-vague", "actions-vague"),
    ],
)
def test_words_that_cannot_be_kept_are_refused_in_words(
    admin: Person, sign_in: SignIn, words: str, finds: str, message: str
) -> None:
    CustomWord.objects.create(words="rogue", is_fine=True)
    answer = sign_in(admin).post("/rules/words/add", {"words": words, "finds": finds})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert CustomWord.objects.count() == 1


def test_for_everybody_else_the_settings_do_not_exist(author: Person, sign_in: SignIn) -> None:
    client = sign_in(author)
    assert "/rules/settings/" not in client.get("/rules/").content.decode()
    word = CustomWord.objects.create(words="rogue", is_fine=True)
    for address in ("settings/", "words/add", f"words/{word.pk}/", f"words/{word.pk}/remove"):
        assert client.post(f"/rules/{address}").status_code == 404
    with pytest.raises(PermissionDenied):
        change_rules(author, [])
    with pytest.raises(PermissionDenied):
        save_word(author, None, words="x", finds="fine")
    with pytest.raises(PermissionDenied):
        remove_word(author, word.pk)


def test_a_changed_rule_book_is_another_one_and_an_unchanged_one_the_same(db: None) -> None:
    before = rulebook()
    assert rulebook() is before
    RuleSetting.objects.create(code="nonsense", is_on=False)
    CustomWord.objects.create(words="x", is_fine=True)
    after = rulebook()
    assert after is not before
    assert (after.fine_words, "nonsense" in after.rules) == (("x",), False)
