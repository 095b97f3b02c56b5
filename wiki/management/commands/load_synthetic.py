"""`load_synthetic`: a made-up organisation of any size, for benchmarks."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core.models import AuditEntry
from incidents.models import Incident
from wiki.signals import reviews_loaded
from wiki.synthetic.load import VERB, load_synthetic, make_ready

MOST = 5_000_000


class Command(BaseCommand):
    """Fills an empty database, or one that holds nothing but the demo organisation."""

    help = "Load a made-up organisation of N published reviews; the same seed gives the same data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: --reviews N [--seed S]."""
        parser.add_argument("--reviews", type=int, required=True, metavar="N", help="how many published reviews")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="other seeds give other data (1)")
        parser.add_argument("--force", action="store_true", help="add them even to a database that holds reviews")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints counts and seconds."""
        reviews = options["reviews"]
        if not 0 < reviews <= MOST:
            raise CommandError(f"--reviews must be a number from 1 to {MOST:,}.", returncode=2)
        call_command("migrate", verbosity=0)
        if not options["force"]:
            _refuse_what_is_real()
        began = time.monotonic()
        load_synthetic(reviews, options["seed"])
        make_ready()
        reviews_loaded.send(Command)
        seconds = time.monotonic() - began
        self.stdout.write(f"{reviews:,} reviews loaded in {seconds:.1f} s ({reviews / seconds:,.0f} a second).")


def _refuse_what_is_real() -> None:
    """The demo is nobody's: its passwords are known to everyone."""
    verbs = set(AuditEntry.objects.filter(verb__in=["load-demo", VERB]).values_list("verb", flat=True))
    if VERB in verbs:
        raise CommandError("This database already holds a made-up organisation; --force adds another N reviews.")
    if Incident.objects.exists() and "load-demo" not in verbs:
        raise CommandError(
            "This database holds reviews. Use an empty one (another DEBRIEF_HOME or DATABASE_URL); --force adds the "
            "made-up ones beside them, and nothing takes them out again."
        )
