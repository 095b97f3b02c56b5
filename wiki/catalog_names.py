"""How services and cause categories are called now, by their keys, for many at once."""

from collections.abc import Iterable

from core.statements import rows_of

_NAMED = """
    SELECT 'service', id, slug, name FROM catalog_service WHERE id = ANY (%s::bigint[])
    UNION ALL SELECT 'cause', id, slug, name FROM catalog_causecategory WHERE id = ANY (%s::bigint[])
"""


def names_of(services: Iterable[int], causes: Iterable[int]) -> dict[tuple[str, int], tuple[str, str]]:
    """Slug and name by kind and key. One query, none where nothing is asked for."""
    asked = [[*services], [*causes]]
    if not any(asked):
        return {}
    return {(kind, key): (slug, name) for kind, key, slug, name in rows_of(_NAMED, asked)}
