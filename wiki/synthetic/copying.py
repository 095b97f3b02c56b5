"""Rows on their way into tables by COPY, the fastest door that PostgreSQL has, with keys that are given out here."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from django.db import connection

# In an order in which each refers only to what stands before it.
COLUMNS = {
    "incidents_incident": """id number title severity status visibility occurred_at occurred_is_date detected_by
        detected_at responded_at mitigated_at resolved_at time_zone tags created_by_id created_at""",
    "incidents_incident_services": "incident_id service_id",
    "incidents_participant": "incident_id person_id role",
    "incidents_grant": "incident_id person_id team_id",
    "reviews_review": "incident_id authors_as_written names_as_roles",
    "reviews_review_causes": "review_id causecategory_id",
    "reviews_section": "review_id kind text html revision updated_at updated_by_id",
    "timeline_event": """id incident_id occurred_at zone written_as kind text html source_url position created_by_id
        created_at""",
    "reviews_why": "id review_id parent_id position question answer answer_html is_root_cause cause_id",
    "actions_actionitem": """id incident_id title details details_html kind status reason done_when evidence
        evidence_html owner_id owner_as_written team_id due done_at tracker_url position created_at""",
    "reviews_factor": "id review_id text html cause_id why_id position",
    "reviews_factor_actions": "factor_id actionitem_id",
    "reviews_version": "review_id number document note names_as_roles roles published_at published_by_id",
    "wiki_synthetic_entry": """incident_id occurred_at severity service_ids cause_ids names_as_roles tags published_at
        duration title summary body a b c d""",
}
_NUMBERS = "incidents_number"  # the sequence of review numbers


class Copies:
    """Rows by table, held until `write`; `next_key` and `next_number` never give out the same twice."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Sequence[Any]]] = {table: [] for table in COLUMNS}
        self._keys: dict[str, Iterator[int]] = {}
        self._given: dict[str, int] = {}

    def add(self, table: str, *values: Any) -> None:
        """One row, with values in the order of `COLUMNS`."""
        self._rows[table].append(values)

    def next_key(self, table: str) -> int:
        """The next primary key of `table`."""
        return self._next(f"{table}_id_seq")

    def next_number(self) -> int:
        """The next number of a review."""
        return self._next(_NUMBERS)

    def write(self) -> None:
        """Copy everything that was added into its tables, and tell the database which keys are taken."""
        with connection.cursor() as cursor:
            for table, rows in self._rows.items():
                columns = ", ".join(COLUMNS[table].split())
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                rows.clear()
            for sequence, last in self._given.items():
                cursor.execute("SELECT setval(%s, %s)", [sequence, last])

    def _next(self, sequence: str) -> int:
        if sequence not in self._keys:
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval(%s)", [sequence])
                self._keys[sequence] = count(cursor.fetchone()[0])
        self._given[sequence] = next(self._keys[sequence])
        return self._given[sequence]
