"""What the database itself refuses."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.models import Person
from catalog.models import CauseCategory
from core import audit
from core.models import AuditEntry
from incidents.models import Incident, Participant
from reviews.models import Version, Why
from tests import factories

pytestmark = pytest.mark.django_db


def refused():
    return pytest.raises(IntegrityError)


def test_a_number_is_never_used_twice(author: Person) -> None:
    incident = factories.draft(author).incident
    number = incident.number
    incident.delete()
    with refused(), transaction.atomic():
        Incident.objects.create(title="Again", number=number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('incidents_number', %s, false)", [number])
    with refused(), transaction.atomic():
        Incident.objects.create(title="Again")


def test_a_number_stays_with_its_incident(author: Person) -> None:
    incident = factories.draft(author).incident
    with refused(), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(number=incident.number + 1000)


def test_a_published_version_is_frozen(author: Person) -> None:
    version = factories.published(author)
    with refused(), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(note="changed")
    with refused(), transaction.atomic():
        Version.objects.filter(pk=version.pk)._raw_delete("default")
    with pytest.raises(ProtectedError):
        version.review.incident.delete()


@pytest.mark.parametrize(
    "facts",
    [{"severity": "sev9"}, {"status": "gone"}, {"visibility": "public"}, {"title": ""}, {"occurred_is_date": True}],
    ids=lambda facts: next(iter(facts)),
)
def test_an_incident_holds_only_known_facts(facts: dict[str, object]) -> None:
    with refused(), transaction.atomic():
        Incident.objects.create(**{"title": "T", **facts})


def test_a_grant_names_a_person_or_a_team(author: Person) -> None:
    incident = factories.draft(author).incident
    with refused(), transaction.atomic():
        incident.grants.create()
    with refused(), transaction.atomic():
        incident.grants.create(person=author, team=factories.team("A"))


def test_one_person_has_each_role_once(author: Person) -> None:
    incident = factories.draft(author).incident
    with refused(), transaction.atomic():
        Participant.objects.create(incident=incident, person=author)


def test_an_action_that_will_not_be_done_says_why(author: Person) -> None:
    incident = factories.draft(author).incident
    with refused(), transaction.atomic():
        incident.actions.create(title="Add an alert", status="wont-do")


def test_a_factor_is_removed_by_actions_of_its_own_incident(author: Person) -> None:
    factor = factories.draft(author).factors.create(text="No alert")
    foreign = factories.draft(author).incident.actions.create(title="Add an alert")
    with refused(), transaction.atomic():
        factor.actions.add(foreign)


def test_whys_form_a_tree_within_one_review(author: Person) -> None:
    review, other = factories.draft(author), factories.draft(author)
    top = review.whys.create(question="Why?")
    below = review.whys.create(question="And why that?", parent=top)
    with refused(), transaction.atomic():
        Why.objects.filter(pk=top.pk).update(parent=below)
    with refused(), transaction.atomic():
        other.whys.create(question="Why here?", parent=top)
        connection.check_constraints()


def test_a_factor_is_found_by_a_why_of_its_own_review(author: Person) -> None:
    review, other = factories.draft(author), factories.draft(author)
    why = review.whys.create(question="Why?")
    review.factors.create(text="No alert", why=why)
    connection.check_constraints()
    with refused(), transaction.atomic():
        other.factors.create(text="No alert", why=why)
        connection.check_constraints()


def test_cause_categories_form_a_tree() -> None:
    above = CauseCategory.objects.create(slug="above", name="Above")
    below = CauseCategory.objects.create(slug="below", name="Below", parent=above)
    with refused(), transaction.atomic():
        CauseCategory.objects.filter(pk=above.pk).update(parent=below)


def test_the_audit_trail_is_append_only() -> None:
    audit.record(None, "test", "nothing")
    with refused(), transaction.atomic():
        AuditEntry.objects.update(verb="other")
    with refused(), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_names_differ_in_more_than_case() -> None:
    factories.person("ann")
    with refused(), transaction.atomic():
        Person.objects.create_user(username="ANN")
    payments = factories.service("Payments")
    payments.aliases.create(name="pay")
    with refused(), transaction.atomic():
        factories.service("Other").aliases.create(name="PAY")
