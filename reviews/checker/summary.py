"""Rules about the summary."""

from collections.abc import Iterator

from reviews.checker.findings import Finding, about
from reviews.checker.material import Material


def summary_findings(material: Material) -> Iterator[Finding]:
    """Every finding of the group."""
    if not material.summary.strip():
        yield about("summary-missing", "summary", "There is no summary.", "Readers begin there.")
