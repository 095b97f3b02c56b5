"""What becomes of action items."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    """Board, reminders, calendars, figures, and whether a fix held."""

    name = "followup"
