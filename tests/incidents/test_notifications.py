"""Who is told what, once; what is no longer theirs to see is not shown, counted or mailed."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from selectolax.lexbor import LexborHTMLParser

from accounts.models import Person
from incidents.mails import send_mail
from incidents.models import Notification
from incidents.notifications import notify, unread_count
from reviews.commenting import change_comment, delete_comment, reply, start_thread
from reviews.models import Review
from reviews.publishing import publish_review
from tests import factories
from tests.fakes.smtp import SmtpServer

SignIn = Callable[[Person], Client]

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(author: Person) -> Review:
    return factories.draft(author, "Pool ran dry")


@pytest.fixture
def lee(review: Review) -> Person:
    lee = factories.person("lee", email="lee@example.org")
    review.incident.participants.create(person=lee)
    return lee


def told(person: Person) -> list[tuple[str, str]]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("kind", "text"))


def inbox(client: Client) -> LexborHTMLParser:
    answer = client.get("/notifications/")
    assert answer.status_code == 200
    return LexborHTMLParser(answer.content.decode())


# Who is told


def test_a_mention_tells_the_mentioned_and_shows_their_name(author: Person, review: Review, lee: Person) -> None:
    said = start_thread(author, review, "facts", "Was it **you**, @LEE?")
    assert told(lee) == [("mention", "Was it you, @LEE?")]
    assert '<span class="mention">Lee</span>?' in said.comment.html
    assert said.untold == []


@pytest.mark.parametrize(
    "text",
    ["lee", "`@lee`", "mail lee@lee", "[x](https://example.org/@lee)", "    @lee", "@leeward", "@@lee"],
)
def test_what_only_looks_like_a_mention_tells_nobody(author: Person, review: Review, lee: Person, text: str) -> None:
    start_thread(author, review, "facts", f"A\n\n{text}")
    assert told(lee) == []


def test_a_name_may_end_a_sentence_and_hold_marks(author: Person, review: Review) -> None:
    people = [factories.person("mary.ann-lee"), factories.person("joe+x")]
    for person in people:
        review.incident.participants.create(person=person)
    start_thread(author, review, "facts", "Ask @mary.ann-lee. Or (@joe+x)...")
    assert all(len(told(person)) == 1 for person in people)


def test_one_is_told_once_about_a_comment(author: Person, review: Review, lee: Person) -> None:
    thread = start_thread(lee, review, "facts", "Why SEV2?").comment.thread
    comment = reply(author, thread.pk, "@lee @lee because").comment
    change_comment(author, comment.pk, "@lee because of money")
    assert [kind for kind, _ in told(lee)] == ["mention"]


def test_a_reply_tells_those_who_spoke_before_and_not_its_author(author: Person, review: Review, lee: Person) -> None:
    thread = start_thread(author, review, "facts", "Why SEV2?").comment.thread
    reply(lee, thread.pk, "Money")
    reply(lee, thread.pk, "Much of it, @lee")
    assert [kind for kind, _ in told(author)] == ["reply", "reply"]
    assert told(lee) == []


def test_a_mention_added_later_is_told_then(author: Person, review: Review, lee: Person) -> None:
    comment = start_thread(author, review, "facts", "Why SEV2?").comment
    change_comment(author, comment.pk, "Why SEV2, @lee?")
    assert len(told(lee)) == 1


def test_who_takes_no_part_is_not_told_and_the_author_learns_that(
    author: Person, review: Review, outsider: Person, sign_in: SignIn
) -> None:
    answer = sign_in(author).post(
        f"{review.incident.get_edit_url()}comments",
        {"place": "facts", "text": "See this, @reader"},
        headers={"HX-Request": "true"},
    )
    notice = LexborHTMLParser(answer.content.decode()).css_first("#comments-facts .notice")
    assert "Reader cannot see this review yet. Add them under People." in " ".join(notice.text().split())
    assert told(outsider) == []
    page = sign_in(author).post(
        f"{review.incident.get_edit_url()}comments", {"place": "facts", "text": "Again, @reader"}, follow=True
    )
    assert "Reader cannot see this review yet." in page.content.decode()


def test_who_reads_the_published_review_alone_is_not_told(author: Person, review: Review, outsider: Person) -> None:
    publish_review(author, review)
    assert start_thread(author, review, "facts", "@reader?").untold == [outsider]
    assert notify(outsider, review.incident, "reply", author) is None


def test_a_deleted_comment_takes_its_notifications_along(author: Person, review: Review, lee: Person) -> None:
    delete_comment(author, start_thread(author, review, "facts", "Secret, @lee").comment.pk)
    assert told(lee) == []


# The inbox


def test_the_inbox_leads_to_the_comment_which_is_read_from_then_on(
    author: Person, review: Review, lee: Person, sign_in: SignIn
) -> None:
    comment = start_thread(author, review, "facts", "Why, @lee?").comment
    client = sign_in(lee)
    shown = inbox(client)
    assert "Inbox" in shown.css_first('a[href="/notifications/"]').text()
    assert "1 unread" in shown.css_first('a[href="/notifications/"]').text()
    link = shown.css_first(".told.is-unread .row-title")
    assert link.text() == "Author mentioned you"
    answer = client.get(link.attributes["href"] or "")
    assert answer.headers["Location"].endswith(f"?at=comment-{comment.pk}#comment-{comment.pk}")
    assert f'id="comment-{comment.pk}"' in client.get(answer.headers["Location"]).content.decode()
    assert not inbox(client).css(".is-unread, .frame-count")


def test_everything_can_be_marked_as_read(author: Person, review: Review, lee: Person, sign_in: SignIn) -> None:
    for _ in range(3):
        start_thread(author, review, "facts", "Why, @lee?")
    client = sign_in(lee)
    assert "3 unread" in client.get("/").content.decode().replace('<span class="visually-hidden">', "")
    client.post("/notifications/read")
    assert not inbox(client).css(".is-unread, .frame-count")
    assert len(inbox(client).css(".told")) == 3


def test_the_count_shows_on_the_published_page_and_in_its_kept_frame(
    author: Person, review: Review, lee: Person, sign_in: SignIn
) -> None:
    publish_review(author, review)
    client = sign_in(lee)
    address = review.incident.get_absolute_url()
    assert "frame-count" not in client.get(address).content.decode()
    start_thread(author, review, "facts", "Why, @lee?")
    assert "frame-count" in client.get(address).content.decode()
    client.post("/notifications/read")
    assert "frame-count" not in client.get(address).content.decode()


def test_access_is_asked_again_when_one_reads(author: Person, review: Review, lee: Person, sign_in: SignIn) -> None:
    start_thread(author, review, "facts", "zq7 why, @lee?")
    client = sign_in(lee)
    notification = Notification.objects.get(person=lee)
    review.incident.participants.filter(person=lee).delete()
    publish_review(author, review)  # which lets everybody read it, not its comments
    for address in ("/notifications/", "/", review.incident.get_absolute_url()):
        answer = client.get(address, follow=True).content.decode()
        assert "zq7" not in answer and "frame-count" not in answer, address
    assert client.get(f"/notifications/{notification.pk}").status_code == 404
    assert unread_count(lee) == 0


def test_nobody_opens_anothers_notification(author: Person, review: Review, lee: Person, sign_in: SignIn) -> None:
    start_thread(author, review, "facts", "Why, @lee?")
    notification = Notification.objects.get()
    assert sign_in(author).get(f"/notifications/{notification.pk}").status_code == 404
    notification.refresh_from_db()
    assert notification.read_at is None


def test_a_page_asks_nothing_more_while_nothing_is_unread(
    author: Person, review: Review, lee: Person, sign_in: SignIn, django_assert_num_queries: Callable
) -> None:
    publish_review(author, review)
    client = sign_in(lee)
    address = review.incident.get_absolute_url()
    client.get(address)
    with django_assert_num_queries(2):
        client.get(address)
    start_thread(author, review, "facts", "Why, @lee?")
    with django_assert_num_queries(3):
        client.get(address)


def test_the_inbox_takes_as_many_queries_for_many_as_for_one(
    author: Person, review: Review, lee: Person, sign_in: SignIn, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(60):
        notify(lee, review.incident, "reply", author, "Hm")
    client = sign_in(lee)
    with django_assert_max_num_queries(5):
        shown = inbox(client)
    assert len(shown.css(".told")) == 50
    assert client.get("/notifications/?page=2").status_code == 200
    assert client.get("/notifications/?page=x%00").status_code == 200


# Mails


@pytest.fixture
def mails(settings: object) -> None:
    settings.MAILS_NOTIFICATIONS = True  # type: ignore[attr-defined]
    settings.SITE_ADDRESS = "https://debrief.example.org"  # type: ignore[attr-defined]


def queued() -> list[int]:
    jobs = ProcrastinateJob.objects.filter(task_name="incidents.tasks.mail_notification")
    return [job.args["notification"] for job in jobs]


def test_without_a_mail_server_nothing_is_queued(author: Person, review: Review, lee: Person) -> None:
    start_thread(author, review, "facts", "Why, @lee?")
    assert queued() == []


def test_each_notification_queues_one_mail_in_its_transaction(
    author: Person, review: Review, lee: Person, mails: None
) -> None:
    start_thread(author, review, "facts", "Why, @lee?")
    assert queued() == [Notification.objects.get().pk]


def test_a_mail_says_who_said_what_and_where(author: Person, review: Review, lee: Person, mails: None) -> None:
    review.incident.title = "Pool & queue"
    review.incident.save()
    start_thread(author, review, "facts", "Why <so> late, @lee?")
    notification = Notification.objects.get()
    assert send_mail(notification.pk)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["lee@example.org"], "Author mentioned you: Pool & queue")
    assert "> Why <so> late, @lee?" in sent.body
    assert f"https://debrief.example.org/notifications/{notification.pk}\n" in sent.body


def test_what_was_read_or_hidden_meanwhile_or_is_not_wanted_is_not_sent(
    author: Person, review: Review, lee: Person, mails: None, sign_in: SignIn
) -> None:
    start_thread(author, review, "facts", "Why, @lee?")
    pk = Notification.objects.get().pk
    sign_in(lee).post("/notifications/mails")
    assert not send_mail(pk)
    start_thread(author, review, "facts", "And, @lee?")
    assert queued() == [pk]
    sign_in(lee).post("/notifications/mails", {"wants_mail": "on"})
    participation = review.incident.participants.get(person=lee)
    participation.delete()
    assert not send_mail(pk)
    review.incident.participants.create(person=lee)
    sign_in(lee).post("/notifications/read")
    assert not send_mail(pk)
    assert not send_mail(0)
    assert mail.outbox == []


def test_a_mail_goes_over_the_wire(author: Person, review: Review, lee: Person, mails: None, settings: object) -> None:
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port  # type: ignore[attr-defined]
        start_thread(author, review, "facts", "Why größer, @lee?")
        assert send_mail(Notification.objects.get().pk)
    (message,) = server.messages
    assert message["To"] == "lee@example.org"
    assert "Why größer, @lee?" in message.get_content()


def test_a_mail_server_that_is_away_makes_the_worker_try_again(
    author: Person, review: Review, lee: Person, mails: None, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    start_thread(author, review, "facts", "Why, @lee?")
    with pytest.raises(OSError, match="refused"):
        send_mail(Notification.objects.get().pk)
