"""`load_demo`: the demo organisation, in an empty database only."""

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from accounts.models import Person
from core.tables import CommandWithTables
from reviews.demo.load import load_demo


class Command(CommandWithTables):
    """Fills an empty database; refuses to touch one that holds people."""

    help = "Load the demo organisation into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many reviews were loaded."""
        if Person.objects.exists():
            raise CommandError("This database already holds people; the demo organisation is only for an empty one.")
        count = load_demo(timezone.now().date())
        if options["verbosity"]:
            self.stdout.write(f"Loaded {count} reviews.")
