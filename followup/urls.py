"""Addresses of the board and of everything about action items outside their review."""

from django.urls import path

from followup.views.held import held, hold_weeks

urlpatterns = [
    path("figures/weeks", hold_weeks, name="hold-weeks"),
    path("<int:action>/held/", held, name="action-held"),
]
