"""Action items: each with somebody, a day, an outcome and a factor that it removes."""

from dataclasses import replace
from datetime import date

from reviews.checker.material import ActionTold, FactorTold, Material
from tests.reviews.checker.made import found, rules

TODAY = date(2026, 3, 20)
GOOD = ActionTold(
    1, "Alert when pool use is above 80 %", has_owner=True, due=date(2026, 4, 1), is_finished=False, removes=(7,)
)


def review(*actions: ActionTold) -> Material:
    return Material(actions=actions, factors=(FactorTold(7, "No alert.", actions=(1,)),), today=TODAY)


def test_an_action_with_everything_is_fine() -> None:
    assert rules(review(GOOD), "actions") == []


def test_owner_and_due_date_are_asked_for() -> None:
    assert rules(review(replace(GOOD, has_owner=False, due=None)), "actions") == [
        ("no-owner", "action:1"),
        ("no-due-date", "action:1"),
    ]


def test_a_due_date_that_is_past_is_found_from_the_next_day() -> None:
    assert rules(review(replace(GOOD, due=TODAY)), "actions") == []
    [one] = found(review(replace(GOOD, due=date(2026, 3, 19))), "actions")
    assert one.rule == "actions-due-past" and one.message.endswith("was due on 19 March 2026.")


def test_a_finished_action_is_left_alone() -> None:
    done = replace(GOOD, title="Improve things", has_owner=False, due=None, is_finished=True)
    assert rules(review(done), "actions") == []


def test_the_vague_words_of_a_title_are_pointed_at() -> None:
    [one] = found(review(replace(GOOD, title="We should investigate the leak")), "actions")
    assert (one.rule, one.text, one.start) == ("actions-vague", "investigate", 10)


def test_a_vague_title_is_not_called_unmeasured_as_well() -> None:
    assert rules(review(replace(GOOD, title="Better tests for checkout")), "actions") == [("vague", "action:1")]


def test_who_wrote_how_one_will_know_need_not_say_it_in_the_title() -> None:
    endless = replace(GOOD, title="Add more tests")
    assert rules(review(endless), "actions") == [("no-way-to-tell", "action:1")]
    assert rules(review(replace(endless, done_when="A run against the copy fails without an index.")), "actions") == []


def test_blank_words_about_how_one_will_know_say_nothing() -> None:
    blank = replace(GOOD, title="Add more tests", done_when=" \n")
    assert rules(review(blank), "actions") == [("no-way-to-tell", "action:1")]


def test_how_one_will_know_is_read_for_its_language_as_well() -> None:
    [one] = found(review(replace(GOOD, done_when="The outage was caused by human error.")), "language")
    assert (one.where, one.part, one.anchor) == ("action-done-when:1", "actions", "action-1")


def test_an_action_that_removes_no_factor_is_found_where_there_are_factors() -> None:
    assert rules(review(replace(GOOD, removes=())), "actions") == [("removes-nothing", "action:1")]
    assert rules(Material(actions=(replace(GOOD, removes=()),), today=TODAY), "actions") == []
