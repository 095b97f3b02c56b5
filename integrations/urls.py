"""The machine's door."""

from django.urls import path, re_path

from integrations.api import api
from integrations.door import nothing_here
from integrations.trackers import hooks

urlpatterns = [
    path("v1/hooks/github", hooks.github, name="hook-github"),
    path("v1/hooks/gitlab", hooks.gitlab, name="hook-gitlab"),
    path("v1/hooks/jira", hooks.jira, name="hook-jira"),
    path("v1/hooks/linear", hooks.linear, name="hook-linear"),
    path("v1/", api.urls),
    re_path("", nothing_here),
]
