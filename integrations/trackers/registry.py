"""Which class speaks to which kind of tracker."""

from integrations.models import TrackerConnection, TrackerKind
from integrations.trackers.github import GitHub
from integrations.trackers.gitlab import GitLab
from integrations.trackers.jira import Jira
from integrations.trackers.linear import Linear
from integrations.trackers.tracker import Tracker

KINDS: dict[str, type[Tracker]] = {
    TrackerKind.GITHUB: GitHub,
    TrackerKind.GITLAB: GitLab,
    TrackerKind.JIRA: Jira,
    TrackerKind.LINEAR: Linear,
}


def tracker_of(connection: TrackerConnection) -> Tracker:
    """The tracker behind a connection."""
    return KINDS[connection.kind](connection)
