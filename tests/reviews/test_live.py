"""The live process on a real database: relay, storing, access, several processes, kill -9."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from pycrdt import Encoder, Text, create_update_message, write_var_uint

from accounts.models import Person
from incidents.models import Incident
from incidents.operations import add_participant, remove_participant
from reviews.live import protocol
from reviews.live.gate import MOST_CONNECTIONS
from reviews.live.protocol import Presence
from reviews.models import LiveUpdate, Review, Section, TextVersion
from reviews.operations import add_factor, save_section
from tests import factories
from tests.live import PATIENCE, LiveProcess, Writer, cookie_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def live(django_db_setup: None, django_db_blocker: Any) -> Iterator[LiveProcess]:
    with django_db_blocker.unblock():
        process = LiveProcess()
    yield process
    process.stop()


@pytest.fixture
def second_live() -> Iterator[LiveProcess]:
    process = LiveProcess()
    yield process
    process.stop()


@pytest.fixture
def alice() -> Person:
    return factories.person("alice")


@pytest.fixture
def bob() -> Person:
    return factories.person("bob")


@pytest.fixture
def review(alice: Person, bob: Person) -> Review:
    made = factories.draft(alice)
    add_participant(alice, made.incident, bob, "author")
    return made


def summary(review: Review) -> str:
    return Section.objects.get(review=review, kind="summary").text


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_a_page_finds_the_stored_texts(live: LiveProcess, review: Review, alice: Person) -> None:
    factor = add_factor(alice, review, text="No index.")
    writer = Writer(live, review, alice)
    writer.until(lambda: writer.text() == "Checkout was slow.")
    assert writer.text(f"factor:{factor.pk}") == "No index."


def test_what_one_types_the_other_sees_and_the_row_holds(
    live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    one, other = Writer(live, review, alice), Writer(live, review, bob)
    for writer in (one, other):
        writer.until(lambda writer=writer: writer.text() == "Checkout was slow.")
    one.type(" Über 40 % failed 😀.")
    other.until(lambda: other.text() == "Checkout was slow. Über 40 % failed 😀.")
    one.until_saved()
    assert eventually(lambda: summary(review) == "Checkout was slow. Über 40 % failed 😀.")
    assert "<p>" in Section.objects.get(review=review, kind="summary").html


def test_saved_is_said_only_of_what_is_stored(live: LiveProcess, review: Review, alice: Person) -> None:
    writer = Writer(live, review, alice)
    writer.until(lambda: writer.text() != "")
    writer.type(" More.")
    writer.until_saved()
    assert LiveUpdate.objects.filter(document=review.pk, person=alice, places=["section:summary"]).exists()


def test_a_killed_process_leaves_nothing_that_was_saved(live: LiveProcess, review: Review, alice: Person) -> None:
    writer = Writer(live, review, alice)
    writer.until(lambda: writer.text() != "")
    for n in range(50):
        writer.type(f" {n}")
    writer.until_saved()
    live.kill()
    wanted = writer.text()
    live.start()
    assert eventually(lambda: summary(review) == wanted), "it is brought into the row by the next process"
    again = Writer(live, review, alice)
    again.until(lambda: again.text() == wanted)


def test_what_was_typed_while_away_merges(live: LiveProcess, review: Review, alice: Person, bob: Person) -> None:
    away = Writer(live, review, alice)
    away.until(lambda: away.text() != "")
    away.close()
    away.type("Offline words. ", at=0)
    there = Writer(live, review, bob)
    there.until(lambda: there.text() != "")
    there.type(" Online words.")
    there.until_saved()
    back = Writer(live, review, alice, doc=away.doc)
    back.until(lambda: "Online words" in back.text())
    there.until(lambda: there.text() == "Offline words. Checkout was slow. Online words.")
    back.until_saved()
    assert eventually(lambda: summary(review) == "Offline words. Checkout was slow. Online words.")


def test_two_processes_serve_one_review(
    live: LiveProcess, second_live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    one, other = Writer(live, review, alice), Writer(second_live, review, bob)
    for writer in (one, other):
        writer.until(lambda writer=writer: writer.text() != "")
    for n in range(20):
        one.type(f"a{n} ", at=0)
        other.type(f" b{n}")
    for writer in (one, other):
        writer.until(
            lambda writer=writer: all(f"a{n} " in writer.text() and f" b{n}" in writer.text() for n in range(20))
        )
    assert one.text() == other.text()
    one.until_saved()
    other.until_saved()
    assert eventually(lambda: summary(review) == one.text())


def test_who_is_here_is_known_in_both_processes(
    live: LiveProcess, second_live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    one, other = Writer(live, review, alice), Writer(second_live, review, bob)
    here = {"user": {"pk": alice.pk, "name": str(alice), "color": 1}, "place": "section:impact"}
    one.say(Presence(7, 1, here))
    other.until(lambda: 7 in other.present)
    assert other.present[7].state == here
    one.close()
    other.until(lambda: other.present[7].state is None)


def test_nobody_speaks_as_another(live: LiveProcess, review: Review, alice: Person, bob: Person) -> None:
    one, other = Writer(live, review, alice), Writer(live, review, bob)
    one.say(Presence(7, 1, {"user": {"pk": bob.pk, "name": "Bob"}}))
    one.say(Presence(8, 1, {"user": {"pk": alice.pk, "name": "The boss"}}))
    one.say(Presence(9, 1, {"user": {"pk": alice.pk, "name": str(alice)}}))
    other.until(lambda: 9 in other.present)
    assert set(other.present) == {9}


def test_a_form_saved_meanwhile_reaches_the_page(live: LiveProcess, review: Review, alice: Person, bob: Person) -> None:
    writer = Writer(live, review, alice)
    writer.until(lambda: writer.text() != "")
    revision = Section.objects.get(review=review, kind="summary").revision
    save_section(bob, review, "summary", "Checkout was very slow.", revision)
    writer.until(lambda: writer.text() == "Checkout was very slow.")


def test_a_factor_named_meanwhile_can_be_written_at_once(live: LiveProcess, review: Review, alice: Person) -> None:
    writer = Writer(live, review, alice)
    writer.until(lambda: writer.text() != "")
    factor = add_factor(alice, review, text="Nobody watches the pool.")
    place = f"factor:{factor.pk}"
    writer.until(lambda: writer.text(place) == "Nobody watches the pool.")
    writer.type(" At night.", place)
    writer.until_saved()

    def stored() -> bool:
        factor.refresh_from_db()
        return factor.text == "Nobody watches the pool. At night."

    assert eventually(stored)


def test_a_factor_never_loses_all_its_words(live: LiveProcess, review: Review, alice: Person) -> None:
    factor = add_factor(alice, review, text="x")
    writer = Writer(live, review, alice)
    place = f"factor:{factor.pk}"
    writer.until(lambda: writer.text(place) == "x")
    writer.erase(place)
    writer.type(" Also here.")
    writer.until_saved()
    assert eventually(lambda: "Also here" in summary(review))
    factor.refresh_from_db()
    assert factor.text == "x"


def test_the_history_tells_who_wrote(live: LiveProcess, review: Review, alice: Person, bob: Person) -> None:
    one, other = Writer(live, review, alice), Writer(live, review, bob)
    for writer in (one, other):
        writer.until(lambda writer=writer: writer.text() != "")
    one.type("One. ", at=0)
    other.type(" Two.")
    one.until_saved()
    other.until_saved()
    assert eventually(lambda: "One" in summary(review) and "Two" in summary(review))
    latest = TextVersion.objects.filter(review=review, place="section:summary").first()
    assert latest is not None
    assert latest.text == summary(review)
    assert {person.username for person in latest.people.all()} == {"alice", "bob"}


@pytest.mark.parametrize(
    "message",
    [b"", b"\x00", b"\x00\x02", b"\x00\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff", b"\x00\x02\x03abc", b"\x00\x00\x02\xff\xff",
     b"\x00\x09\x01a", b"\x01", b"\x01\x05\x01\x01\x01\x04nope", b"\x01\x02\xff\xff", "text"],
)  # fmt: skip
def test_nonsense_ends_only_its_own_connection(
    live: LiveProcess, review: Review, alice: Person, bob: Person, message: bytes | str
) -> None:
    other = Writer(live, review, bob)
    other.until(lambda: other.text() != "")
    one = Writer(live, review, alice)
    one.send_raw(message)
    one.until_closed()
    third = Writer(live, review, alice)
    third.until(lambda: third.text() != "")
    third.type(" Still.")
    other.until(lambda: "Still." in other.text())


def test_a_text_that_is_too_long_is_refused(live: LiveProcess, review: Review, alice: Person, bob: Person) -> None:
    one, other = Writer(live, review, alice), Writer(live, review, bob)
    for writer in (one, other):
        writer.until(lambda writer=writer: writer.text() != "")
    one.type("long " * 400_001)
    assert one.until_closed() == 4413
    other.type(" Short.")
    other.until_saved()
    assert other.text() == "Checkout was slow. Short."


def test_small_edits_do_not_make_a_text_too_long(live: LiveProcess, review: Review, alice: Person) -> None:
    one = Writer(live, review, alice)
    one.until(lambda: one.text() != "")
    one.type("ж" * 1_999_900)
    one.until_saved()
    for _ in range(3):
        one.type("long " * 10)
    assert one.until_closed() == 4413


def test_a_text_that_got_too_long_by_an_edit_that_waited_is_not_stored(
    live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    one, other = Writer(live, review, alice), Writer(live, review, bob)
    for writer in (one, other):
        writer.until(lambda writer=writer: writer.text() != "")
    text, updates = one.doc.get("section:summary", type=Text), []
    for words in ("a", "b" * 1_500_000, "c" * 1_500_000):
        before = one.doc.get_state()
        text.insert(0, words)
        updates.append(one.doc.get_update(before))
    for update in reversed(updates):
        one.send_raw(create_update_message(update))
    assert one.until_closed() == 4413
    assert other.until_closed() == 1012
    third = Writer(live, review, bob)
    third.until(lambda: third.text() == "Checkout was slow.")
    third.type(" Fine.")
    third.until_saved()
    assert eventually(lambda: summary(review) == "Checkout was slow. Fine.")


def test_an_outsider_finds_nothing(live: LiveProcess, review: Review) -> None:
    assert Writer(live, review, factories.person("mallory")).until_closed() == 4404


def test_a_reader_who_takes_part_does_not_write(live: LiveProcess, review: Review, alice: Person) -> None:
    reader = factories.person("rita", role="reader")
    add_participant(alice, review.incident, reader, "responder")
    assert Writer(live, review, reader).until_closed() == 4404


def test_without_a_session_nothing_opens(live: LiveProcess, review: Review, alice: Person) -> None:
    assert Writer(live, review, alice, cookie="sessionid=nosuchsession").until_closed() == 4401
    assert Writer(live, review, alice, cookie="sessionid=a%00b; x").until_closed() == 4401


def test_another_site_opens_no_socket(live: LiveProcess, review: Review, alice: Person) -> None:
    assert Writer(live, review, alice, Origin="https://evil.example").until_closed() == 4403
    assert Writer(live, review, alice, Origin=f"http://127.0.0.1:{live.port + 1}").until_closed() == 4403
    own = Writer(live, review, alice, Origin=f"http://127.0.0.1:{live.port}")
    own.until(lambda: own.text() != "")


def test_a_copy_of_another_document_is_not_merged(live: LiveProcess, review: Review, alice: Person) -> None:
    assert Writer(live, review, alice, guid="00000000-0000-0000-0000-000000000000").until_closed() == 4409


def test_who_no_longer_takes_part_is_shown_out(live: LiveProcess, review: Review, alice: Person, bob: Person) -> None:
    writer = Writer(live, review, bob)
    writer.until(lambda: writer.text() != "")
    remove_participant(alice, review.incident, review.incident.participants.get(person=bob).pk)
    assert writer.until_closed() == 4404


def test_who_may_still_read_keeps_what_is_not_saved_when_the_review_is_archived(
    live: LiveProcess, review: Review, alice: Person
) -> None:
    writer = Writer(live, review, alice)
    writer.until(lambda: writer.text() != "")
    Incident.objects.filter(pk=review.pk).update(status="archived")
    assert writer.until_closed() == 4403


def test_who_signs_out_is_shown_out(live: LiveProcess, review: Review, alice: Person) -> None:
    client = Client()
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    writer = Writer(live, review, alice, cookie=f"sessionid={client.cookies['sessionid'].value}")
    writer.until(lambda: writer.text() != "")
    client.logout()
    assert writer.until_closed() == 4401


class Stream:
    """An event stream, read in a thread."""

    def __init__(self, live: LiveProcess, review: Review, person: Person, **headers: str) -> None:
        self.lines: list[str] = []
        address = f"http://127.0.0.1:{live.port}/live/{review.incident.number}/events"
        request = urllib.request.Request(address, headers={"Cookie": cookie_of(person), **headers})
        self.response = urllib.request.urlopen(request, timeout=PATIENCE)
        threading.Thread(target=self._read, daemon=True).start()
        assert eventually(lambda: "event: ready" in self.lines)

    def _read(self) -> None:
        for line in self.response:
            self.lines.append(line.decode().rstrip())
        self.lines.append("(ended)")

    def changes(self) -> list[dict[str, object]]:
        return [
            json.loads(data.removeprefix("data: "))
            for event, data in zip(self.lines, self.lines[1:], strict=False)
            if event == "event: changed"
        ]


def test_a_person_has_a_limited_number_of_sockets(
    live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    cookie = cookie_of(alice)
    writers = [Writer(live, review, alice, cookie=cookie) for _ in range(MOST_CONNECTIONS)]
    assert Writer(live, review, alice, cookie=cookie).until_closed() == 4429
    other = Writer(live, review, bob)
    other.until(lambda: other.text() != "")
    for writer in writers:
        writer.close()

    def comes_in() -> bool:
        again = Writer(live, review, alice, cookie=cookie)
        again.until(lambda: again.text() != "" or again.code == 4429)
        return again.code is None

    assert eventually(comes_in)


def test_a_person_has_a_limited_number_of_streams(live: LiveProcess, review: Review, alice: Person) -> None:
    address = f"http://127.0.0.1:{live.port}/live/{review.incident.number}/events"
    request = urllib.request.Request(address, headers={"Cookie": cookie_of(alice)})
    streams = [urllib.request.urlopen(request, timeout=PATIENCE) for _ in range(MOST_CONNECTIONS)]
    for stream in streams:
        stream.readline()
    with pytest.raises(urllib.error.HTTPError, match="429"):
        urllib.request.urlopen(request, timeout=PATIENCE)
    for stream in streams:
        stream.close()


def test_who_says_to_be_very_many_is_shown_out(live: LiveProcess, review: Review, alice: Person) -> None:
    one = Writer(live, review, alice)
    one.until(lambda: one.text() != "")
    for client in range(1, 100):
        one.say(Presence(client, 1, {"user": {"pk": alice.pk, "name": str(alice)}}))
    assert one.until_closed() == 4429


def test_a_reader_who_takes_part_hears_of_changes_after_publishing_too(
    live: LiveProcess, review: Review, alice: Person
) -> None:
    reader = factories.person("rita", role="reader")
    add_participant(alice, review.incident, reader, "responder")
    Incident.objects.filter(pk=review.pk).update(status="published")
    assert "event: ready" in Stream(live, review, reader).lines
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/drafts/{review.incident.number}/missed").status_code == 200


def test_who_only_reads_a_published_review_hears_nothing_of_its_writing(live: LiveProcess, review: Review) -> None:
    Incident.objects.filter(pk=review.pk).update(status="published")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        Stream(live, review, factories.person("carol"))


def test_pages_are_told_which_part_changed_and_by_whom(
    live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    stream = Stream(live, review, bob)
    add_factor(alice, review, text="No alert.")
    assert eventually(lambda: bool(stream.changes()))
    told = stream.changes()[0]
    assert (told["parts"], told["by"], told["verb"]) == (["factors", "actions", "whys"], "Alice", "add-factor")


def test_pages_are_told_of_text_that_reached_its_row(
    live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    stream = Stream(live, review, bob)
    writer = Writer(live, review, alice)
    writer.until(lambda: writer.text() != "")
    writer.type(" More.")
    assert eventually(lambda: any(told["parts"] == ["summary"] for told in stream.changes()))


def test_other_reviews_are_not_told(live: LiveProcess, review: Review, alice: Person) -> None:
    other = factories.draft(alice, "Another one")
    stream = Stream(live, review, alice)
    add_factor(alice, other, text="Elsewhere.")
    add_factor(alice, review, text="Here.")
    assert eventually(lambda: bool(stream.changes()))
    assert len(stream.changes()) == 1


def test_a_stream_ends_with_access(live: LiveProcess, review: Review, alice: Person, bob: Person) -> None:
    stream = Stream(live, review, bob)
    remove_participant(alice, review.incident, review.incident.participants.get(person=bob).pk)
    assert eventually(lambda: "event: gone" in stream.lines and "(ended)" in stream.lines)


def test_an_outsider_gets_no_stream(live: LiveProcess, review: Review) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        Stream(live, review, factories.person("mallory"))


def test_another_site_gets_no_stream(live: LiveProcess, review: Review, alice: Person) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        Stream(live, review, alice, Origin="https://evil.example")


def test_a_text_of_no_known_place_keeps_nobody_from_saving(
    live: LiveProcess, review: Review, alice: Person, bob: Person
) -> None:
    one, other = Writer(live, review, alice), Writer(live, review, bob)
    for writer in (one, other):
        writer.until(lambda writer=writer: writer.text() != "")
    one.type("Nonsense", place="a\x00b")
    other.type(" Kept.")
    other.until_saved()
    assert eventually(lambda: summary(review) == "Checkout was slow. Kept.")


@pytest.mark.parametrize("nonsense", ['{"user": NaN}', '{"x": ' + "[" * 970 + "]" * 970 + "}", '"' + "x" * 5000 + '"'])
def test_nobody_is_shown_what_a_browser_cannot_read(
    live: LiveProcess, review: Review, alice: Person, nonsense: str
) -> None:
    state = f'{{"user": {{"pk": {alice.pk}, "name": "{alice}"}}, "place": {nonsense}}}'
    one = Writer(live, review, alice)
    data = Encoder()
    for number in (1, 7, 1):
        data.write_var_uint(number)
    data.write_var_string(state)
    one.send_raw(bytes([protocol.AWARENESS]) + write_var_uint(len(data.to_bytes())) + data.to_bytes())
    assert one.until_closed() == 4400


def test_an_origin_that_cannot_be_read_opens_nothing(live: LiveProcess) -> None:
    headers = {"Origin": "http://[::1"}
    request = urllib.request.Request(f"http://127.0.0.1:{live.port}/live/1/events", headers=headers)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=PATIENCE)


def test_a_number_that_is_none_opens_nothing(live: LiveProcess) -> None:
    address = f"http://127.0.0.1:{live.port}/live/{'9' * 5000}/events"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address, timeout=PATIENCE)
