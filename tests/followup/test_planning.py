"""Who is told of what, on which day, and that nobody is told the same thing twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from actions.models import ActionStatus
from catalog.models import Team
from followup.models import Reminder, Rhythm, Stage, TeamReminders
from followup.reminders.planning import everybody, people_whose_time_has_come, plan
from followup.reminders.stages import stage_of_owner
from incidents.models import Visibility
from tests import factories
from tests.followup.reminding import TODAY, at, choose, item, owner, published, told

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def mails_go_out(settings: Any) -> None:
    settings.MAILS_NOTIFICATIONS = True
    settings.SITE_ADDRESS = "https://debrief.example"


@pytest.fixture
def olga(db: None) -> Person:
    return owner()


def days_on_which_told(person: Person, first: date, days: int) -> list[tuple[str, str]]:
    found = []
    for number in range(days):
        today = first + number * DAY
        found += [(f"{today:%m-%d}", stage) for message in told(person, at(today)) for _, stage in message]
    return found


# Days


def test_an_owner_is_told_a_week_and_a_day_before_on_the_day_and_while_it_is_late(olga: Person) -> None:
    item(olga, "2026-12-20")
    assert days_on_which_told(olga, date(2026, 12, 1), 45) == [
        ("12-13", "before"),
        ("12-19", "before"),
        ("12-20", "due"),
        ("12-23", "late"),
        ("12-30", "late"),
        ("01-06", "late"),
        ("01-13", "late"),
    ]


def test_an_owner_chooses_the_days(olga: Person) -> None:
    choose(olga, days_before=[14, 3], when_late=False)
    item(olga, "2026-12-20")
    assert days_on_which_told(olga, date(2026, 12, 1), 45) == [("12-06", "before"), ("12-17", "before")]


def test_days_on_which_the_worker_did_not_run_are_made_up_for_once(olga: Person) -> None:
    item(olga, "2026-12-20")
    told(olga, at(date(2026, 12, 10)))
    assert told(olga, at(date(2026, 12, 15))) == [[("Add an alert", "before")]]
    assert told(olga, at(date(2027, 1, 7))) == [[("Add an alert", "late")]]
    assert told(olga, at(date(2027, 1, 8))) == []


def test_what_was_due_long_ago_is_told_once_when_it_becomes_known(olga: Person) -> None:
    item(olga, "2020-02-29")
    assert told(olga, at()) == [[("Add an alert", "late")]]
    assert told(olga, at(TODAY + DAY)) == []


def test_who_has_just_been_given_an_item_needs_no_reminder_of_a_day_that_went_by(olga: Person) -> None:
    item(olga, "2026-12-06")
    assert told(olga, at()) == []


def test_a_moved_date_is_told_of_anew_and_the_old_one_no_more(olga: Person) -> None:
    moved = item(olga, "2026-12-02")
    assert told(olga, at()) == [[("Add an alert", "before")]]
    moved.due = date(2026, 12, 3)
    moved.save()
    assert told(olga, at(TODAY + DAY)) == [[("Add an alert", "before")]]
    assert set(Reminder.objects.values_list("due", flat=True)) == {date(2026, 12, 2), date(2026, 12, 3)}


@pytest.mark.parametrize("status", [ActionStatus.DONE, ActionStatus.WONT_DO])
def test_what_is_finished_is_not_told_of(olga: Person, status: str) -> None:
    item(olga, "2026-12-01", status=status, reason="Not needed.")
    assert told(olga, at()) == []


@pytest.mark.parametrize("due", [date.min, date(1970, 1, 1), date(2036, 1, 1), date.max])
def test_no_date_breaks_counting(olga: Person, due: date) -> None:
    item(olga, due.isoformat())
    assert told(olga, at()) == []


def test_stages_cross_the_turn_of_a_year_and_a_leap_day() -> None:
    found = stage_of_owner(date(2028, 3, 1), date(2028, 2, 23), date(2028, 2, 22), [7], when_late=True)
    assert found
    assert (found.stage, found.on) == (Stage.BEFORE, date(2028, 2, 23))
    late = stage_of_owner(date(2026, 12, 29), date(2027, 1, 1), date(2026, 12, 31), [7], when_late=True)
    assert late
    assert (late.stage, late.on) == (Stage.LATE, date(2027, 1, 1))


# Bundles


def test_several_reminders_of_a_day_are_one_message(olga: Person) -> None:
    item(olga, "2026-12-01", "Due")
    item(olga, "2026-12-08", "Soon")
    item(olga, "2026-11-28", "Late")
    assert told(olga, at()) == [[("Due", "due"), ("Late", "late"), ("Soon", "before")]]


def test_who_wants_a_message_for_each_item_gets_it(olga: Person) -> None:
    choose(olga, mail=Rhythm.EACH)
    item(olga, "2026-12-01", "Due")
    item(olga, "2026-12-08", "Soon")
    assert told(olga, at()) == [[("Due", "due")], [("Soon", "before")]]


def test_the_weekly_digest_stands_in_for_all_other_messages(olga: Person) -> None:
    choose(olga, mail=Rhythm.WEEKLY, weekday=3)
    item(olga, "2026-12-04", "Soon")
    item(olga, "2026-11-01", "Late")
    item(olga, "2026-12-20", "Later")
    digests = [told(olga, at(TODAY + number * DAY)) for number in range(9)]
    assert digests[0] == []
    assert digests[1] == [[("Late", "digest"), ("Soon", "digest")]]
    assert digests[2:8] == [[]] * 6
    assert digests[8] == [[("Late", "digest"), ("Soon", "digest")]]


def test_a_digest_whose_day_the_worker_missed_is_sent_the_day_after(olga: Person) -> None:
    choose(olga, mail=Rhythm.WEEKLY, weekday=3)
    item(olga, "2026-11-01")
    told(olga, at())
    assert len(told(olga, at(TODAY + 2 * DAY))) == 1
    assert told(olga, at(TODAY + 3 * DAY)) == []


def test_another_day_for_the_digest_makes_no_second_one_on_the_same_day(olga: Person) -> None:
    choose(olga, mail=Rhythm.WEEKLY, weekday=2)
    item(olga, "2026-11-01")
    assert len(told(olga, at())) == 1
    for weekday in (1, 7, 2):
        choose(olga, mail=Rhythm.WEEKLY, weekday=weekday)
        assert told(olga, at(hour=10)) == []


def test_who_wants_nothing_gets_nothing(olga: Person) -> None:
    choose(olga, mail=Rhythm.NONE)
    item(olga, "2026-12-01")
    assert told(olga, at()) == []


def test_who_turned_mails_off_before_there_were_reminders_gets_none(olga: Person) -> None:
    olga.wants_mail = False
    olga.save()
    item(olga, "2026-12-01")
    assert told(olga, at()) == []


# Hours and zones


def test_nothing_is_sent_before_the_hour(olga: Person) -> None:
    choose(olga, hour=17)
    item(olga, "2026-12-01")
    assert people_whose_time_has_come(at(hour=16, minute=59)) == []
    assert told(olga, at(hour=16, minute=59)) == []
    assert people_whose_time_has_come(at(hour=17)) == [olga.pk]
    assert len(told(olga, at(hour=17))) == 1
    assert people_whose_time_has_come(at(hour=18)) == []


@pytest.mark.parametrize(
    ("zone", "told_at"),
    [
        ("Pacific/Kiritimati", at(date(2026, 11, 30), 19)),  # the other side of the date line, UTC+14
        ("Pacific/Honolulu", at(date(2026, 12, 1), 19)),
        ("Asia/Kathmandu", at(date(2026, 12, 1), 3, 15)),
    ],
)
def test_day_and_hour_are_those_of_the_persons_own_zone(olga: Person, zone: str, told_at: Any) -> None:
    choose(olga, time_zone=zone)
    olga.refresh_from_db()
    item(olga, "2026-12-01")
    assert told(olga, told_at - timedelta(minutes=1)) == []
    assert told(olga, told_at) == [[("Add an alert", "due")]]


def test_an_hour_that_the_clock_leaps_over_is_made_up_for(olga: Person) -> None:
    choose(olga, hour=2, time_zone="Europe/Berlin")
    item(olga, "2027-03-28")
    day = date(2027, 3, 28)
    assert told(olga, at(day, 0, 59)) == []
    assert told(olga, at(day, 1, 0)) == [[("Add an alert", "due")]]


def test_an_hour_that_comes_twice_is_used_once(olga: Person) -> None:
    choose(olga, hour=2, time_zone="Europe/Berlin")
    item(olga, "2026-10-25")
    day = date(2026, 10, 25)
    assert told(olga, at(day, 0, 0)) == [[("Add an alert", "due")]]
    assert told(olga, at(day, 1, 0)) == []


def test_moving_to_a_zone_where_it_is_still_yesterday_repeats_nothing(olga: Person) -> None:
    choose(olga, hour=0, time_zone="Pacific/Auckland")
    item(olga, "2026-12-01")
    olga.refresh_from_db()
    assert len(told(olga, at(date(2026, 11, 30), 23))) == 1
    choose(olga, hour=0, time_zone="Pacific/Honolulu")
    assert told(olga, at(date(2026, 12, 1), 1)) == []
    assert told(olga, at(date(2026, 12, 1), 12)) == []


# Team leads


@pytest.fixture
def team(olga: Person) -> Team:
    return factories.team("Core", olga)


def lead_of(team: Team, username: str = "lee", *, is_lead: bool = True, role: str = "team-lead") -> Person:
    lead = owner(username, role=role)
    team.memberships.create(person=lead, is_lead=is_lead)
    return lead


def test_a_lead_hears_once_of_what_is_a_week_overdue(olga: Person, team: Team) -> None:
    lead = lead_of(team)
    item(olga, "2026-12-10", team=team)
    assert days_on_which_told(lead, date(2026, 12, 9), 40) == [("12-17", "lead")]


def test_a_team_chooses_after_how_many_days(olga: Person, team: Team) -> None:
    lead = lead_of(team)
    TeamReminders.objects.create(team=team, lead_after=2)
    item(olga, "2026-12-10", team=team)
    assert days_on_which_told(lead, date(2026, 12, 9), 40) == [("12-12", "lead")]
    TeamReminders.objects.update(lead_after=None)
    item(olga, "2026-12-11", team=team)
    assert days_on_which_told(lead, date(2027, 2, 1), 40) == []


@pytest.mark.parametrize("nobody", [True, False])
def test_what_nobody_owns_who_works_here_is_told_to_the_lead_on_its_day(olga: Person, team: Team, nobody: bool) -> None:
    lead = lead_of(team)
    olga.is_active = False
    olga.save()
    item(None if nobody else olga, "2026-12-10", team=team)
    assert days_on_which_told(lead, date(2026, 12, 9), 40) == [("12-10", "lead")]


def test_members_who_are_team_leads_stand_in_where_nobody_is_named_lead(olga: Person, team: Team) -> None:
    by_role = lead_of(team, "rolf", is_lead=False)
    item(olga, "2026-11-01", team=team)
    assert len(told(by_role, at())) == 1
    named = lead_of(team, "nina", role="author")
    item(olga, "2026-11-02", "Another", team=team)
    assert told(named, at()) == [[("Add an alert", "lead"), ("Another", "lead")]]
    assert told(by_role, at(TODAY + DAY)) == []


def test_administrators_hear_where_no_team_has_a_lead(olga: Person, team: Team) -> None:
    admin = owner("admin", role="administrator")
    item(olga, "2026-11-01", "Of a team without lead", team=team)
    item(olga, "2026-11-01", "Of no team")
    led = factories.team("Led")
    lead_of(led)
    item(olga, "2026-11-01", "Of a team with a lead", team=led)
    assert told(admin, at()) == [[("Of a team without lead", "lead"), ("Of no team", "lead")]]


def test_a_lead_is_not_told_of_their_own_item_twice(team: Team) -> None:
    lead = lead_of(team)
    item(lead, "2026-11-01", team=team)
    assert told(lead, at()) == [[("Add an alert", "late")]]


# Access


def test_nobody_hears_of_what_they_may_not_read(olga: Person, team: Team) -> None:
    lead = lead_of(team)
    hidden = published(visibility=Visibility.RESTRICTED)
    item(olga, "2026-11-01", incident=hidden, team=team)
    draft = factories.draft(factories.person("writer")).incident
    item(olga, "2026-11-01", incident=draft, team=team)
    assert (told(olga, at()), told(lead, at())) == ([], [])
    draft.participants.create(person=olga)
    assert told(olga, at(TODAY + DAY)) == [[("Add an alert", "late")]]


@pytest.mark.parametrize("change", ["no address", "closed"])
def test_nobody_is_written_to_who_cannot_be_reached(olga: Person, change: str) -> None:
    item(olga, "2026-12-01")
    Person.objects.filter(pk=olga.pk).update(**({"email": ""} if change == "no address" else {"is_active": False}))
    assert everybody(at()) == []
    assert told(olga, at()) == []


# Never twice


def test_planning_again_at_once_adds_only_what_is_new(olga: Person) -> None:
    item(olga, "2026-12-01", "Due")
    assert told(olga, at(), at_once=True) == [[("Due", "due")]]
    item(olga, "2026-12-02", "Tomorrow")
    assert told(olga, at(hour=1), at_once=True) == [[("Tomorrow", "before")]]
    assert told(olga, at(), at_once=True) == []
    assert told(olga, at()) == []


def test_an_undone_deletion_is_not_told_of_again(olga: Person) -> None:
    gone = item(olga, "2026-12-01")
    told(olga, at())
    kept = gone.pk
    gone.delete()
    item(olga, "2026-12-01", pk=kept)
    assert told(olga, at(), at_once=True) == []


def test_two_channels_are_told_each(olga: Person, settings: Any) -> None:
    settings.SLACK_TOKEN = "x"
    choose(olga, slack=Rhythm.EACH)
    item(olga, "2026-12-01")
    assert len(told(olga, at())) == 2
    assert told(olga, at(), at_once=True) == []


def test_planning_takes_the_same_queries_for_many_items(olga: Person) -> None:
    incident = published()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(plan(olga.pk, at(), at_once=True)) == 1
        return len(captured)

    item(olga, "2026-12-01", incident=incident)
    plan(olga.pk, at())
    item(olga, "2026-12-01", incident=incident)
    few = queries()
    for _ in range(30):
        item(olga, "2026-12-01", incident=incident)
    assert queries() == few


def test_who_has_to_be_told_takes_one_query(olga: Person, django_assert_num_queries: Any) -> None:
    for number in range(5):
        item(owner(f"owner{number}"), "2026-12-01")
    with django_assert_num_queries(1):
        assert len(people_whose_time_has_come(at())) == 5
