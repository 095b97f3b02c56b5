"""Administrators' changes to templates: the organisation's own, which are offered, and which one is the default."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.text import slugify

from accounts.models import Person, Role
from core import audit
from core.problems import Problems
from reviews.models import ReviewTemplate, SectionKind, TemplateSection

LONGEST_STARTER = 20_000


def may_manage_templates(person: Person) -> bool:
    """Whether `person` decides how reviews are written here."""
    return person.has_role(Role.ADMINISTRATOR)


@transaction.atomic
def create_template(person: Person, *, source: ReviewTemplate | None = None, name: str = "") -> ReviewTemplate:
    """A template of the organisation's own, with the sections of `source`; not offered until somebody says so."""
    _allow(person)
    problems = Problems()
    named = problems.line(
        "name", name or f"{str(source)[:70]} (copy)", longest=80, required="Give the template a name."
    )
    problems.refuse_any()
    last = ReviewTemplate.objects.aggregate(last=Max("position"))["last"] or 0
    template = ReviewTemplate.objects.create(
        slug=_free_slug(named),
        name=named,
        about=source.about if source else "",
        position=last + 1,
        is_offered=False,
    )
    kinds = source.sections.all() if source else [TemplateSection(kind=kind) for kind in SectionKind.values]
    TemplateSection.objects.bulk_create(
        TemplateSection(template=template, kind=one.kind, title=one.title, prompt=one.prompt, starter=one.starter)
        for one in kinds
    )
    audit.record(person, "create-template", f"template {template.slug}", source.slug if source else "")
    return template


@transaction.atomic
def change_template(
    person: Person, pk: int, *, name: str, about: str, sections: Iterable[dict[str, Any]]
) -> ReviewTemplate:
    """Name the template, and say which `sections` it expects: each a dict of kind, title, prompt and starter.

    Drafts that use it show the new titles and prompts; what was written or published stays as it is.
    """
    template = _locked(person, pk)
    if template.is_builtin:
        raise ValidationError("This template came with Debrief. Copy it and change the copy.")
    problems = Problems()
    template.name = problems.line("name", name, longest=80, required="Give the template a name.")
    template.about = problems.line("about", about, longest=300)
    kept = [_section(problems, template, **one) for one in sections]
    if not kept:
        problems.add("name", "Choose at least one section that reviews of this kind have.")
    problems.refuse_any()
    template.save(update_fields=["name", "about"])
    template.sections.all().delete()
    TemplateSection.objects.bulk_create(kept)
    audit.record(person, "change-template", f"template {template.slug}")
    return template


@transaction.atomic
def offer_template(person: Person, pk: int, offered: bool) -> ReviewTemplate:
    """Whether a review may begin with it; the default always may."""
    template = _locked(person, pk)
    if template.is_default and not offered:
        raise ValidationError(f"“{template}” is the default. Make another one the default first.")
    template.is_offered = offered
    template.save(update_fields=["is_offered"])
    audit.record(person, "offer-template" if offered else "withhold-template", f"template {template.slug}")
    return template


@transaction.atomic
def make_default(person: Person, pk: int) -> ReviewTemplate:
    """Let reviews begin with it, unless somebody chooses another one."""
    template = _locked(person, pk)
    ReviewTemplate.objects.exclude(pk=pk).filter(is_default=True).update(is_default=False)
    template.is_default = template.is_offered = True
    template.save(update_fields=["is_default", "is_offered"])
    audit.record(person, "make-default-template", f"template {template.slug}")
    return template


@transaction.atomic
def move_template(person: Person, pk: int, direction: str) -> ReviewTemplate:
    """Move it "up" or "down" in the list in which it is offered."""
    template = _locked(person, pk)
    ordered = list(ReviewTemplate.objects.select_for_update())
    place = ordered.index(template)
    other = place + {"up": -1, "down": 1}.get(direction, len(ordered))
    if not 0 <= other < len(ordered):
        raise ValidationError("It cannot move there.")
    ordered[place], ordered[other] = ordered[other], ordered[place]
    for position, one in enumerate(ordered):
        one.position = position
    ReviewTemplate.objects.bulk_update(ordered, ["position"])
    audit.record(person, "move-template", f"template {template.slug}", direction)
    return template


@transaction.atomic
def delete_template(person: Person, pk: int) -> str:
    """Delete one of the organisation's own that no review uses; returns its name."""
    template = _locked(person, pk)
    used = template.reviews.count()
    if template.is_builtin:
        raise ValidationError("This template came with Debrief. Stop offering it instead.")
    if template.is_default:
        raise ValidationError(f"“{template}” is the default. Make another one the default first.")
    if used:
        reviews = "1 review uses it" if used == 1 else f"{used} reviews use it"
        raise ValidationError(f"“{template}” stays: {reviews}. Stop offering it instead.")
    template.delete()
    audit.record(person, "delete-template", f"template {template.slug}")
    return template.name


def _allow(person: Person) -> None:
    if not may_manage_templates(person):
        raise PermissionDenied


def _locked(person: Person, pk: int) -> ReviewTemplate:
    _allow(person)
    template = ReviewTemplate.objects.select_for_update().filter(pk=pk).first()
    if template is None:
        raise Http404
    return template


def _section(
    problems: Problems, template: ReviewTemplate, kind: str, title: str, prompt: str, starter: str
) -> TemplateSection:
    return TemplateSection(
        template=template,
        kind=problems.choice("kind", kind, SectionKind.values),
        title=problems.line(f"{kind}-title", title, longest=80),
        prompt=problems.line(f"{kind}-prompt", prompt, longest=500),
        starter=problems.text(f"{kind}-starter", starter, longest=LONGEST_STARTER),
    )


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:50] or "template"
    taken = set(ReviewTemplate.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := wanted if n == 1 else f"{wanted}-{n}") not in taken)
