"""Rules about the actions."""

from collections.abc import Iterator

from reviews.checker.findings import Finding
from reviews.checker.material import Material


def action_findings(material: Material) -> Iterator[Finding]:
    """Every finding of the group."""
    yield from ()
