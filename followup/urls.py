"""Addresses of the board and of everything about action items outside their review."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
