"""Which incidents happened again: another review that one may see shares a service and a cause category."""

from django.core.exceptions import EmptyResultSet
from django.db.models import BooleanField, F, Func, Q
from django.db.models.expressions import RawSQL
from django.db.models.lookups import In

from accounts.models import Person
from wiki.models import SearchEntry

COMPARED = 20_000  # the newest reviews, compared with each other in one pass

_SQL = """
    WITH compared AS MATERIALIZED ({compared}),
    pairs AS (
        SELECT compared.pk, count(*) OVER (PARTITION BY service, cause) AS reviews
        FROM compared, unnest(service_ids) AS service, unnest(cause_ids) AS cause
    )
    SELECT DISTINCT pairs.pk FROM pairs WHERE reviews > 1
"""


def recurring(person: Person) -> Q:
    """The condition on entries that another one which `person` may see is alike."""
    newest = SearchEntry.objects.visible_to(person).order_by(F("occurred_at").desc(), F("pk").desc())
    try:
        sql, values = newest.values("pk", "service_ids", "cause_ids")[:COMPARED].query.sql_with_params()
    except EmptyResultSet:
        return Q(pk__in=[])
    alike = RawSQL(_SQL.format(compared=sql), values)  # noqa: S611  the values stay apart from the text
    return Q(_ComparedOnce(In(F("pk"), alike)))


class _ComparedOnce(Func):
    """The same condition, in a form that PostgreSQL answers by one pass and a hash, never by a pass for each row."""

    template = "(%(expressions)s) IS TRUE"
    output_field = BooleanField()
