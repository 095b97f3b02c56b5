"""A local server that speaks the wire formats of GitHub, GitLab, Jira and Linear, and can be made to fail."""

from tests.fakes.trackers.server import FakeTrackers

__all__ = ["FakeTrackers"]
