"""The one access rule: who sees, who changes."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.access import Verb, may
from accounts.models import Person
from incidents.models import Incident, Notification
from reviews.models import Version
from tests import factories
from timeline.models import Event

pytestmark = pytest.mark.django_db


def sees(person: Person, incident: Incident) -> bool:
    """The filter's answer, after checking that the deciding function agrees."""
    listed = Incident.objects.visible_to(person).filter(pk=incident.pk).exists()
    assert may(person, Verb.SEE, incident) == listed
    return listed


def test_a_draft_is_for_its_participants(author: Person, outsider: Person) -> None:
    incident = factories.draft(author).incident
    assert sees(author, incident)
    assert not sees(outsider, incident)
    assert not sees(factories.person("lead", role="team-lead"), incident)


def test_a_published_internal_review_is_for_everyone_signed_in(author: Person, outsider: Person) -> None:
    incident = factories.published(author).review.incident
    assert sees(outsider, incident)
    assert not Incident.objects.visible_to(AnonymousUser()).exists()
    assert not may(AnonymousUser(), Verb.SEE, incident)


def test_a_restricted_review_is_for_named_people_and_teams(author: Person, outsider: Person) -> None:
    incident = factories.published(author, visibility="restricted").review.incident
    named, member = factories.person("named"), factories.person("member")
    incident.grants.create(person=named)
    incident.grants.create(team=factories.team("Security", member))
    assert sees(author, incident)
    assert sees(named, incident)
    assert sees(member, incident)
    assert not sees(outsider, incident)


def test_being_named_does_not_open_a_draft(author: Person, outsider: Person) -> None:
    incident = factories.draft(author, visibility="restricted").incident
    incident.grants.create(person=outsider)
    assert not sees(outsider, incident)


def test_leaving_a_team_ends_access(author: Person, outsider: Person) -> None:
    incident = factories.published(author, visibility="restricted").review.incident
    team = factories.team("Security", outsider)
    incident.grants.create(team=team)
    assert sees(outsider, incident)
    team.memberships.all().delete()
    assert not sees(outsider, incident)


def test_a_deactivated_person_sees_nothing(author: Person) -> None:
    incident = factories.published(author).review.incident
    author.is_active = False
    assert not sees(author, incident)


def test_an_administrator_sees_and_changes_everything(author: Person) -> None:
    admin = factories.person("root", role="administrator")
    incident = factories.draft(author, visibility="restricted").incident
    assert sees(admin, incident)
    assert all(may(admin, verb, incident) for verb in Verb)


def test_rows_that_belong_to_an_incident_follow_its_rule(author: Person, outsider: Person) -> None:
    factories.published(author, visibility="restricted")
    assert Version.objects.visible_to(author).count() == 1
    assert Event.objects.visible_to(author).count() == 1
    assert not Version.objects.visible_to(outsider).exists()
    assert not Event.objects.visible_to(outsider).exists()


def test_several_reasons_to_see_give_one_row(author: Person) -> None:
    incident = factories.published(author, visibility="restricted").review.incident
    incident.grants.create(person=author)
    incident.grants.create(team=factories.team("A", author))
    incident.grants.create(team=factories.team("B", author))
    incident.participants.create(person=author, role="responder")
    assert Incident.objects.visible_to(author).count() == 1


def test_only_participants_who_may_write_change_a_review(author: Person, outsider: Person) -> None:
    incident = factories.published(author).review.incident
    stranger = factories.person("stranger")
    incident.participants.create(person=outsider, role="responder")
    assert may(author, Verb.EDIT, incident)
    assert not may(stranger, Verb.EDIT, incident)
    assert not may(outsider, Verb.EDIT, incident)


def test_whoever_takes_part_comments_whatever_their_role(author: Person, outsider: Person) -> None:
    incident = factories.published(author).review.incident
    for person in (outsider, factories.person("lead", role="team-lead")):
        assert not may(person, Verb.COMMENT, incident)
        incident.participants.create(person=person, role="responder")
        assert may(person, Verb.COMMENT, incident)
    outsider.is_active = False
    assert not may(outsider, Verb.COMMENT, incident)


def test_notifications_are_seen_while_one_takes_part(author: Person, outsider: Person) -> None:
    incident = factories.published(author).review.incident
    participation = incident.participants.create(person=outsider, role="responder")
    incident.notifications.create(person=outsider, actor=author, kind="mention")
    assert Notification.objects.visible_to(outsider).exists()
    participation.delete()
    assert not Notification.objects.visible_to(outsider).exists()
    assert Notification.objects.visible_to(factories.person("root", role="administrator")).exists()
    assert not Notification.objects.visible_to(AnonymousUser()).exists()


def test_a_team_lead_assigns_actions_of_what_the_lead_may_see(author: Person) -> None:
    lead = factories.person("lead", role="team-lead")
    assert may(lead, Verb.ASSIGN, factories.published(author).review.incident)
    assert not may(lead, Verb.ASSIGN, factories.draft(author).incident)
    assert not may(lead, Verb.EDIT, factories.published(author).review.incident)
