"""Rules about the analysis: chains of whys that reach something systemic, and factors that something removes."""

from collections.abc import Iterator

from reviews.checker.endings import ends_in_care, ends_in_person
from reviews.checker.findings import Finding, about, at_span
from reviews.checker.material import Material, WhyTold


def analysis_findings(material: Material) -> Iterator[Finding]:
    """Every finding of the group."""
    yield from _chains(material)
    yield from _root_causes(material)
    yield from _factors(material)


def _chains(material: Material) -> Iterator[Finding]:
    asked = {why.parent for why in material.whys}
    is_marked = any(why.is_root_cause for why in material.whys)
    covered = {factor.why for factor in material.factors}
    if any(why.answer.strip() for why in material.whys) and not is_marked:
        message = "No line is marked as a root cause."
        yield about("analysis-no-root-cause", "whys", message, "Which of these answers is something you can change?")
    for why in material.whys:
        if why.pk in asked:
            continue
        if not why.answer.strip():
            yield about("analysis-unanswered", f"why-question:{why.pk}", "This question has no answer yet.")
            continue
        ending = _ending(why, material.people)
        if ending:
            yield ending
        if why.parent is None:
            message = "This chain has one step only."
            yield about("analysis-one-step", f"why:{why.pk}", message, "How did that come about?")
        elif not ending and is_marked and not why.is_root_cause and why.pk not in covered:
            message = "This chain ends here, at something that nothing is going to change."
            yield about("analysis-proximate-cause", f"why:{why.pk}", message, _PROXIMATE)


_PROXIMATE = "Ask further, mark it as a root cause, or name the factor behind it."


def _ending(why: WhyTold, people: tuple[str, ...]) -> Finding | None:
    place = f"why:{why.pk}"
    if words := ends_in_care(why.answer):
        message = "This chain ends in people taking more care. They already meant to."
        suggestion = "What would make the right thing easy here, or the slip harmless?"
        return at_span("analysis-ends-in-care", place, why.answer, words, message, suggestion)
    if words := ends_in_person(why.answer, people):
        message = "This chain ends in a person. The next one in the same place would do the same."
        suggestion = "What made this look right at the time? What let it pass?"
        return at_span("analysis-ends-in-person", place, why.answer, words, message, suggestion)
    return None


def _root_causes(material: Material) -> Iterator[Finding]:
    covered = {factor.why for factor in material.factors}
    for why in material.whys:
        if not why.is_root_cause:
            continue
        if not why.has_category:
            message = "This root cause has no category, so trends cannot count it."
            yield about("analysis-root-cause-without-category", f"why:{why.pk}", message, "Of which kind is it?")
        if material.factors and why.pk not in covered:
            message = "This root cause is no contributing factor, so no action removes it."
            yield about("analysis-root-cause-without-factor", f"why:{why.pk}", message, "Make it a factor.")


def _factors(material: Material) -> Iterator[Finding]:
    if not material.factors:
        message = "No contributing factor is named."
        yield about("analysis-no-factor", "factors", message, "Which conditions made it possible?")
    for factor in material.factors:
        if not factor.actions:
            message = f"No action removes the factor “{shortened(factor.text)}”."
            suggestion = "What would remove it, or make it show sooner?"
            yield about("analysis-factor-without-action", f"factor:{factor.pk}", message, suggestion)


def shortened(text: str) -> str:
    """The first words of a text, to name it."""
    words = " ".join(text.split()).rstrip(".")
    return words if len(words) <= 60 else words[:59].rstrip() + "…"
