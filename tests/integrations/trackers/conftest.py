"""A tracker of each kind that is a fake, connected, and an action item."""

from collections.abc import Callable, Iterator

import pytest

from accounts.models import Person
from actions.models import ActionItem
from integrations.models import TrackerConnection
from tests import factories
from tests.fakes.trackers import FakeTrackers
from tests.fakes.trackers.exchange import SECRET
from tests.fakes.trackers.jira import ACCOUNT
from tests.integrations.trackers.sides import SIDES, Side

PROJECTS = {"github": "acme/payments", "gitlab": "acme/web/shop", "jira": "OPS", "linear": "ENG"}


@pytest.fixture
def fakes() -> Iterator[FakeTrackers]:
    with FakeTrackers() as fakes:
        yield fakes


@pytest.fixture
def connect(db: None, fakes: FakeTrackers, monkeypatch: pytest.MonkeyPatch) -> Callable[..., TrackerConnection]:
    """Sets up a connection of a kind."""

    def make(kind: str, **more: str) -> TrackerConnection:
        fake = getattr(fakes, kind)
        monkeypatch.setenv(f"DEBRIEF_TRACKER_{kind.upper()}_TOKEN", fake.token)
        monkeypatch.setenv(f"DEBRIEF_TRACKER_{kind.upper()}_SECRET", SECRET)
        usual = {"name": kind.title(), "code": kind, "base": fake.base, "projects": PROJECTS[kind]}
        if kind == "jira":
            usual["account"] = ACCOUNT
        if kind == "gitlab":
            usual |= {"in_progress_label": "doing", "wont_do_label": "wont-do"}
        return TrackerConnection.objects.create(kind=kind, **{**usual, **more})

    return make


@pytest.fixture(params=["github", "gitlab", "jira", "linear"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def side(kind: str, fakes: FakeTrackers, connect: Callable[..., TrackerConnection]) -> Side:
    """What is over there, with a connection to it."""
    return SIDES[kind](getattr(fakes, kind), connect(kind))


@pytest.fixture
def item(author: Person) -> ActionItem:
    """An open action item of a draft, in which its author takes part."""
    incident = factories.draft(author).incident
    return ActionItem.objects.create(incident=incident, title="Add an alert on pool use", owner=author)
