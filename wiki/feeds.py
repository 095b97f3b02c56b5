"""A search as an Atom feed (RFC 4287)."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import urlencode

from wiki.newly_published import Publication

SHOWN = 30
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # of a feed that has nothing yet
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def atom(title: str, found: Sequence[Publication], *, page: str, own: str, absolute: Callable[[str], str]) -> str:
    """The feed as XML. `page` is the address of the same search for people, `own` that of the feed.

    An entry is told by the number of its review, so that one whose title changes stays the same entry.
    """
    feed = Atom1Feed(
        title=_fit(title),
        link=page,
        feed_url=own,
        feed_guid=page,
        description=None,
        language="en",
        author_name="Debrief",
    )
    feed.latest_post_date = lambda: last_change(found)  # type: ignore[method-assign]
    for one in found:
        feed.add_item(
            title=_fit(one.title),
            link=absolute(one.path),
            description=_fit(one.summary),
            unique_id=absolute(f"/reviews/{one.number}/"),
            updateddate=one.published_at,
            categories=[one.severity] if one.severity else [],
        )
    return feed.writeString("utf-8")


def feed_path(token: str, text: str = "") -> str:
    """The path of the feed of a search; of all reviews where nothing is searched for."""
    return reverse("feed", args=[token]) + (f"?{urlencode({'q': text})}" if text else "")


def last_change(found: Sequence[Publication]) -> datetime:
    """When the last of them was published."""
    return max((one.published_at for one in found), default=BEGINNING)


def _fit(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text) or " "
