"""The machine's door."""

from django.urls import path, re_path

from integrations.api import api
from integrations.door import nothing_here

urlpatterns = [path("v1/", api.urls), re_path("", nothing_here)]
