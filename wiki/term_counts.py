"""How common a term is among published reviews: what many reviews say tells little of how two of them are alike.

Terms are the words of the index, and as terms with a space, which no word has: services, causes and severities.
"""

from collections.abc import Iterable

from django.db import connection, transaction
from django.dispatch import receiver

from incidents.models import Visibility
from reviews.models import Version
from reviews.signals import version_published
from wiki.models import Listed, TermCount

ALL = ""
_LOCK = 7_031_009_001  # any number that no other lock of this application has
SAMPLED = 100_000  # the newest reviews, of which all terms are counted anew; for more of them it is reckoned

# Only what everyone may read is counted: no weight may tell of a review that is for some.
_MARKS = """
    SELECT '' AS term UNION ALL
    SELECT 'service ' || service FROM entry, unnest(entry.service_ids) AS service UNION ALL
    SELECT 'cause ' || cause FROM entry, unnest(entry.cause_ids) AS cause UNION ALL
    SELECT 'severity ' || severity FROM entry WHERE severity <> ''
"""
_COUNT_ONE = f"""
    WITH entry AS MATERIALIZED (
        SELECT * FROM wiki_searchentry WHERE incident_id = %s AND visibility = 'internal'
    ), terms AS (
        SELECT marks.term FROM ({_MARKS}) AS marks WHERE EXISTS (SELECT FROM entry)
        UNION ALL SELECT word.lexeme FROM entry, unnest(entry.vector) AS word
    )
    INSERT INTO wiki_termcount AS known (term, reviews) SELECT DISTINCT term, 1 FROM terms ORDER BY term
    ON CONFLICT (term) DO UPDATE SET reviews = known.reviews + 1
"""  # noqa: S608
_NEWEST = """
    SELECT * FROM wiki_searchentry WHERE visibility = 'internal'
    ORDER BY occurred_at DESC, incident_id DESC LIMIT {most}
"""
_COUNT_ALL = """
    CREATE TEMPORARY TABLE wiki_counted ON COMMIT DROP AS
    WITH entry AS MATERIALIZED (SELECT service_ids, cause_ids, severity FROM ({newest}) AS newest),
    marks AS (
        SELECT term, count(*) AS reviews FROM (
            SELECT '' AS term FROM entry UNION ALL {marks}
        ) AS marks GROUP BY term
    )
    SELECT term, ceil(reviews * {times}) AS reviews FROM (
        SELECT term, reviews FROM marks
        UNION ALL SELECT word, ndoc FROM ts_stat($$ SELECT vector FROM ({newest}) AS newest $$)
    ) AS counted
"""


@receiver(version_published)
def count_published(sender: type[Version], version: Version, **_: object) -> None:
    """Count the terms of a review that was published for the first time. Two statements.

    What later versions change is left to `count_anew`.
    """
    one_at_a_time()
    if version.number == 1:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_ONE, [version.review_id])


def one_at_a_time() -> None:
    """Wait until nobody else writes counts or pairs of likeness, which would be done in another order, and keep others
    waiting until this transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def count_anew() -> None:
    """Count the terms of all published reviews, or of the newest where there are very many.

    Whoever publishes meanwhile waits only while the counts are put in place; their own may be missing until next time.
    """
    readable = Listed.objects.filter(visibility=Visibility.INTERNAL).count()
    newest = _NEWEST.format(most=SAMPLED)
    marks = _MARKS.replace("SELECT '' AS term UNION ALL", "", 1)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ALL.format(newest=newest, marks=marks, times=max(readable / SAMPLED, 1.0)))
        one_at_a_time()
        cursor.execute("DELETE FROM wiki_termcount")
        cursor.execute("INSERT INTO wiki_termcount (term, reviews) SELECT term, reviews FROM wiki_counted")


def counts_of(terms: Iterable[str]) -> dict[str, int]:
    """In how many reviews each of the terms stands; those that stand in none are left out. One query."""
    return dict(TermCount.objects.filter(term__in=list(terms)).values_list("term", "reviews"))


def marks_of(services: Iterable[int], causes: Iterable[int], severity: str) -> list[str]:
    """The terms of a review that are no words."""
    named = [f"service {pk}" for pk in services] + [f"cause {pk}" for pk in causes]
    return [*named, f"severity {severity}"] if severity else named
