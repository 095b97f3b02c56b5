"""Loading the made-up organisation: all or nothing, by COPY, with the indexes of search made at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from django.db import connection, transaction

from core import audit
from wiki.indexing import aliases_of
from wiki.models import Listed, SearchEntry
from wiki.synthetic.copying import Copies
from wiki.synthetic.organisation import organisation
from wiki.synthetic.telling import Teller
from wiki.synthetic.words import Writer
from wiki.term_counts import count_anew
from wiki.vocabulary import learn_anew

VERB = "load-synthetic"
_A_TIME = 2_000  # reviews whose rows are held in memory

# What is copied into a table of its own first, since COPY makes no vectors.
_FACTS = "incident_id, occurred_at, severity, service_ids, cause_ids, names_as_roles, tags"
_SHOWN = "published_at, duration, title, summary"
_STAGING = f"""
    CREATE TEMPORARY TABLE wiki_synthetic_entry AS
    SELECT {_FACTS}, {_SHOWN}, ''::text AS body, ''::text AS a, ''::text AS b, ''::text AS c, ''::text AS d
    FROM wiki_searchentry LIMIT 0
"""  # noqa: S608  names of columns
_INDEX = f"""
    INSERT INTO wiki_searchentry ({_FACTS}, {_SHOWN}, vector)
    SELECT {_FACTS}, {_SHOWN}, setweight(to_tsvector('english', a), 'A') || setweight(to_tsvector('english', b), 'B')
        || setweight(to_tsvector('english', c), 'C') || setweight(to_tsvector('english', d), 'D')
    FROM wiki_synthetic_entry ORDER BY incident_id;
    INSERT INTO wiki_searchtext (entry_id, body) SELECT incident_id, body FROM wiki_synthetic_entry;
    INSERT INTO wiki_listed ({_FACTS}) SELECT {_FACTS} FROM wiki_synthetic_entry ORDER BY incident_id;
    TRUNCATE wiki_synthetic_entry;
"""  # noqa: S608


@transaction.atomic
def load_synthetic(reviews: int, seed: int) -> None:
    """Add an organisation of `reviews` published reviews; the same numbers give the same data."""
    random = Random(seed)  # noqa: S311  repeatable, and not a secret
    writer = Writer(random)
    teller = Teller(random, writer, organisation(random, writer, reviews), aliases_of())
    copies = Copies()
    with connection.cursor() as cursor, _indexes_made_afterwards():
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else each row waits in memory to be checked at the end
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(_STAGING)
        for place in range(reviews):
            teller.tell((place + 0.5) / reviews, copies)
            if (place + 1) % _A_TIME == 0 or place + 1 == reviews:
                copies.write()
                cursor.execute(_INDEX)
        cursor.execute("DROP TABLE wiki_synthetic_entry")
    audit.record(None, VERB, "organisation", f"{reviews} reviews, seed {seed}")


def make_ready() -> None:
    """What the worker does at night: count how common terms are, know words; and tell the planner what there is."""
    count_anew()
    learn_anew()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")


@contextmanager
def _indexes_made_afterwards() -> Iterator[None]:
    """One pass over all rows is several times faster than an entry for each row, where the table is empty."""
    if SearchEntry.objects.exists():
        yield
        return
    with connection.schema_editor(atomic=False) as editor:
        for model in (SearchEntry, Listed):
            for index in model._meta.indexes:
                editor.remove_index(model, index)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    with connection.schema_editor(atomic=False) as editor:
        for model in (SearchEntry, Listed):
            for index in model._meta.indexes:
                editor.add_index(model, index)
