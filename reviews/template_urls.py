"""Addresses of the administrators' templates, below /templates/."""

from django.urls import path

from reviews.views import templates

urlpatterns = [
    path("", templates.templates, name="templates"),
    path("add", templates.add, name="template-add"),
    path("<int:template>/", templates.template, name="template"),
    path("<int:template>/do", templates.act, name="template-do"),
]
