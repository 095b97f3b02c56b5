"""The analysis: chains that reach something systemic, and factors that something removes."""

from typing import Any

from reviews.checker.material import FactorTold, Material, WhyTold
from tests.reviews.checker.made import found, rules

SYSTEMIC = "Staging holds so little data that the query was fast there."


def chain(*answers: str, **last: Any) -> tuple[WhyTold, ...]:
    """Each answer asked about by the next."""
    whys = [WhyTold(pk, f"Why {pk}?", answer, parent=pk - 1 or None) for pk, answer in enumerate(answers, 1)]
    end = whys[-1]
    return (*whys[:-1], WhyTold(end.pk, end.question, end.answer, end.parent, **last))


COVERING = (FactorTold(7, "Staging is small.", why=2, actions=(1,)),)


def analysed(*whys: WhyTold, factors: Any = COVERING) -> Material:
    return Material(whys=whys, factors=tuple(factors))


DONE = {"is_root_cause": True, "has_category": True}


def test_a_chain_that_ends_in_a_factor_with_an_action_is_fine() -> None:
    assert rules(analysed(*chain("The query was slow.", SYSTEMIC, **DONE)), "analysis") == []


def test_no_root_cause_is_said_of_the_whole_once_something_is_answered() -> None:
    assert rules(analysed(*chain("The query was slow.", SYSTEMIC)), "analysis") == [("no-root-cause", "whys")]
    assert ("no-root-cause", "whys") not in rules(analysed(WhyTold(1, "Why?")), "analysis")


def test_a_chain_of_one_step_is_found() -> None:
    assert rules(analysed(*chain(SYSTEMIC, **DONE), factors=[FactorTold(7, "x", 1, (1,))]), "analysis") == [
        ("one-step", "why:1")
    ]


def test_a_question_without_an_answer_is_found() -> None:
    whys = (*chain("The query was slow.", SYSTEMIC, **DONE), WhyTold(3, "Why else?", " ", parent=1))
    assert rules(analysed(*whys), "analysis") == [("unanswered", "why-question:3")]


def test_a_chain_that_ends_in_a_person_is_found_at_the_words() -> None:
    [one] = found(analysed(*chain("The query was slow.", "The engineer forgot the index.", **DONE)), "analysis")
    assert (one.rule, one.where, one.text, one.start) == ("analysis-ends-in-person", "why:2", "The engineer forgot", 0)


def test_a_chain_that_ends_in_more_care_is_found_at_the_words() -> None:
    [one] = found(analysed(*chain("The query was slow.", "People must be more careful.", **DONE)), "analysis")
    assert (one.rule, one.where, one.text) == ("analysis-ends-in-care", "why:2", "be more careful")


def test_a_person_on_the_way_is_no_end() -> None:
    assert rules(analysed(*chain("The engineer forgot the index.", SYSTEMIC, **DONE)), "analysis") == []


def test_a_branch_that_ends_where_nothing_is_fixed_is_found() -> None:
    whys = (*chain("The query was slow.", SYSTEMIC, **DONE), WhyTold(3, "Why else?", "The disk was full.", parent=1))
    assert rules(analysed(*whys), "analysis") == [("proximate-cause", "why:3")]
    covered = [FactorTold(7, "x", 2, (1,)), FactorTold(8, "y", 3, (1,))]
    assert rules(analysed(*whys, factors=covered), "analysis") == []


def test_a_root_cause_has_a_category_and_is_a_factor() -> None:
    whys = chain("The query was slow.", SYSTEMIC, is_root_cause=True)
    assert rules(analysed(*whys, factors=[FactorTold(7, "x", None, (1,))]), "analysis") == [
        ("root-cause-without-category", "why:2"),
        ("root-cause-without-factor", "why:2"),
    ]


def test_a_review_names_a_factor() -> None:
    assert rules(Material(), "analysis") == [("no-factor", "factors")]


def test_every_factor_has_an_action() -> None:
    [one] = found(Material(factors=(FactorTold(7, "No alert on the pool."),)), "analysis")
    assert (one.rule, one.where) == ("analysis-factor-without-action", "factor:7")
    assert one.message == "No action removes the factor “No alert on the pool”."
