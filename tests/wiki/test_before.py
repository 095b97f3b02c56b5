"""What happened before, beside a draft and on published pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from actions.models import ActionItem
from incidents.models import Incident, Participant
from reviews.models import Recurrence, Review
from reviews.publishing import publish_review
from reviews.recurring import confirm_recurrence
from tests import factories

pytestmark = pytest.mark.django_db

SignIn = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}
LAG = "The replica lag grew. Every reader of the ledger met the replica lag and saw a replica of the past."


@pytest.fixture
def earlier(author: Person) -> Incident:
    """A published review with an open action, by someone else, of a service and a cause."""
    review = factories.draft(
        factories.person("writer"), "Replica fell behind", summary=LAG, services=[factories.service("Ledger")],
        occurred_at=factories.NOON - timedelta(days=9),
    )  # fmt: skip
    review.causes.add(factories.cause("capacity"))
    ActionItem.objects.create(incident=review.incident, title="Alert on replica lag")
    return publish_review(factories.person("writer"), review).review.incident


@pytest.fixture
def draft(author: Person) -> Review:
    """A draft that tells of the same."""
    review = factories.draft(author, "Behind once more", summary=LAG, services=[factories.service("Ledger")])
    review.causes.add(factories.cause("capacity"))
    return review


def address(review: Review, rest: str = "similar") -> str:
    return f"/drafts/{review.incident.number}/{rest}"


def body(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_writer_is_told_that_it_happened_before_and_what_is_open(
    author: Person, draft: Review, earlier: Incident, sign_in: SignIn
) -> None:
    panel = body(sign_in(author).get(address(draft), headers=HTMX))
    assert "<b>This happened before</b>, and 1 action item from then is still open" in panel
    assert "Replica fell behind" in panel
    assert "Same service: Ledger" in panel
    assert "Alert on replica lag" in panel
    assert "<html" not in panel


def test_without_scripts_it_is_a_page_of_its_own(
    author: Person, draft: Review, earlier: Incident, sign_in: SignIn
) -> None:
    client = sign_in(author)
    assert address(draft) in body(client.get(f"/drafts/{draft.incident.number}/"))
    page = body(client.get(address(draft)))
    assert "Has this happened before?" in page
    assert "Replica fell behind" in page


def test_a_first_review_is_told_that_there_is_nothing(author: Person, draft: Review, sign_in: SignIn) -> None:
    assert "Nothing like this has been published yet" in body(sign_in(author).get(address(draft), headers=HTMX))


def test_the_panel_asks_a_bounded_number_of_queries(
    author: Person, draft: Review, earlier: Incident, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(author)
    client.post(address(draft, "recurrences"), {"earlier": earlier.number})
    for place in range(6):
        factories.published(author, f"Behind {place}", summary=LAG, services=[factories.service("Ledger")])
    with django_assert_max_num_queries(46):
        client.get(address(draft), headers=HTMX)


def test_confirming_keeps_it_and_puts_the_focus_on_taking_it_back(
    author: Person, draft: Review, earlier: Incident, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(address(draft, "recurrences"), {"earlier": earlier.number}, headers=HTMX)
    assert Recurrence.objects.get().person == author
    assert f"before-take-back-{earlier.number}" in answer.headers["HX-Trigger-After-Settle"]
    assert f'id="before-take-back-{earlier.number}"' in body(answer)
    assert f'id="before-confirm-{earlier.number}"' not in body(answer)


def test_taking_it_back_offers_it_again(author: Person, draft: Review, earlier: Incident, sign_in: SignIn) -> None:
    confirm_recurrence(author, draft, str(earlier.number))
    answer = sign_in(author).post(address(draft, f"recurrences/{earlier.number}/take-back"), headers=HTMX)
    assert not Recurrence.objects.exists()
    assert f'id="before-confirm-{earlier.number}"' in body(answer)


def test_without_scripts_confirming_leads_back_to_the_list(
    author: Person, draft: Review, earlier: Incident, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(address(draft, "recurrences"), {"earlier": earlier.number}, follow=True)
    assert answer.redirect_chain == [(address(draft), 302)]
    assert f"Kept as a recurrence of review {earlier.number}." in body(answer)
    assert "Take back" in body(answer)


@pytest.mark.parametrize("written", ["", "twelve", "999999", "9" * 300, "1\x002", "<script>alert(1)</script>"])
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_number_that_is_none_is_told_beside_the_field(
    written: str, headers: dict[str, str], author: Person, draft: Review, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(address(draft, "recurrences"), {"earlier": written}, headers=headers)
    assert answer.status_code == 422
    assert 'aria-describedby="before-problem"' in body(answer)
    assert "<script>alert" not in body(answer)


def test_who_only_reads_a_draft_is_given_nothing_to_press(
    draft: Review, earlier: Incident, outsider: Person, sign_in: SignIn
) -> None:
    Participant.objects.create(incident=draft.incident, person=outsider)
    client = sign_in(outsider)
    panel = body(client.get(address(draft), headers=HTMX))
    assert "Replica fell behind" in panel
    assert "<form" not in panel
    assert client.post(address(draft, "recurrences"), {"earlier": earlier.number}).status_code == 403


def test_who_does_not_take_part_is_told_nothing(draft: Review, outsider: Person, sign_in: SignIn) -> None:
    assert sign_in(outsider).get(address(draft)).status_code == 404


def test_a_restricted_review_is_not_told_to_who_may_not_see_it(
    author: Person, draft: Review, earlier: Incident, sign_in: SignIn
) -> None:
    confirm_recurrence(author, draft, str(earlier.number))
    Incident.objects.filter(pk=earlier.pk).update(visibility="restricted")
    panel = body(sign_in(author).get(address(draft), headers=HTMX))
    assert "Replica" not in panel
    assert "Nothing like this has been published yet" in panel


# On the published pages


def pages(reader: Person, sign_in: SignIn, *incidents: Incident) -> list[str]:
    client = sign_in(reader)
    return [body(client.get(incident.get_absolute_url())) for incident in incidents]


def test_both_pages_lead_to_each_other(
    author: Person, draft: Review, earlier: Incident, outsider: Person, sign_in: SignIn
) -> None:
    confirm_recurrence(author, draft, str(earlier.number))
    assert "happened again" not in pages(outsider, sign_in, earlier)[0]
    publish_review(author, draft)
    before, after = pages(outsider, sign_in, earlier, draft.incident)
    assert "This happened again" in before
    assert "Behind once more" in before
    assert "This happened before" in after
    assert "Replica fell behind" in after
    assert "1 action item still open" in after


def test_taking_it_back_shows_at_once(
    author: Person, draft: Review, earlier: Incident, outsider: Person, sign_in: SignIn
) -> None:
    confirm_recurrence(author, draft, str(earlier.number))
    publish_review(author, draft)
    assert "This happened before" in pages(outsider, sign_in, draft.incident)[0]
    Recurrence.objects.all().delete()
    assert "This happened before" not in pages(outsider, sign_in, draft.incident)[0]


@pytest.mark.parametrize("hidden", ["earlier", "later"])
def test_a_page_does_not_tell_of_the_other_to_who_may_not_see_it(
    hidden: str, author: Person, draft: Review, earlier: Incident, outsider: Person, sign_in: SignIn
) -> None:
    confirm_recurrence(author, draft, str(earlier.number))
    publish_review(author, draft)
    both = {"earlier": earlier, "later": draft.incident}
    secret, shown = both.pop(hidden), next(iter(both.values()))
    Incident.objects.filter(pk=secret.pk).update(visibility="restricted")
    writer = factories.person("writer") if hidden == "earlier" else author
    assert "happened " in pages(writer, sign_in, shown)[0]
    page = pages(outsider, sign_in, shown)[0]
    assert "happened before" not in page
    assert "happened again" not in page
    assert {"earlier": "Replica fell behind", "later": "Behind once more"}[hidden] not in page
