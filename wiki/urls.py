"""Addresses of what is published."""

from django.urls import path

from wiki.views import around, catalog, changes, feeds, filters, home, reach, reading, replay, search, searches, similar

urlpatterns = [
    path("", home.home, name="home"),
    path("reviews/", search.search, name="reviews"),
    path("reviews/completions", filters.completions, name="search-completions"),
    path("reviews/filters", filters.add_filters, name="search-filters"),
    path("reviews/searches/", searches.searches, name="searches"),
    path("reviews/searches/name", searches.name_search, name="search-name"),
    path("reviews/searches/save", searches.save, name="search-save"),
    path("reviews/searches/recent", searches.remember, name="search-remember"),
    path("reviews/searches/recent/forget", searches.forget, name="search-forget"),
    path("reviews/searches/feed", feeds.make_feed_address, name="search-feed-address"),
    path("reviews/searches/feed/revoke", feeds.revoke_feed_address, name="search-feed-revoke"),
    path("reviews/searches/<int:search>/mails", searches.change_mails, name="search-mails"),
    path("reviews/searches/<int:search>/delete", searches.delete, name="search-delete"),
    path("reviews/feed/<str:token>/", feeds.feed, name="feed"),
    path("reviews/feed/<str:token>/saved/<int:search>/", feeds.saved_feed, name="feed-saved"),
    path("reviews/reach/", reach.reach, name="reach"),
    path("reviews/reach/naming", reach.naming, name="reach-naming"),
    path("reviews/reach/my-name", reach.my_name, name="reach-my-name"),
    path("reviews/reach/forget", reach.forget, name="reach-forget"),
    path("reviews/<int:number>/", reading.review, name="review"),
    path("reviews/<int:number>/around/", around.around, name="review-around"),
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
