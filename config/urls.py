"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from core.health import healthz
from reviews.views.attachments import serve

handler400 = "core.errors.bad_request"

urlpatterns = [
    path("reviews/import/", include("reviews.import_urls")),
    path("", include("wiki.urls")),
    path("", include("learning.urls")),
    path("drafts/", include("reviews.urls")),
    path("actions/", include("integrations.tracker_urls")),
    path("actions/", include("followup.urls")),
    path("templates/", include("reviews.template_urls")),
    path("rules/", include("reviews.rule_urls")),
    path("attachments/<uuid:attachment>/<str:name>", serve, name="attachment"),
    path("notifications/", include("incidents.urls")),
    path("api/", include("integrations.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
