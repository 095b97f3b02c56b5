"""`create_token`: an API token, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from accounts.models import Person, TokenScope
from accounts.tokens import create_token
from core.tables import CommandWithTables
from core.text import storable


class Command(CommandWithTables):
    """Makes a token with which a program speaks to the API as a person."""

    help = "Make an API token for a person and print it, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See contract: USER [--scope read|write] [--name N]."""
        parser.add_argument("user", metavar="USER", help="the name that the person signs in with")
        parser.add_argument("--scope", choices=TokenScope.values, default=TokenScope.READ, help="what it may do")
        parser.add_argument("--name", default="", metavar="N", help="what it is for, to tell tokens apart")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the token alone."""
        username = storable(options["user"])
        person = Person.objects.filter(username__iexact=username).first()
        if person is None:
            raise CommandError(f"There is no account named {username}.", returncode=2)
        try:
            token = create_token(person, name=options["name"], scope=options["scope"])
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages), returncode=2) from None
        self.stdout.write(token)
