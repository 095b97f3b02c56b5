"""Addresses for importing write-ups, below /reviews/import/."""

from django.urls import path

from reviews.views import imports

urlpatterns = [
    path("", imports.imports, name="imports"),
    path("<uuid:upload>/", imports.upload, name="import"),
    path("<uuid:upload>/choose", imports.choose, name="import-choose"),
    path("<uuid:upload>/again", imports.again, name="import-again"),
    path("<uuid:upload>/discard", imports.discard, name="import-discard"),
]
