"""Every change to the document: sections, causes, five whys, contributing factors; and undoing a deletion."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import Http404

from accounts.access import Verb
from accounts.models import Person
from actions.models import ActionItem
from actions.operations import point_again
from catalog.models import CauseCategory
from core import audit
from core.markdown import render
from core.positions import renumber, swap_places
from core.problems import Problems
from incidents.deletions import delete_kept, restore_rows
from incidents.models import Deletion, Incident
from incidents.operations import locked_incident, start_incident
from reviews import history
from reviews.evidence import kept_evidence, restore_evidence
from reviews.live.store import bring_into_rows, seed_text, write_text
from reviews.models import Attachment, Factor, Review, ReviewTemplate, Section, SectionKind, Why
from reviews.removed_attachments import restore_attachment
from reviews.wording import Wording, wording_of
from timeline.models import Event, Perspective
from timeline.perspectives import may_be_restored


class StaleEdit(Exception):
    """Somebody saved `section` after the text now `typed` was begun; neither is lost, nothing was stored."""

    def __init__(self, section: Section, typed: str) -> None:
        super().__init__(f"{section} was saved in between")
        self.section = section
        self.typed = typed


@transaction.atomic
def start_review(person: Person, *, template: ReviewTemplate | None = None, **facts: Any) -> Review:
    """Record an incident (its `facts` are those of incidents.operations.start_incident) and begin its review.

    Its sections begin with what `template` puts there.
    """
    review = Review.objects.create(incident=start_incident(person, **facts), template=template)
    _fill_in_starters(person, review)
    return review


@transaction.atomic
def use_template(person: Person, review: Review, template: ReviewTemplate | None) -> Review:
    """Let the sections of `review` be called and begin as `template` says. What was written stays as it is."""
    incident = locked_incident(person, Verb.EDIT, review.pk)
    review = Review.objects.select_related("template").get(pk=incident.pk)
    if template == review.template:
        return review
    bring_into_rows(incident.pk)
    before = wording_of(review)
    review.template = template
    review.save(update_fields=["template"])
    _fill_in_starters(person, review, before)
    audit.record(person, "use-template", f"incident {incident.number}", template.slug if template else "")
    return review


@transaction.atomic
def save_section(person: Person, review: Review, kind: str, text: str, revision: int) -> Section:
    """Store the Markdown `text`. `revision` is the one that was on screen when typing began, 0 where none was.

    Raises StaleEdit when another text was saved since then; the same text again is no conflict.
    """
    incident = locked_incident(person, Verb.EDIT, review.pk)
    problems = Problems()
    problems.choice("kind", kind, SectionKind.values)
    stored = problems.text("text", text)
    problems.refuse_any()
    bring_into_rows(incident.pk)
    sections = Section.objects.select_related("updated_by").filter(review_id=incident.pk, kind=kind)
    section = sections.first() or Section(review_id=incident.pk, kind=kind, revision=0)
    if section.text == stored:
        return section
    if section.revision != revision:
        raise StaleEdit(section, text)
    write_text(person, incident.pk, f"section:{kind}", stored)
    section = sections.get()
    audit.record(person, "save-section", f"incident {incident.number}", f"{kind} revision {section.revision}")
    return section


@transaction.atomic
def set_causes(person: Person, review: Review, causes: Iterable[CauseCategory]) -> None:
    """Say which cause categories the review has, beside those of its root causes and factors."""
    incident = locked_incident(person, Verb.EDIT, review.pk)
    wanted = {cause.pk: cause for cause in causes}
    if wanted.keys() == set(review.causes.values_list("pk", flat=True)):
        return
    review.causes.set(wanted.values())
    named = ", ".join(sorted(cause.slug for cause in wanted.values()))
    audit.record(person, "set-causes", f"incident {incident.number}", named)


@transaction.atomic
def add_why(person: Person, review: Review, *, parent: Why | None = None, question: str, **more: Any) -> Why:
    """Ask a question at the end of those below `parent`; `more` may hold answer, is_root_cause and cause."""
    incident = locked_incident(person, Verb.EDIT, review.pk)
    if parent is not None and not Why.objects.filter(review_id=incident.pk, pk=parent.pk).exists():
        raise Http404
    why = Why(review_id=incident.pk, parent=parent)
    _set_why(why, question=question, **more)
    why.position = _next_position(Why.objects.filter(review_id=incident.pk, parent=parent))
    why.save()
    seed_text(incident.pk, f"why:{why.pk}", why.answer)
    history.begin(incident.pk, f"why:{why.pk}", why.answer, person.pk)
    audit.record(person, "add-why", f"incident {incident.number}", f"why {why.pk}")
    return why


@transaction.atomic
def change_why(person: Person, why_pk: int, **changed: Any) -> Why:
    """Change the given fields of a why: question, answer, is_root_cause, cause."""
    why, incident = locked_why(person, why_pk)
    before = why.answer
    _set_why(why, **changed)
    answer, why.answer = why.answer, before
    if answer != before:
        write_text(person, incident.pk, f"why:{why.pk}", answer)  # first: it locks the document, then the row
        why.refresh_from_db(fields=["answer", "answer_html"])
    why.save(update_fields=["question", "is_root_cause", "cause"])  # others may be writing the answer
    audit.record(person, "change-why", f"incident {incident.number}", f"why {why.pk}")
    return why


@transaction.atomic
def move_why(person: Person, why_pk: int, direction: str) -> None:
    """Move a why with all that stands below it: "up", "down", "in" (below the line above it) or "out" (beside its
    parent, after it). ValidationError where there is no such place.
    """
    why, incident = locked_why(person, why_pk)
    siblings = list(Why.objects.filter(review_id=incident.pk, parent=why.parent_id))
    place = siblings.index(why)
    if direction in ("up", "down"):
        swap_places(siblings, why, direction)
    elif direction == "in":
        if place == 0:
            raise ValidationError("There is no question above it on this level.")
        why.parent = siblings[place - 1]
        why.position = _next_position(Why.objects.filter(parent=why.parent))
        why.save(update_fields=["parent", "position"])
    elif direction == "out":
        if why.parent is None:
            raise ValidationError("It stands at the top already.")
        beside = list(Why.objects.filter(review_id=incident.pk, parent=why.parent.parent_id))
        beside.insert(beside.index(why.parent) + 1, why)
        why.parent_id = why.parent.parent_id
        why.save(update_fields=["parent"])
        renumber(beside)
    else:
        raise ValueError(f"{direction} is no direction")
    audit.record(person, "move-why", f"incident {incident.number}", f"why {why.pk} {direction}")


@transaction.atomic
def delete_why(person: Person, why_pk: int) -> Deletion:
    """Delete a why with all that stands below it and what its answers cite; `undo` brings it back."""
    why, incident = locked_why(person, why_pk)
    rows = _with_all_below(why, Why.objects.filter(review_id=incident.pk))
    found_by = dict(Factor.objects.filter(why__in=rows).values_list("pk", "why_id"))
    links = {"factors": found_by, "cited": kept_evidence(rows)}
    return delete_kept(person, incident, "why", why.question, [*rows], links)


@transaction.atomic
def add_factor(person: Person, review: Review, *, text: str, **more: Any) -> Factor:
    """Name a contributing factor; `more` may hold cause, why, and the actions that remove it."""
    incident = locked_incident(person, Verb.EDIT, review.pk)
    factor = Factor(review_id=incident.pk)
    actions = more.pop("actions", ())
    _set_factor(factor, incident, text=text, **more)
    factor.position = _next_position(Factor.objects.filter(review_id=incident.pk))
    factor.save()
    seed_text(incident.pk, f"factor:{factor.pk}", factor.text)
    history.begin(incident.pk, f"factor:{factor.pk}", factor.text, person.pk)
    factor.actions.set(_own_actions(incident, actions))
    audit.record(person, "add-factor", f"incident {incident.number}", f"factor {factor.pk}")
    return factor


@transaction.atomic
def change_factor(person: Person, factor_pk: int, **changed: Any) -> Factor:
    """Change the given fields of a factor: text, cause, why, actions."""
    factor, incident = _locked_factor(person, factor_pk)
    actions = changed.pop("actions", None)
    before = factor.text
    _set_factor(factor, incident, **changed)
    text, factor.text = factor.text, before
    if text != before:
        write_text(person, incident.pk, f"factor:{factor.pk}", text)  # first: it locks the document, then the row
        factor.refresh_from_db(fields=["text", "html"])
    factor.save(update_fields=["cause", "why"])  # others may be writing the text
    if actions is not None:
        factor.actions.set(_own_actions(incident, actions))
    audit.record(person, "change-factor", f"incident {incident.number}", f"factor {factor.pk}")
    return factor


@transaction.atomic
def move_factor(person: Person, factor_pk: int, direction: str) -> None:
    """Move a factor one place "up" or "down". ValidationError where there is none."""
    factor, incident = _locked_factor(person, factor_pk)
    swap_places(list(Factor.objects.filter(review_id=incident.pk)), factor, direction)
    audit.record(person, "move-factor", f"incident {incident.number}", f"factor {factor.pk} {direction}")


@transaction.atomic
def delete_factor(person: Person, factor_pk: int) -> Deletion:
    """Delete a factor; `undo` brings it back."""
    factor, incident = _locked_factor(person, factor_pk)
    return delete_kept(person, incident, "factor", factor.text, [factor])


@transaction.atomic
def undo(person: Person, deletion_pk: int) -> Event | Perspective | ActionItem | Why | Factor | Attachment:
    """Bring back what a deletion took, with its links; returns the first restored row.

    Raises ValidationError where it is back already.
    """
    found = Deletion.objects.filter(pk=deletion_pk).exclude(kind="comment").first()
    if found is None:
        raise Http404
    locked_incident(person, Verb.EDIT, found.incident_id)
    deletion = Deletion.objects.select_related("incident").get(pk=deletion_pk)
    if deletion.kind == "perspective" and not may_be_restored(deletion):
        raise ValidationError("Its event is no longer on the timeline. Bring that back first.")
    if deletion.kind == "attachment":
        return restore_attachment(person, deletion)
    restore_rows(person, deletion)
    pk, links = deletion.data["rows"][0]["pk"], deletion.data["links"]
    restore_evidence(deletion.incident, links.get("cited", ()))
    if deletion.kind == "event":
        return Event.objects.get(pk=pk)
    if deletion.kind == "perspective":
        return Perspective.objects.get(pk=pk)
    factors = Factor.objects.filter(review_id=deletion.incident_id)
    if deletion.kind == "action":
        action = ActionItem.objects.get(pk=pk)
        for factor in factors.filter(pk__in=links["factors"]):
            factor.actions.add(action)
        point_again(action, links)
        return action
    if deletion.kind == "why":
        for factor in factors.filter(pk__in=links["factors"], why=None):
            factor.why_id = links["factors"][str(factor.pk)]
            factor.save(update_fields=["why"])
        return Why.objects.get(pk=pk)
    return factors.get(pk=pk)


def locked_why(person: Person, why_pk: int) -> tuple[Why, Incident]:
    """The why and its incident, locked to be edited by `person`. Http404 where either is not there.

    Read anew after the lock was had: it may have been moved meanwhile.
    """
    review_pk = Why.objects.filter(pk=why_pk).values_list("review_id", flat=True).first()
    if review_pk is None:
        raise Http404
    incident = locked_incident(person, Verb.EDIT, review_pk)
    why = Why.objects.select_related("parent").filter(pk=why_pk).first()
    if why is None:
        raise Http404
    return why, incident


def _locked_factor(person: Person, factor_pk: int) -> tuple[Factor, Incident]:
    review_pk = Factor.objects.filter(pk=factor_pk).values_list("review_id", flat=True).first()
    if review_pk is None:
        raise Http404
    incident = locked_incident(person, Verb.EDIT, review_pk)
    factor = Factor.objects.filter(pk=factor_pk).first()
    if factor is None:
        raise Http404
    return factor, incident


def _set_why(why: Why, **changed: Any) -> None:
    problems = Problems()
    for name, value in changed.items():
        if name == "question":
            value = problems.line("question", value, longest=500, required="Write the question.")
        elif name == "answer":
            value = problems.text("answer", value)
        elif name not in ("is_root_cause", "cause"):
            raise TypeError(f"{name} is not a part of a why")
        setattr(why, name, value)
    problems.refuse_any()
    if "answer" in changed:
        why.answer_html = render(why.answer) if why.answer else ""


def _set_factor(factor: Factor, incident: Incident, **changed: Any) -> None:
    problems = Problems()
    for name, value in changed.items():
        if name == "text":
            value = problems.text("text", value, required="Write what made the incident possible.")
        elif name == "why":
            if value is not None and not Why.objects.filter(review_id=incident.pk, pk=value.pk).exists():
                problems.add("why", "That question no longer stands in this review.")
        elif name != "cause":
            raise TypeError(f"{name} is not a part of a factor")
        setattr(factor, name, value)
    problems.refuse_any()
    if "text" in changed:
        factor.html = render(factor.text)


def _own_actions(incident: Incident, actions: Iterable[ActionItem]) -> list[ActionItem]:
    """Read anew after the incident was locked: one may have been deleted since the form was read."""
    wanted = {action.pk for action in actions}
    found = list(incident.actions.filter(pk__in=wanted))
    if len(found) < len(wanted):
        raise ValidationError({"actions": ["One of these actions is no longer in this review."]})
    return found


def _fill_in_starters(person: Person, review: Review, before: Wording | None = None) -> None:
    """Put the template's starters where nothing is written but, perhaps, the starter of the template `before`."""
    stored = {section.kind: section for section in review.sections.all()}
    for kind, wording in wording_of(review).items():
        section = stored.get(kind)
        text, revision = (section.text, section.revision) if section else ("", 0)
        known = before[kind].written(text) if before else text.strip()
        if not known and text.strip() != wording.starter.strip():
            save_section(
                person, review, kind, wording.starter.strip() + "\n" if wording.starter.strip() else "", revision
            )


def _next_position(rows: Any) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1


def _with_all_below(why: Why, whys: Iterable[Why]) -> list[Why]:
    """The why and everything under it, parents before their children."""
    below: dict[int | None, list[Why]] = defaultdict(list)
    for one in whys:
        below[one.parent_id].append(one)
    rows = [why]
    for row in rows:
        rows.extend(below[row.pk])
    return rows
