"""The reference: a bare view that fetches a page's bytes by primary key and returns them."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def stored_page(request: HttpRequest, key: int) -> HttpResponse:
    """One query, no session, no template."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM bench_page WHERE id = %s", [key])
        row = cursor.fetchone()
    return HttpResponse(row[0])


def healthz(request: HttpRequest) -> HttpResponse:
    """Says that the server is up."""
    return HttpResponse("ok")


urlpatterns = [path("pages/<int:key>/", stored_page), path("healthz", healthz)]
