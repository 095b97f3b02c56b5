"""What an organisation changes about the language rules: words of its own, words that are fine, rules turned off."""

from dataclasses import replace
from types import MappingProxyType

from reviews.checker.language import check_text
from reviews.checker.rulebook import OwnWords, RuleBook, usual_rules

USUAL = usual_rules()
JUDGEMENT = "language-judgement"


def with_words(*words: str, suggestion: str = "") -> RuleBook:
    return replace(USUAL, own_words=tuple(OwnWords(one, JUDGEMENT, suggestion) for one in words))


def found(text: str, book: RuleBook) -> list[tuple[str, str]]:
    return [(finding.rule, finding.text) for finding in check_text(text, book)]


def test_own_words_are_found_in_any_case_and_over_a_line_break() -> None:
    assert found("It was a Monkey\npatch.", with_words("monkey patch")) == [(JUDGEMENT, "Monkey\npatch")]


def test_an_own_word_is_not_found_inside_another_word() -> None:
    assert found("The swarmed panel.", with_words("war", "pan")) == []


def test_a_star_stands_for_any_ending() -> None:
    assert found("They were firefighting.", with_words("firefight*")) == [(JUDGEMENT, "firefighting")]


def test_own_words_ask_their_own_question() -> None:
    [finding] = check_text("A war room.", with_words("war room", suggestion="What did you call it?"))
    assert finding.suggestion == "What did you call it?"


def test_own_words_in_code_are_left() -> None:
    assert found("`war room`", with_words("war room")) == []


def test_where_own_words_and_a_rule_meet_the_own_words_win() -> None:
    [finding] = check_text("It was human error.", with_words("human error", suggestion="Ours?"))
    assert (finding.rule, finding.suggestion) == (JUDGEMENT, "Ours?")


def test_words_declared_fine_are_not_found() -> None:
    book = replace(USUAL, fine_words=("human error",))
    assert found("It was human error. It was operator error.", book) == [("language-human-error", "operator error")]


def test_fine_words_win_over_own_words() -> None:
    book = replace(with_words("war*"), fine_words=("warm",))
    assert found("A warm war room.", book) == [(JUDGEMENT, "war")]


def test_a_rule_that_is_off_finds_nothing_and_hides_nothing() -> None:
    off = {**USUAL.rules, "language-human-error": replace(USUAL.rules["language-human-error"], is_on=False)}
    book = replace(USUAL, rules=MappingProxyType(off))
    assert found("It was human error. The push was careless.", book) == [(JUDGEMENT, "careless")]


def test_severity_and_blocking_are_those_of_the_rule_book() -> None:
    told = {**USUAL.rules, JUDGEMENT: replace(USUAL.rules[JUDGEMENT], severity="error", blocking=True)}
    [finding] = check_text("A careless push.", replace(USUAL, rules=MappingProxyType(told)))
    assert (finding.severity, finding.blocking) == ("error", True)


def test_words_full_of_signs_are_words_and_no_pattern() -> None:
    book = with_words("a.b (c", "*", "  ", "[x", "c++")
    assert found("aXb (c and a.b (c", book) == [(JUDGEMENT, "a.b (c")]
