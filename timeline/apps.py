"""What happened, in order."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    """Events, milestones, intervals."""

    name = "timeline"
