"""The reviews behind a number, page by page."""

from django.db import connection

from learning.trends.selection import Selection


def how_many(selection: Selection) -> int:
    """How many reviews there are. One statement."""
    seen, values = selection.seen(with_before=False)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({seen}) AS seen", values)  # noqa: S608 - of our own parts
        [[many]] = cursor.fetchall()
    return int(many)


def keys_of(selection: Selection, skipped: int, wanted: int) -> list[int]:
    """The keys of some of the reviews, the newest first. One statement."""
    seen, values = selection.seen(with_before=False)
    part = "ORDER BY occurred_at DESC, id DESC OFFSET %(skipped)s LIMIT %(wanted)s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM ({seen}) AS seen {part}", values | {"skipped": skipped, "wanted": wanted})  # noqa: S608
        return [key for (key,) in cursor.fetchall()]
