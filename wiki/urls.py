"""Addresses of what is published."""

from django.urls import path

from wiki.views import catalog, changes, filters, home, reading, replay, search, similar

urlpatterns = [
    path("", home.home, name="home"),
    path("reviews/", search.search, name="reviews"),
    path("reviews/completions", filters.completions, name="search-completions"),
    path("reviews/filters", filters.add_filters, name="search-filters"),
    path("reviews/<int:number>/", reading.review, name="review"),
    path("reviews/<int:number>/source", reading.source, name="review-source"),
    path("reviews/<int:number>/replay/", replay.replay, name="review-replay"),
    path("reviews/<int:number>/replay/forget", replay.forget, name="review-replay-forget"),
    path("reviews/<int:number>/changes", changes.changes, name="review-changes"),
    path("reviews/<int:number>/versions/<int:version>/", reading.version, name="review-version"),
    path("reviews/<int:number>/<slug:slug>/", reading.review, name="review"),
    path("drafts/<int:number>/similar", similar.similar, name="draft-similar"),
    path("drafts/<int:number>/recurrences", similar.confirm, name="draft-recurrences"),
    path(
        "drafts/<int:number>/recurrences/<int:earlier>/take-back",
        similar.take_back,
        name="draft-recurrence-take-back",
    ),
    path("services/<slug:slug>/", catalog.service, name="service"),
    path("causes/<slug:slug>/", catalog.cause, name="cause"),
    path("teams/<slug:slug>/", catalog.team, name="team"),
]
