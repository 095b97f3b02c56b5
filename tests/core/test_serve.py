"""What `make run` does to an empty database."""

import socket
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Person
from core.management.commands.serve import Command, free_port_after


@pytest.mark.django_db
def test_production_does_not_load_accounts_with_known_passwords(settings: Any, tmp_path: Path) -> None:
    settings.DEMO_IN_EMPTY_DATABASE = False
    settings.STATIC_ROOT = tmp_path
    said = StringIO()
    Command(stdout=said)._prepare()
    assert not Person.objects.exists()
    assert "createsuperuser" in said.getvalue()


def test_the_live_process_takes_the_next_free_port() -> None:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        first.listen()
        port = first.getsockname()[1]
        found = free_port_after("127.0.0.1", port)
        assert found > port
        second.bind(("127.0.0.1", found))
        second.listen()
        assert free_port_after("127.0.0.1", port) not in (port, found)
