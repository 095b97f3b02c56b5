"""What `send_reminders` and `send_digest` have in common."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from core.tables import CommandWithTables
from followup.reminders.preferences import channels_set_up
from followup.reminders.running import Counts, run


class RemindingCommand(CommandWithTables):
    """Prints counts; exit status 1 where something could not be delivered, and is tried again by the worker."""

    digests: bool

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See docs/operations.md."""
        parser.add_argument(
            "--at-their-hour", action="store_true", help="only to those whose hour has come, as the worker does it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs to the end, whatever one message comes to."""
        if not channels_set_up():
            self.stderr.write(
                "Nothing can be sent: set EMAIL_HOST and DEBRIEF_ADDRESS, or DEBRIEF_SLACK_TOKEN (docs/operations.md)."
            )
        counts = run(timezone.now(), digests=self.digests, at_once=not options["at_their_hour"])
        self.stdout.write(_said(counts))
        if counts.later or counts.failed:
            raise CommandError(
                f"{counts.later + counts.failed} could not be delivered; /actions/undelivered/ says why.", returncode=1
            )


def _said(counts: Counts) -> str:
    again = f" ({counts.again} of them again)" if counts.again else ""
    parts = [f"{counts.sent} sent{again}", f"{counts.later} to try again", f"{counts.failed} given up"]
    return ", ".join([*parts, f"{counts.dropped} settled meanwhile"]) + "."
