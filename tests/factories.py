"""Rows for tests, made the short way."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Person
from catalog.cause_categories import STARTING_CATEGORIES
from catalog.models import CauseCategory, Service, Team
from incidents.models import Incident, Participant
from reviews.models import Factor, Review, ReviewTemplate, Section, TemplateSection, Version
from reviews.publishing import publish_review
from reviews.starting_templates import DEFAULT, STARTING_TEMPLATES
from timeline.models import Event

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
DEMO_DAY = date(2026, 11, 24)  # on which the demo organisation was loaded


def person(username: str, *, role: str = "author", password: str | None = None, **more: Any) -> Person:
    """A person, found again by username."""
    found = Person.objects.filter(username=username).first()
    if found:
        return found
    return Person.objects.create_user(username=username, password=password, role=role, name=username.title(), **more)


def service(name: str = "Payments", **more: Any) -> Service:
    """A service, found again by name."""
    slug = name.lower().replace(" ", "-")
    return Service.objects.get_or_create(slug=slug, defaults={"name": name, **more})[0]


def team(name: str, *members: Person) -> Team:
    """A team with members."""
    made = Team.objects.get_or_create(slug=name.lower().replace(" ", "-"), defaults={"name": name})[0]
    for member in members:
        made.memberships.get_or_create(person=member)
    return made


def cause(slug: str) -> CauseCategory:
    """One of the starting cause categories (made where it is missing)."""
    return CauseCategory.objects.get_or_create(slug=slug, defaults={"name": slug.replace("-", " ").capitalize()})[0]


def starting_causes() -> None:
    """The cause categories of a new installation, where it is missing."""
    for position, (slug, name, about) in enumerate(STARTING_CATEGORIES):
        CauseCategory.objects.get_or_create(slug=slug, defaults={"name": name, "about": about, "position": position})


def starting_templates() -> None:
    """The templates of a new installation, where it is missing."""
    for position, one in enumerate(STARTING_TEMPLATES):
        values = {"name": one.name, "about": one.about, "position": position, "is_builtin": True}
        values["is_default"] = one.slug == DEFAULT
        made, is_new = ReviewTemplate.objects.get_or_create(slug=one.slug, defaults=values)
        if is_new:
            made.sections.bulk_create(TemplateSection(template=made, **asdict(section)) for section in one.sections)


def template(slug: str) -> ReviewTemplate:
    """One of the starting templates."""
    starting_templates()
    return ReviewTemplate.objects.prefetch_related("sections").get(slug=slug)


def draft(author: Person, title: str = "Checkout slow", *, summary: str = "Checkout was slow.", **facts: Any) -> Review:
    """A draft review with a summary, taking part: `author`."""
    services = facts.pop("services", [])
    incident = Incident.objects.create(
        title=title, created_by=author, **{"severity": "sev2", "occurred_at": NOON, **facts}
    )
    incident.services.set(services)
    Participant.objects.create(incident=incident, person=author)
    review = Review.objects.create(incident=incident)
    if summary:
        Section.objects.create(review=review, kind="summary", text=summary, html=f"<p>{summary}</p>")
    return review


def published(author: Person, title: str = "Checkout slow", **facts: Any) -> Version:
    """A published review: summary, one detection event, one factor."""
    causes = facts.pop("causes", [])
    review = draft(author, title, **facts)
    Event.objects.create(
        incident=review.incident, occurred_at=NOON, kind="detection", text="Alert fired.", html="<p>Alert fired.</p>"
    )
    Factor.objects.create(review=review, text="No alert on pool use.", html="<p>No alert on pool use.</p>")
    review.causes.set(causes)
    return publish_review(author, review)
