"""The best SQL that we know for what a search shows, with nothing around it: no access rule, no words of its own.

It reads the same tables: facts apart from vectors, vectors unpacked. `rows` are the newest matches, at most as many as
the product looks at; the page's rows come from them by rank or by date, with their snippets, and so do the facets.
"""

from wiki.facets import LOOKED_AT, SHOWN

_SQL = """
WITH rows AS MATERIALIZED (
    SELECT incident_id, occurred_at, service_ids, cause_ids, severity, {rank} AS rank
    FROM {table} WHERE {condition} ORDER BY occurred_at DESC, incident_id DESC LIMIT {looked_at}
), page AS MATERIALIZED (
    SELECT incident_id FROM rows ORDER BY rank DESC, occurred_at DESC, incident_id DESC LIMIT 20
)
SELECT 'total', '', count(*) FROM rows
UNION ALL (SELECT 'service', unnest(service_ids)::text, count(*) FROM rows GROUP BY 2 ORDER BY 3 DESC LIMIT {shown})
UNION ALL (SELECT 'cause', unnest(cause_ids)::text, count(*) FROM rows GROUP BY 2 ORDER BY 3 DESC LIMIT {shown})
UNION ALL SELECT 'severity', severity, count(*) FROM rows GROUP BY 2
UNION ALL (
    SELECT 'quarter', date_trunc('quarter', occurred_at)::text, count(*) FROM rows GROUP BY 2 ORDER BY 2 DESC
    LIMIT {shown}
)
UNION ALL
SELECT title, {snippet}, incident_id FROM page JOIN wiki_searchentry USING (incident_id)
JOIN wiki_searchtext ON entry_id = incident_id
"""
_SNIPPET = "ts_headline('english', body, {words}, 'MaxFragments=2, MaxWords=17, MinWords=8')"


def best_sql(words: str, condition: str) -> str:
    """The statement for rows that match `words`, a query of PostgreSQL (or nothing), and `condition`."""
    values = {"looked_at": LOOKED_AT, "shown": SHOWN}
    if not words:
        return _SQL.format(table="wiki_listed", rank="0", condition=condition, snippet="summary", **values)
    return _SQL.format(
        table="wiki_searchentry",
        rank=f"ts_rank(vector, {words}, 1)",
        condition=f"vector @@ {words} AND {condition}",
        snippet=_SNIPPET.format(words=words),
        **values,
    )
