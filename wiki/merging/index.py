"""The rows of search that name a service or a cause category by its key."""

from typing import Literal

from django.db import connection

from wiki.models import Listed
from wiki.term_counts import one_at_a_time

Column = Literal["service_ids", "cause_ids"]

_REPLACE = """
    UPDATE {table} SET {column} = CASE
        WHEN {column} @> ARRAY[%(into)s]::bigint[] THEN array_remove({column}, %(was)s::bigint)
        ELSE array_replace({column}, %(was)s::bigint, %(into)s::bigint)
    END WHERE {column} @> ARRAY[%(was)s]::bigint[]
"""
# Only reviews that everyone may read are counted (wiki.term_counts); those that named both count once.
_COUNT = """
    WITH gone AS (DELETE FROM wiki_termcount WHERE term = %(was)s RETURNING reviews)
    INSERT INTO wiki_termcount AS known (term, reviews) SELECT %(into)s, reviews FROM gone
    ON CONFLICT (term) DO UPDATE SET reviews = known.reviews + EXCLUDED.reviews - %(both)s
"""


def follow(column: Column, was: int, into: int) -> None:
    """Every entry that names `was` names `into` from now on, once."""
    kind = column.removesuffix("_ids")
    shared = Listed.objects.filter(**{f"{column}__contains": [was, into]}, visibility="internal").count()
    values = {"was": was, "into": into}
    with connection.cursor() as cursor:
        for table in ("wiki_listed", "wiki_searchentry"):
            cursor.execute(_REPLACE.format(table=table, column=column), values)
        one_at_a_time()
        cursor.execute(_COUNT, {"was": f"{kind} {was}", "into": f"{kind} {into}", "both": shared})
