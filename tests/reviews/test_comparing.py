"""What differs between two states of a review."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Person
from reviews.comparing import Comparison, compare
from reviews.operations import add_factor, add_why, change_factor, change_why, delete_why, move_why, save_section
from reviews.snapshot import snapshot_of
from tests import factories
from timeline.operations import add_event, change_event, delete_event

WORDS = st.sampled_from(["", "The pool", "Index missing", "a\nb"])
KEYS = st.integers(1, 5)


def named(key: int) -> dict[str, Any]:
    return {"id": key, "slug": f"n{key}", "name": f"Name {key}"}


def by_key(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({row["id"]: row for row in rows}.values())


EVENTS = st.fixed_dictionaries(
    {
        "id": KEYS,
        "at": st.sampled_from(["2026-03-14T12:00:00Z", "2026-03-14T12:07:00Z"]),
        "zone": st.just("UTC"),
        "kind_label": st.sampled_from(["Note", "Detection"]),
        "text": WORDS,
        "source_url": st.just(""),
    }
)
FACTORS = st.fixed_dictionaries(
    {"id": KEYS, "text": WORDS, "cause": st.none() | KEYS.map(named), "actions": st.lists(KEYS, max_size=2)}
)
ACTIONS = st.fixed_dictionaries(
    {"id": KEYS, "title": WORDS, "details": WORDS, "due": st.sampled_from([None, "2026-04-01"]), "owner": WORDS}
)


def whys(depth: int = 2) -> Any:
    below = whys(depth - 1) if depth else st.just([])
    why = st.fixed_dictionaries({"question": WORDS, "answer": WORDS, "is_root_cause": st.booleans(), "children": below})
    return st.lists(why, max_size=2)


def numbered(tree: list[dict[str, Any]]) -> list[dict[str, Any]]:
    tree, count, waiting = copy.deepcopy(tree), 0, []
    waiting.extend(tree)
    while waiting:
        why = waiting.pop()
        count += 1
        why["id"] = count
        waiting.extend(why["children"])
    return tree


DOCUMENTS = st.fixed_dictionaries(
    {
        "title": WORDS,
        "severity": st.sampled_from(["", "sev1"]),
        "occurred_at": st.sampled_from([None, "2026-03-14T12:00:00Z"]),
        "occurred_is_date": st.booleans(),
        "time_zone": st.sampled_from(["UTC", "Asia/Tokyo"]),
        "services": st.lists(KEYS.map(named), max_size=2),
        "causes": st.just([]),
        "tags": st.lists(WORDS, max_size=2),
        "authors": st.just([]),
        "people": st.lists(st.sampled_from([{"name": "Lee", "role_label": "Author"}]), max_size=1),
        "milestones": st.just({"detected_at": None}),
        "sections": st.dictionaries(
            st.sampled_from(["summary", "impact", "lessons"]), WORDS.map(lambda t: {"text": t})
        ),
        "events": st.lists(EVENTS, max_size=4).map(by_key),
        "whys": whys().map(numbered),
        "factors": st.lists(FACTORS, max_size=4).map(by_key),
        "actions": st.lists(ACTIONS, max_size=4).map(by_key),
    }
)


def told(comparison: Comparison) -> dict[str, list[tuple[str, Any]]]:
    return {part.name: [(item.how, item.key) for item in part.items] for part in comparison.parts}


@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document: dict[str, Any]) -> None:
    assert not compare(document, copy.deepcopy(document))


@given(DOCUMENTS, DOCUMENTS)
def test_backwards_what_was_added_is_removed(one: dict[str, Any], other: dict[str, Any]) -> None:
    there, back = told(compare(one, other)), told(compare(other, one))
    assert there.keys() == back.keys()
    # Of two that changed places either may be told as moved.
    turned = {"added": "removed", "removed": "added"}
    for name, items in there.items():
        assert {(turned[how], key) for how, key in items if how in turned} == {
            (how, key) for how, key in back[name] if how in turned
        }


@given(DOCUMENTS, DOCUMENTS)
def test_every_difference_differs_and_is_told_in_a_note_that_fits(one: dict[str, Any], other: dict[str, Any]) -> None:
    comparison = compare(one, other)
    for part in comparison.parts:
        for difference in [*part.differences, *(each for item in part.items for each in item.differences)]:
            assert difference.before != difference.after
            assert not difference.is_text or difference.passages
    assert len(comparison.suggestion) <= 300
    assert bool(comparison.suggestion) == bool(comparison)


@given(DOCUMENTS, DOCUMENTS)
def test_documents_without_difference_say_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    if not compare(one, other):
        assert {key: part["text"] for key, part in one["sections"].items() if part["text"]} == {
            key: part["text"] for key, part in other["sections"].items() if part["text"]
        }
        assert [event["text"] for event in one["events"]] == [event["text"] for event in other["events"]]


@pytest.mark.django_db
def test_changes_of_a_real_review_are_told_in_reading_order(author: Person) -> None:
    review = factories.published(author).review
    event = review.incident.events.get()
    factor = review.factors.get()
    first = add_why(author, review, question="Why?", answer="Pool")
    second = add_why(author, review, question="Why empty?")
    gone = add_event(author, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="Gone")
    before = snapshot_of(review)
    save_section(author, review, "summary", "Checkout was very slow.", 1)
    save_section(author, review, "lessons", "Look at the pool.", 0)
    change_event(author, event.pk, text="The alert fired.")
    add_event(author, review.incident, occurred_at=factories.NOON, zone="UTC", kind="note", text="New")
    delete_event(author, gone.pk)
    change_why(author, first.pk, question="Why did it fail?")
    move_why(author, second.pk, "in")
    change_factor(author, factor.pk, cause=factories.cause("capacity"))
    add_factor(author, review, text="Small pool")
    comparison = compare(before, snapshot_of(review))
    assert comparison.phrases == [
        "Facts (causes)",
        "Summary",
        "Timeline, 1 event added, 1 changed, 1 removed",
        "Five whys, 2 changed",
        "Contributing factors, 1 added, 1 changed",
        "Lessons",
    ]
    moved = comparison.parts[3].items[1]
    assert [(one.label, one.before, one.after) for one in moved.differences] == [
        ("Stands below", "", "Why did it fail?")
    ]


@pytest.mark.django_db
def test_asking_in_other_words_does_not_move_what_stands_below(author: Person) -> None:
    review = factories.draft(author)
    above = add_why(author, review, question="Why?")
    add_why(author, review, parent=above, question="And why that?")
    before = snapshot_of(review)
    change_why(author, above.pk, question="How could it?")
    (part,) = compare(before, snapshot_of(review)).parts
    assert [item.key for item in part.items] == [above.pk]


@pytest.mark.django_db
def test_another_order_is_told(author: Person) -> None:
    review = factories.draft(author)
    first = add_why(author, review, question="Why?")
    second = add_why(author, review, question="Why else?")
    before = snapshot_of(review)
    move_why(author, second.pk, "up")
    (part,) = compare(before, snapshot_of(review)).parts
    assert part.reordered and not part.items
    assert part.phrase == "Five whys, reordered"
    delete_why(author, first.pk)
    (part,) = compare(before, snapshot_of(review)).parts
    assert not part.reordered


def test_a_document_of_an_older_shape_is_compared() -> None:
    assert not compare({"title": "a", "sections": {}}, {"title": "a", "sections": {}, "time_zone": ""})


def test_what_an_answer_cites_is_compared_by_its_words() -> None:
    def document(*cited: dict[str, Any], text: str = "Alert") -> dict[str, Any]:
        why = {"id": 1, "question": "Why?", "evidence": list(cited), "children": []}
        return {"sections": {}, "events": [{"id": 5, "text": text}], "whys": [why], "factors": [], "actions": []}

    event, link = {"event": 5, "url": "", "label": ""}, {"event": None, "url": "https://example.org/", "label": "Graph"}
    (whys,) = compare(document(event), document(event, link)).parts
    assert [(one.label, one.after) for one in whys.items[0].differences] == [
        ("Evidence", "Alert\n\nGraph https://example.org/")
    ]
    reworded = compare(document(event), document(event, text="Alert at last"))
    assert [part.name for part in reworded.parts] == ["timeline"]
