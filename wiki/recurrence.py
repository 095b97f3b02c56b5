"""Which incidents happened again: another review that one may see shares a service and a cause category, or its
writers said that it is a recurrence.
"""

COMPARED = 20_000  # the newest reviews, compared with each other in one pass

# As a condition on rows of search, for `rule`, the access rule for wiki_listed. What is told to be IS TRUE PostgreSQL
# answers by one pass and a hash, never by a pass for each row.
RECURRING = f"""(incident_id IN (
    WITH compared AS MATERIALIZED (
        SELECT incident_id AS pk, service_ids, cause_ids FROM wiki_listed WHERE {{rule}}
        ORDER BY occurred_at DESC, incident_id DESC LIMIT {COMPARED}
    ),
    pairs AS (
        SELECT compared.pk, count(*) OVER (PARTITION BY service, cause) AS reviews
        FROM compared, unnest(service_ids) AS service, unnest(cause_ids) AS cause
    )
    SELECT DISTINCT pairs.pk FROM pairs WHERE reviews > 1
)) IS TRUE OR (incident_id IN (
    SELECT unnest(ARRAY[review_id, earlier_id]) FROM reviews_recurrence
    WHERE review_id IN (SELECT incident_id FROM wiki_listed WHERE {{rule}})
        AND earlier_id IN (SELECT incident_id FROM wiki_listed WHERE {{rule}})
)) IS TRUE"""  # noqa: S608
