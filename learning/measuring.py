"""Measuring published reviews: a row for each, written in the publishing transaction, or all of them anew.

The intervals are those of timeline.milestones, reckoned by PostgreSQL so that a hundred thousand are measured at once.
"""

from typing import Any

from django.db import connection, transaction
from django.dispatch import receiver

from reviews.models import Version
from reviews.signals import version_published
from wiki.signals import reviews_loaded

_AT = "(told.milestones ->> '{name}_at')::timestamptz"
_LENGTH = "CASE WHEN {end} >= {start} THEN extract(epoch FROM {end} - {start})::float8 END"


def _length(start: str, end: str) -> str:
    return _LENGTH.format(start=start, end=end)


_STARTED, _DETECTED, _RESPONDED, _MITIGATED, _RESOLVED = (
    _AT.format(name=name) for name in ("started", "detected", "responded", "mitigated", "resolved")
)
_COLUMNS = (
    "detected_by", "has_hour", "detect", "respond", "mitigate", "resolve", "impact", "root_cause_ids",
    "factor_cause_ids", "first_published_at",
)  # fmt: skip
_WRITTEN = ", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS)
_MEASURE = f"""
    INSERT INTO learning_measured (incident_id, {", ".join(_COLUMNS)})
    SELECT told.review_id, told.detected_by, told.has_hour,
        {_length(_STARTED, _DETECTED)}, {_length(_DETECTED, _RESPONDED)}, {_length(_STARTED, _MITIGATED)},
        {_length(_STARTED, _RESOLVED)}, {_length(_STARTED, f"COALESCE({_RESOLVED}, {_MITIGATED})")},
        told.root_causes, told.factor_causes, told.first_published_at
    FROM (
        SELECT DISTINCT ON (review_id) review_id,
            document -> 'milestones' AS milestones,
            COALESCE(document ->> 'detected_by', '') AS detected_by,
            document ->> 'occurred_at' IS NOT NULL
                AND COALESCE(document ->> 'occurred_is_date', 'false') <> 'true' AS has_hour,
            ARRAY(
                SELECT DISTINCT key::bigint FROM jsonb_path_query(
                    document, 'strict $.whys.** ? (@.is_root_cause == true).cause.id'
                ) AS key WHERE jsonb_typeof(key) = 'number' ORDER BY 1
            ) AS root_causes,
            ARRAY(
                SELECT DISTINCT key::bigint FROM jsonb_path_query(document, '$.factors[*].cause.id') AS key
                WHERE jsonb_typeof(key) = 'number' ORDER BY 1
            ) AS factor_causes,
            min(published_at) OVER (PARTITION BY review_id) AS first_published_at
        FROM reviews_version WHERE {{which}} ORDER BY review_id, number DESC
    ) AS told
    ON CONFLICT (incident_id) DO UPDATE SET {_WRITTEN}
"""  # noqa: S608 - of parts that stand here


@receiver(version_published)
def measure_published(sender: type[Version], version: Version, **_: Any) -> None:
    """In the publishing transaction, so that the next count has it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MEASURE.format(which="review_id = %s"), [version.review_id])


@receiver(reviews_loaded)
def measure_loaded(**_: Any) -> None:
    """After reviews were loaded past the publishing."""
    measure_anew()


@transaction.atomic
def measure_anew() -> int:
    """Measure all published reviews anew; how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM learning_measured")
        cursor.execute(_MEASURE.format(which="true"))
        return int(cursor.rowcount)
