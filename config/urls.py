"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from core.health import healthz

handler400 = "core.errors.bad_request"

urlpatterns = [
    path("", include("wiki.urls")),
    path("drafts/", include("reviews.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
]
