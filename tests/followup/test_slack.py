"""Reminders in Slack: in its wire format, to people and to the channel of a team."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Person
from actions.models import ActionItem
from catalog.models import Team
from core.slack import Slack, SlackBusy, SlackRefused, SlackSilent, is_webhook, post_to_webhook
from followup.models import Outgoing, OutgoingState, Rhythm, TeamReminders
from followup.reminders import outbox
from followup.reminders.sending import deliver
from followup.reminders.team_post import plan_posts
from incidents.models import Visibility
from reviews.publishing import publish_review
from tests import factories
from tests.fakes.slack import TOKEN, WEBHOOK, SlackServer
from tests.followup.reminding import choose, item, owner, published, send_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def slack(settings: Any) -> Any:
    with SlackServer() as server:
        settings.SLACK_API = f"{server.address}/api/"
        settings.SLACK_TOKEN = TOKEN
        settings.SITE_ADDRESS = "https://debrief.example"
        yield server


@pytest.fixture
def olga(slack: SlackServer) -> Person:
    """Somebody who wants to hear of it in Slack alone, and is there."""
    olga = owner()
    choose(olga, mail=Rhythm.NONE, slack=Rhythm.DAILY)
    slack.add_member("olga@example.org", "U0001")
    return olga


def day(days: int) -> str:
    return (timezone.now().date() + timedelta(days=days)).isoformat()


def morning() -> Any:
    return timezone.now().replace(hour=9)


def texts(post: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in post["blocks"] if block["type"] == "section"]


# To people


def test_a_person_is_found_by_their_address_and_written_to(olga: Person, slack: SlackServer) -> None:
    action = item(olga, day(0), "Raise <!channel> & the | limit")
    [sent] = send_all(olga, morning())
    assert sent.state == OutgoingState.SENT
    [post] = slack.posts
    assert (post["channel"], post["text"]) == ("U0001", "Due today: Raise <!channel> & the | limit")
    assert texts(post)[1] == (
        f"*Due today*\n• <https://debrief.example/actions/{action.pk}/"
        "|Raise &lt;!channel&gt; &amp; the ¦ limit>: due today"
    )
    assert "<!channel>" not in "".join(texts(post))
    assert "/actions/reminders/|Fewer messages, or none>" in post["blocks"][-1]["elements"][0]["text"]


def test_long_lists_fit_into_what_slack_takes(olga: Person, slack: SlackServer) -> None:
    incident = published()
    for number in range(30):
        item(olga, day(0), f"{number} " + "<" * 290, incident=incident)
    [sent] = send_all(olga, morning())
    assert sent.state == OutgoingState.SENT
    assert "more>" in texts(slack.posts[0])[1]


def test_too_many_calls_are_tried_again_when_slack_says(olga: Person, slack: SlackServer) -> None:
    item(olga, day(0))
    slack.answer_next(429, "", {"Retry-After": "1800"})
    [waiting] = send_all(olga, morning())
    assert (waiting.state, waiting.problem, waiting.retried) == (OutgoingState.WAITING, "Slack is busy.", False)
    assert timedelta(minutes=29) < waiting.next_try_at - timezone.now() <= timedelta(minutes=30)
    Outgoing.objects.update(next_try_at=timezone.now())
    sent = deliver(waiting.pk)
    assert sent
    assert sent.state == OutgoingState.SENT
    assert len(slack.posts) == 1


def test_who_is_not_there_is_given_up_with_the_reason(olga: Person, slack: SlackServer) -> None:
    Person.objects.filter(pk=olga.pk).update(email="elsewhere@example.org")
    olga.refresh_from_db()
    item(olga, day(0))
    [failed] = send_all(olga, morning())
    assert (failed.state, failed.problem) == (OutgoingState.FAILED, "Slack knows nobody with this mail address.")


def test_a_message_without_an_answer_goes_out_again_and_says_so(olga: Person, slack: SlackServer) -> None:
    item(olga, day(0))
    api = Slack(f"{slack.address}/api/", TOKEN)
    assert api.member("olga@example.org") == "U0001"
    slack.hang_up_next()
    [waiting] = send_all(olga, morning())
    assert waiting.state == OutgoingState.WAITING
    assert waiting.problem == "Slack did not answer."
    assert waiting.retried
    Outgoing.objects.update(next_try_at=timezone.now())
    deliver(waiting.pk)
    assert "you may have it twice" in slack.posts[-1]["blocks"][-1]["elements"][0]["text"]


def test_a_wrong_token_is_told_in_words(olga: Person, slack: SlackServer, settings: Any) -> None:
    settings.SLACK_TOKEN = "xoxb-wrong"
    item(olga, day(0))
    [failed] = send_all(olga, morning())
    assert failed.problem == "Slack does not accept the token (DEBRIEF_SLACK_TOKEN)."


def test_mail_goes_on_where_slack_does_not(olga: Person, slack: SlackServer, settings: Any) -> None:
    settings.MAILS_NOTIFICATIONS = True
    choose(olga, slack=Rhythm.DAILY)
    item(olga, day(0))
    slack.answer_next(503, "")
    assert [one.state for one in send_all(olga, morning())] == [OutgoingState.SENT, OutgoingState.WAITING]


# The client


@pytest.mark.parametrize(
    "text", ["", "<html>", "[]", "null", '{"ok": "true"}', '{"ok": false}', '{"ok": false, "error": "ratelimited"}']
)
def test_no_answer_breaks_the_client(slack: SlackServer, text: str) -> None:
    slack.answer_next(200, text)
    with pytest.raises((SlackBusy, SlackRefused)):
        Slack(f"{slack.address}/api", TOKEN).member("x@example.org")


@pytest.mark.parametrize("wait", ["", "soon", "-5", "99999999999999999999", "²"])
def test_no_retry_after_breaks_the_client(slack: SlackServer, wait: str) -> None:
    slack.answer_next(429, "", {"Retry-After": wait.encode("utf-8").decode("latin-1")})
    with pytest.raises(SlackBusy) as busy:
        Slack(f"{slack.address}/api", TOKEN).member("x@example.org")
    assert timedelta(0) < busy.value.wait <= timedelta(days=1)


def test_a_redirect_is_not_followed(slack: SlackServer) -> None:
    slack.answer_next(302, "", {"Location": f"{slack.address}{WEBHOOK}"})
    with pytest.raises(SlackRefused):
        post_to_webhook(f"{slack.address}/services/elsewhere", "Hello", [])
    assert slack.posts == []


def test_nobody_listening_is_known_from_no_answer() -> None:
    with pytest.raises(SlackSilent) as silent:
        post_to_webhook("http://127.0.0.1:1/services/x", "Hello", [])
    assert not silent.value.may_have_arrived


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://hooks.slack.com/services/T1/B1/x", True),
        ("https://hooks.slack-gov.com/services/T1/B1/x", True),
        ("http://hooks.slack.com/services/T1/B1/x", False),
        ("https://hooks.slack.com.evil.example/services/T1/B1/x", False),
        ("https://hooks.slack.com@evil.example/services/T1/B1/x", False),
        ("https://169.254.169.254/services/x", False),
        ("https://hooks.slack.com/other", False),
        ("https://hooks.slack.com/services/x y", False),
        ("https://[", False),
        ("file:///services/x", False),
        ("", False),
    ],
)
def test_only_slack_itself_is_posted_to(address: str, is_one: bool) -> None:
    assert is_webhook(address, "https://slack.com/api/") is is_one


# To the channel of a team


@pytest.fixture
def team(slack: SlackServer) -> Team:
    team = factories.team("Core")
    weekday = timezone.now().isoweekday()
    TeamReminders.objects.create(team=team, webhook=f"{slack.address}{WEBHOOK}", weekday=weekday, hour=0)
    return team


def post_all() -> list[Outgoing]:
    plan_posts(timezone.now())
    return [sent for pk in outbox.ready(timezone.now()) if (sent := deliver(pk))]


def test_a_team_hears_once_a_week_where_it_stands(team: Team, slack: SlackServer) -> None:
    person = owner()
    item(person, day(-3), "Late", team=team)
    item(person, day(2), "Soon", team=team)
    item(None, day(2), "Nobody's", team=team)
    item(person, day(20), "Later", team=team)
    item(person, day(-3), "Of no team")
    [sent] = post_all()
    assert sent.state == OutgoingState.SENT
    assert post_all() == []
    [post] = slack.posts
    assert post["text"].startswith("Core this week: 1 overdue, 1 due on ")
    shown = "\n".join(texts(post))
    assert [word in shown for word in ("Late", "Soon", "Nobody's", "Later", "Of no team")] == [True] * 3 + [False] * 2
    assert "3 days overdue, Olga" in shown


def test_a_channel_reads_only_what_everybody_may(team: Team, slack: SlackServer) -> None:
    hidden = published(visibility=Visibility.RESTRICTED)
    item(owner(), day(-3), "Secret", team=team, incident=hidden)
    draft = factories.draft(factories.person("writer")).incident
    item(owner(), day(-3), "Draft", team=team, incident=draft)
    [dropped] = post_all()
    assert dropped.state == OutgoingState.DROPPED
    assert slack.posts == []


def test_a_webhook_that_was_removed_is_given_up_with_the_reason(team: Team) -> None:
    TeamReminders.objects.update(webhook=TeamReminders.objects.get().webhook + "x")
    item(owner(), day(-3), team=team)
    [failed] = post_all()
    assert (failed.state, failed.problem) == (OutgoingState.FAILED, "The webhook was removed or switched off.")


def test_titles_in_a_channel_are_those_of_a_reader_who_took_no_part(team: Team, slack: SlackServer) -> None:
    writer = factories.person("writer")
    review = factories.draft(writer, "Writer broke the pool")
    review.names_as_roles = True
    review.save()
    ActionItem.objects.create(
        incident=review.incident, title="Ask Writer", owner=writer, team=team, due=day(-3), owner_as_written="Writer"
    )
    publish_review(writer, review)
    post_all()
    assert "Writer" not in str(slack.posts)
    assert "3 days overdue" in str(slack.posts)
