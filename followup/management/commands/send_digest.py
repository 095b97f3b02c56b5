"""`send_digest`: the weekly digests, and the posts to the channels of teams, that are to be sent this week."""

from followup.management.reminding import RemindingCommand


class Command(RemindingCommand):
    """Never sends one twice in a week."""

    help = "Send the weekly digests that were not sent this week yet, to those who want one."
    digests = True
