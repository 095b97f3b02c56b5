"""What `make run` does to an empty database."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Person
from core.management.commands.serve import Command


@pytest.mark.django_db
def test_production_does_not_load_accounts_with_known_passwords(settings: Any, tmp_path: Path) -> None:
    settings.DEMO_IN_EMPTY_DATABASE = False
    settings.STATIC_ROOT = tmp_path
    said = StringIO()
    Command(stdout=said)._prepare()
    assert not Person.objects.exists()
    assert "createsuperuser" in said.getvalue()
