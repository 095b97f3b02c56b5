"""Addresses of the board and of everything about action items outside their review."""

from django.urls import path

from followup.views import reminders, undelivered
from followup.views.board import add_filters, board, completions, load
from followup.views.board_changes import change as change_chosen
from followup.views.calendars import (
    calendars,
    make_calendar_address,
    my_calendar,
    revoke_calendar_address,
    team_calendar,
)
from followup.views.csv_file import items_as_csv
from followup.views.figures import figure, figure_factors, figures
from followup.views.held import held, hold_weeks
from followup.views.item import change, item, unlink

urlpatterns = [
    path("", board, name="board"),
    path("change", change_chosen, name="board-change"),
    path("filters", add_filters, name="board-filters"),
    path("completions", completions, name="board-completions"),
    path("load/", load, name="board-load"),
    path("<int:action>/", item, name="action"),
    path("<int:action>/change/<slug:what>/", change, name="action-change"),
    path("<int:action>/unlink/", unlink, name="action-unlink"),
    path("calendars/", calendars, name="calendars"),
    path("calendars/address", make_calendar_address, name="make-calendar-address"),
    path("calendars/revoke", revoke_calendar_address, name="revoke-calendar-address"),
    path("calendars/<str:token>/mine.ics", my_calendar, name="feed-calendar"),
    path("calendars/<str:token>/teams/<slug:slug>.ics", team_calendar, name="feed-team-calendar"),
    path("reminders/", reminders.reminders, name="reminders"),
    path("reminders/stop/<str:token>/", reminders.stop, name="reminders-stop"),
    path("reminders/teams/<slug:slug>/", reminders.team_reminders, name="team-reminders"),
    path("undelivered/", undelivered.dead_letters, name="undelivered"),
    path("undelivered/<int:message>/again", undelivered.message_again, name="undelivered-again"),
    path("undelivered/<int:message>/drop", undelivered.message_drop, name="undelivered-drop"),
    path("undelivered/jobs/<int:job>/again", undelivered.job_again, name="undelivered-job-again"),
    path("undelivered/jobs/<int:job>/drop", undelivered.job_drop, name="undelivered-job-drop"),
    path("items.csv", items_as_csv, name="actions-csv"),
    path("figures/", figures, name="action-figures"),
    path("figures/items/", figure, name="action-figure"),
    path("figures/factors/", figure_factors, name="action-figure-factors"),
    path("figures/weeks", hold_weeks, name="hold-weeks"),
    path("<int:action>/held/", held, name="action-held"),
]
