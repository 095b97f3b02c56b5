"""`send_reminders`: what the worker does at each person's hour, at once and for everybody."""

from followup.management.reminding import RemindingCommand


class Command(RemindingCommand):
    """Never sends twice what was sent."""

    help = "Send the reminders of action items that are to be sent today."
    digests = False
