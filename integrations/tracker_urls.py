"""Addresses of trackers, below /actions/."""

from django.urls import path

from integrations.trackers import connection_views, item_views

urlpatterns = [
    path("<int:action>/tracker/", item_views.tracker, name="action-tracker"),
    path("<int:action>/tracker/link", item_views.link, name="action-tracker-link"),
    path("<int:action>/tracker/create", item_views.create, name="action-tracker-create"),
    path("<int:action>/tracker/unlink", item_views.unlink, name="action-tracker-unlink"),
    path("<int:action>/tracker/look", item_views.look, name="action-tracker-look"),
    path("trackers/", connection_views.trackers, name="trackers"),
    path("trackers/add/<slug:kind>/", connection_views.add, name="tracker-add"),
    path("trackers/<int:tracker>/", connection_views.tracker, name="tracker"),
    path("trackers/<int:tracker>/try", connection_views.try_it, name="tracker-try"),
    path("trackers/<int:tracker>/remove", connection_views.remove, name="tracker-remove"),
]
