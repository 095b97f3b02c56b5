"""Addresses of the checker's rules, below /rules/."""

from django.urls import path

from reviews.views import rules

urlpatterns = [
    path("", rules.rules, name="rules"),
    path("settings/", rules.settings, name="rule-settings"),
    path("words/add", rules.add_word, name="rule-word-add"),
    path("words/<int:word>/", rules.word, name="rule-word"),
    path("words/<int:word>/remove", rules.word_remove, name="rule-word-remove"),
    path("<slug:code>/", rules.rule, name="rule"),
]
