"""Changing the facts, the people and the readers of an incident."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb
from accounts.models import Person
from incidents import operations
from incidents.models import Incident
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(author: Person) -> Incident:
    return factories.draft(author).incident


def test_numbers_count_up_and_are_never_given_again(author: Person) -> None:
    first = operations.start_incident(author, title="One")
    first.delete()
    assert operations.start_incident(author, title="Two").number > first.number


@pytest.mark.parametrize(
    ("changed", "beside"),
    [
        ({"title": "  "}, "title"),
        ({"title": "t" * 201}, "title"),
        ({"severity": "sev0"}, "severity"),
        ({"time_zone": "Mars/Phobos"}, "time_zone"),
        ({"tags": [f"t{n}" for n in range(21)]}, "tags"),
        ({"detected_at": timezone.now() + timedelta(days=40)}, "detected_at"),
        ({"resolved_at": factories.NOON - timedelta(hours=1)}, "resolved_at"),
    ],
)
def test_facts_that_cannot_be_are_refused_beside_their_field(
    author: Person, incident: Incident, changed: dict[str, object], beside: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        operations.change_facts(author, incident, **changed)
    assert list(refused.value.message_dict) == [beside]


def test_an_unknown_fact_is_a_mistake_in_the_program(author: Person, incident: Incident) -> None:
    with pytest.raises(TypeError):
        operations.change_facts(author, incident, colour="red")


def test_someone_who_takes_part_sees_the_draft_until_they_are_removed(author: Person, incident: Incident) -> None:
    helper = factories.person("helper")
    participant = operations.add_participant(author, incident, helper, "responder")
    assert operations.locked_incident(helper, Verb.EDIT, incident.pk) == incident
    operations.remove_participant(author, incident, participant.pk)
    with pytest.raises(Http404):
        operations.locked_incident(helper, Verb.EDIT, incident.pk)


def test_the_only_author_cannot_leave(author: Person, incident: Incident) -> None:
    with pytest.raises(ValidationError):
        operations.remove_participant(author, incident, incident.participants.get().pk)


def test_a_restricted_review_is_read_by_whom_it_names(author: Person, outsider: Person) -> None:
    incident = factories.published(author).review.incident
    member = factories.person("member", role="reader")
    team = factories.team("Security", member)
    guest = factories.person("guest", role="reader")
    operations.change_visibility(author, incident, "restricted", [guest], [team])
    seen_by = {one.username for one in Person.objects.all() if Incident.objects.visible_to(one).exists()}
    assert seen_by == {"author", "guest", "member"}
    operations.change_visibility(author, incident, "internal")
    assert Incident.objects.visible_to(outsider).exists()
    assert not incident.grants.exists()


def test_a_draft_moves_to_review_and_a_published_one_stays(author: Person, incident: Incident) -> None:
    assert operations.change_status(author, incident, "in-review").status == "in-review"
    with pytest.raises(ValidationError):
        operations.change_status(author, incident, "published")
    published = factories.published(author, "Other").review.incident
    with pytest.raises(ValidationError):
        operations.change_status(author, published, "draft")


def test_an_archived_incident_is_fixed(author: Person, incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(status="archived")
    with pytest.raises(PermissionDenied):
        operations.change_facts(author, incident, title="New")
