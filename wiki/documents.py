"""A review as one HTML file that needs nothing else: its style and pictures are in it."""

import re
import uuid
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString

from accounts.access import takes_part_condition
from accounts.models import Person
from actions.models import ActionItem
from core.zones import zone_named
from incidents.models import Incident
from reviews.attaching import logger
from reviews.models import Attachment, Review
from reviews.snapshot import snapshot_of
from wiki.article import Article, article_of
from wiki.drawing import drawing_of
from wiki.published import Frozen, Published, Standing, find_published, frozen_of, standings_of

MOST_OF_PICTURES = 30_000_000  # bytes; what is more stays a link

_PICTURE = re.compile(r'<img\b[^>]*?\bsrc="(/attachments/([0-9a-f-]{36})/[^"]*)"[^>]*>')
_ALT = re.compile(r'\balt="([^"]*)"')
_SOURCE = re.compile(r'\bsrc="[^"]*"')


@dataclass(frozen=True)
class Html:
    """The file, and what the review is called in it."""

    title: str
    text: str


def html_of(person: Person, review: Review, site: str) -> Html:
    """The latest published version, else the draft as it stands, as `person` reads it; they may see the review.

    Times are in the person's zone. `site` goes before links within the site.
    """
    zone = zone_named(person.time_zone)
    with timezone.override(zone):
        article = _article(person, review)
        title = article.document["title"]
        address = site + Incident(number=review.incident.number, title=title).get_absolute_url()
        context = {"article": article, "document": article.document, "published": article.published}
        more: dict[str, Any] = {"address": address, "today": timezone.localdate(), "zone": person.time_zone}
        more |= {"drawing": drawing_of(article.ribbon) if article.ribbon else None}
        text = render_to_string("wiki/document/page.html", {**context, **more})
    return Html(title, _with_pictures(person, text, site).replace(' href="/', f' href="{escape(site)}/'))


def _article(person: Person, review: Review) -> Article:
    published = find_published(person, review.incident.number) if review.incident.is_published else None
    if published is None:
        return _of_draft(person, review)
    frozen = frozen_of(published)
    return _told(published, frozen, standings_of(published, frozen))


def _of_draft(person: Person, review: Review) -> Article:
    takes_part = Incident.objects.filter(takes_part_condition(person, "pk"), pk=review.pk).exists()
    published = Published(
        pk=0,
        number=0,
        review=review.pk,
        incident=review.incident.number,
        status=review.incident.status,
        visibility=review.incident.visibility,
        names_as_roles=False,
        published_at=timezone.now(),
        takes_part=takes_part,
        standings=(),
        similar=(),
        recurs=False,
    )
    actions = ActionItem.objects.filter(incident=review.pk).select_related("owner", "verified_by")
    standings = {
        one.pk: Standing(
            one.status,
            str(one.owner or one.owner_as_written),
            one.due,
            one.done_at.date() if one.done_at else None,
            one.reason,
            evidence_html=one.evidence_html,
            has_evidence=bool(one.evidence),
            verified_by=str(one.verified_by or ""),
        )
        for one in actions
    }
    return _told(published, Frozen(snapshot_of(review), "", [], is_imported=False), standings)


def _told(published: Published, frozen: Frozen, standings: dict[int, Standing]) -> Article:
    zone, today = timezone.get_current_timezone(), timezone.localdate()
    return article_of(published, frozen, standings, zone=zone, today=today)


def _with_pictures(person: Person, text: str, site: str) -> str:
    """Each picture of an attachment that `person` may read is put into the text; in place of others, their words."""
    keys = {key for _, key in _PICTURE.findall(text) if _is_key(key)}
    if not keys:
        return text
    pictures = {str(one.pk): one for one in Attachment.objects.visible_to(person).filter(pk__in=keys)}
    left = MOST_OF_PICTURES
    inlined: dict[str, str] = {}

    def put(found: re.Match[str]) -> str:
        nonlocal left
        address, key = found.groups()
        picture = pictures.get(key)
        if key not in inlined and picture is not None and picture.is_picture and picture.size <= left:
            inlined[key] = _inline(picture)
            left -= picture.size
        if inlined.get(key):
            return _SOURCE.sub(f'src="{inlined[key]}"', found[0], count=1)
        alt = _ALT.search(found[0])
        words = f"Picture: {alt[1]}" if alt and alt[1] else "Picture"
        return (
            f'<a class="absent" href="{site}{address}">{words}</a>'
            if picture
            else f'<span class="absent">{words}</span>'
        )

    return _PICTURE.sub(put, text)


def _inline(picture: Attachment) -> str:
    """The content as an address, empty where it cannot be read."""
    try:
        with picture.file.open("rb") as file:
            content: Any = b64encode(file.read()).decode()
    except Exception:  # each storage fails in its own way
        logger.exception("attachment %s could not be read", picture.pk)
        return ""
    return SafeString(f"data:{picture.content_type};base64,{content}")


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
