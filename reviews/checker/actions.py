"""Rules about action items: each with somebody, a day, and an outcome that one can see."""

from collections.abc import Iterator

from reviews.checker.findings import Finding, about, at_span
from reviews.checker.material import ActionTold, Material
from reviews.checker.titles import several_tasks, unmeasured_words, vague_words


def action_findings(material: Material) -> Iterator[Finding]:
    """Every finding of the group. What is finished is left alone, but for what it removes."""
    for action in material.actions:
        if not action.is_finished:
            yield from _words(action)
            yield from _facts(action, material)
        if material.factors and not action.removes:
            message = "This action removes no contributing factor."
            suggestion = "Which factor would be gone, or show sooner, once it is done?"
            yield about("actions-removes-nothing", f"action:{action.pk}", message, suggestion)


def _facts(action: ActionTold, material: Material) -> Iterator[Finding]:
    place = f"action:{action.pk}"
    named = f"The action “{shortened(action.title)}”"
    if not action.has_owner:
        yield about("actions-no-owner", place, f"{named} has no owner.", "Who will see to it?")
    if action.due is None:
        yield about("actions-no-due-date", place, f"{named} has no due date.", "By when should it be done?")
    elif action.due < material.today:
        day = f"{action.due.day} {action.due:%B %Y}"
        suggestion = "Is it done, is another day right, or will it not be done?"
        yield about("actions-due-past", place, f"{named} was due on {day}.", suggestion)


def _words(action: ActionTold) -> Iterator[Finding]:
    """Whoever wrote how one will know need not say it in the title as well."""
    place = f"action:{action.pk}"
    if span := vague_words(action.title, f"{action.done_when}\n{action.details}"):
        message = "This says what to think of, not what will be different."
        suggestion = "What will exist, or be gone, when it is done?"
        yield at_span("actions-vague", place, action.title, span, message, suggestion)
    elif not action.done_when.strip() and (span := unmeasured_words(action.title, action.details)):
        message = "Nobody will be able to tell when this is done."
        suggestion = "How much, by what, or which ones?"
        yield at_span("actions-no-way-to-tell", place, action.title, span, message, suggestion)
    if span := several_tasks(action.title):
        message = "A second task begins here. One of them may be done while the other is forgotten."
        yield at_span("actions-several-tasks", place, action.title, span, message, "Make it an action of its own.")


def shortened(text: str) -> str:
    """The first words of a text, to name it."""
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= 60 else words[:59].rstrip() + "…"
