"""The demo organisation: what a first run shows, and to whom."""

from collections import Counter
from datetime import date, timedelta

from django.contrib.auth import authenticate

from accounts.models import Person, Role
from actions.models import ActionItem, ActionStatus
from catalog.cause_categories import STARTING_CATEGORIES
from catalog.models import Service, Team
from incidents.models import Incident, Status, Visibility
from reviews.checker.check import check_review
from reviews.demo.load import load_demo
from reviews.models import Factor, Review, Section, Version, Why
from reviews.readiness import readiness_of, unsettled
from reviews.traceability import matrix_of_document
from tests.factories import DEMO_DAY
from timeline.milestones import milestones_of

TODAY = DEMO_DAY


def titled(beginning: str) -> Review:
    """The demo's review whose title begins so."""
    return Review.objects.select_related("incident").get(incident__title__startswith=beginning)


def test_loads_every_story(db: None) -> None:
    assert load_demo(TODAY) == Review.objects.count() == 16
    by_status = Counter(Incident.objects.values_list("status", flat=True))
    assert by_status == {Status.PUBLISHED: 13, Status.IN_REVIEW: 1, Status.DRAFT: 2}
    assert Version.objects.count() == 15, "two of them were published again"


def test_accounts_of_the_first_page_have_their_roles(demo: date) -> None:
    roles = {"alice": Role.AUTHOR, "lee": Role.TEAM_LEAD, "sam": Role.READER, "admin": Role.ADMINISTRATOR}
    for username, role in roles.items():
        assert Person.objects.get(username=username).role == role
        assert authenticate(username=username, password="debrief-demo") is not None
    assert Person.objects.filter(is_superuser=True).count() == 1


def test_every_service_has_an_owner_and_names_it_is_called_by(demo: date) -> None:
    assert Team.objects.count() == 6
    assert Service.objects.count() == 14
    for service in Service.objects.all():
        assert service.owner is not None, service
        assert service.aliases.exists(), service


def test_milestones_are_in_order(demo: date) -> None:
    for incident in Incident.objects.all():
        found = milestones_of(incident, incident.events.all())
        known = [
            at for at in (found.started_at, found.detected_at, found.mitigated_at, found.resolved_at) if at is not None
        ]
        assert known == sorted(known), incident
        if incident.status == Status.PUBLISHED:
            assert found.resolved_at is not None, incident


def test_nothing_lies_in_the_future(demo: date) -> None:
    midnight = f"{TODAY}T00:00Z"
    assert not Version.objects.filter(published_at__gt=midnight).exists()
    for version in Version.objects.select_related("review__incident"):
        last = version.review.incident.events.order_by("occurred_at").last()
        assert last is not None and last.occurred_at < version.published_at, version
    assert not ActionItem.objects.filter(done_at__date__gte=TODAY).exists()


def test_one_review_is_of_this_day_a_year_ago(demo: date) -> None:
    assert Incident.objects.filter(occurred_at__date=TODAY - timedelta(days=365)).count() == 1


def test_causes_and_services_recur(demo: date) -> None:
    known = {slug for slug, _, _ in STARTING_CATEGORIES}
    causes = Counter(Factor.objects.exclude(cause=None).values_list("cause__slug", flat=True))
    assert set(causes) <= known
    assert sum(times > 1 for times in causes.values()) >= 6
    services = Counter(Incident.objects.values_list("services__slug", flat=True))
    assert services["payments"] >= 3
    assert None not in services


def test_most_factors_have_a_cause_and_most_are_covered(demo: date) -> None:
    total = Factor.objects.count()
    assert Factor.objects.filter(cause=None).count() <= 1
    assert Factor.objects.filter(actions=None).count() <= total // 10


def test_actions_stand_in_every_state(demo: date) -> None:
    states = set(ActionItem.objects.values_list("status", flat=True))
    assert states == set(ActionStatus.values)
    assert ActionItem.objects.overdue(TODAY).count() >= 4
    assert ActionItem.objects.unfinished().filter(owner=None).exists()


def test_people_can_see_the_reviews_of_their_actions(demo: date) -> None:
    for action in ActionItem.objects.exclude(owner=None).select_related("owner", "incident"):
        assert Incident.objects.visible_to(action.owner).filter(pk=action.incident_id).exists(), action


def test_restricted_reviews_are_hidden_from_the_reader(demo: date) -> None:
    restricted = Incident.objects.filter(visibility=Visibility.RESTRICTED, status=Status.PUBLISHED)
    assert restricted.count() == 2
    seen = Incident.objects.visible_to(Person.objects.get(username="sam"))
    assert not seen.filter(pk__in=restricted.values("pk")).exists()
    assert seen.count() == 11
    lee = Incident.objects.visible_to(Person.objects.get(username="lee"))
    assert lee.filter(visibility=Visibility.RESTRICTED).count() == 1


def test_no_open_text_links_to_a_restricted_review(demo: date) -> None:
    hidden = Incident.objects.filter(visibility=Visibility.RESTRICTED)
    for incident in hidden:
        assert not Section.objects.filter(text__contains=f"(/reviews/{incident.number}/)").exists()


def test_links_between_reviews_lead_to_their_numbers(demo: date) -> None:
    lessons = titled("Payments failed").sections.get(kind="lessons")
    earlier = titled("Payments queued")
    assert f"(/reviews/{earlier.incident.number}/)" in lessons.text
    assert not Section.objects.filter(text__contains="](review:").exists()


def test_the_payment_example_ends_after_five_whys_in_a_categorised_root_cause(demo: date) -> None:
    review = titled("Payments failed")
    chain: list[Why] = []
    parent = None
    while (why := Why.objects.filter(review=review, parent=parent).order_by("position").first()) is not None:
        chain.append(why)
        parent = why
    assert len(chain) == 5
    assert chain[0].question == "Why did the payment service fail?"
    assert [why.is_root_cause for why in chain] == [False, False, False, False, True]
    root = chain[-1]
    assert root.cause is not None and root.cause.slug == "environment-parity"
    covered = Factor.objects.get(why=root)
    assert covered.actions.exists()
    assert [one.rule for one in check_review(review, today=TODAY).open] == ["actions-due-past"]


def test_published_reviews_are_good_examples_but_the_first_which_says_so(demo: date) -> None:
    first, *others = Incident.objects.filter(status=Status.PUBLISHED).order_by("occurred_at")
    version = Version.objects.filter(review=first.pk).order_by("-number")[0]
    assert "kept as it was written" in version.document["sections"]["lessons"]["text"]
    assert check_review(Review.objects.get(pk=first.pk), today=TODAY).open
    for incident in others:
        review = Review.objects.get(pk=incident.pk)
        assert {one.rule for one in check_review(review, today=TODAY).open} <= {"actions-due-past"}, incident
        matrix = matrix_of_document(review.versions.order_by("-number")[0].document)
        assert not matrix.uncovered and not matrix.idle, incident


def test_drafts_show_the_checker_at_work(demo: date) -> None:
    found = check_review(titled("Label printing could not")).open
    assert {"language-counterfactual", "analysis-unanswered", "actions-no-owner"} <= {one.rule for one in found}


def test_one_draft_is_half_written(demo: date) -> None:
    draft = titled("Refunds stay")
    assert draft.incident.status == Status.DRAFT
    assert draft.incident.participants.filter(person__username="alice", role="author").exists()
    assert check_review(draft).blocking == 0
    assert "analysis-no-factor" in {finding.rule for finding in check_review(draft).open}
    assert [one.code for one in unsettled(readiness_of(draft))] == ["not-approved"]
    assert list(draft.sections.values_list("kind", flat=True)) == ["summary"]
