"""Addresses of the board and of everything about action items outside their review."""

from django.urls import path

from followup.views.calendars import (
    calendars,
    make_calendar_address,
    my_calendar,
    revoke_calendar_address,
    team_calendar,
)
from followup.views.held import held, hold_weeks

urlpatterns = [
    path("calendars/", calendars, name="calendars"),
    path("calendars/address", make_calendar_address, name="make-calendar-address"),
    path("calendars/revoke", revoke_calendar_address, name="revoke-calendar-address"),
    path("calendars/<str:token>/mine.ics", my_calendar, name="feed-calendar"),
    path("calendars/<str:token>/teams/<slug:slug>.ics", team_calendar, name="feed-team-calendar"),
    path("figures/weeks", hold_weeks, name="hold-weeks"),
    path("<int:action>/held/", held, name="action-held"),
]
