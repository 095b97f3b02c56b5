"""What is done about it."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    """Action items: owner, team, due date, state."""

    name = "actions"
