"""The weekly word to the channel of a team: what is overdue, what comes this week, what nobody owns.

Who reads a channel is not known here, so that it tells of published reviews that everyone may read, and as somebody
reads them who took no part.
"""

import uuid
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q

from accounts.access import PUBLISHED_STATES
from actions.models import ActionItem
from catalog.models import Team
from core.zones import zone_named
from followup.models import Channel, Outgoing, TeamReminders
from followup.reminders.audience import EARLIEST
from followup.reminders.letter import NOBODYS, Letter, due_of, group_of, letter_with, soon_said
from followup.reminders.stages import A_WEEK, last_digest_day
from followup.worded import all_worded, for_reader
from incidents.models import Visibility


@transaction.atomic
def plan_posts(now: datetime, *, at_once: bool = False) -> list[int]:
    """Write the posts of the teams whose day and hour have come; their keys. Never two of one week."""
    written: list[int] = []
    if not settings.SITE_ADDRESS:
        return written
    for chosen in TeamReminders.objects.select_for_update(of=("self",)).exclude(webhook="").order_by("pk"):
        local = now.astimezone(zone_named(chosen.time_zone))
        day = last_digest_day(local.date(), chosen.weekday)
        if (chosen.posted_until and chosen.posted_until >= day) or (not at_once and local.hour < chosen.hour):
            continue
        post = Outgoing.objects.create(
            team_id=chosen.pk,
            channel=Channel.SLACK,
            is_digest=True,
            day=local.date(),
            key=uuid.uuid4(),
            next_try_at=now,
        )
        chosen.posted_until = day
        chosen.save(update_fields=["posted_until"])
        written.append(post.pk)
    return written


def post_of(team: Team, today: date, *, again: bool) -> Letter | None:
    """What the channel is told; None where there is nothing to tell."""
    anyone: Any = AnonymousUser()  # takes part in nothing
    for_all = Q(incident__status__in=PUBLISHED_STATES, incident__visibility=Visibility.INTERNAL)
    items = ActionItem.objects.unfinished().filter(for_all, team=team, due__range=(EARLIEST, today + A_WEEK))
    found = all_worded(for_reader(items, anyone).order_by("due", "pk"), anyone)
    owned = [one for one in found if one.action.owner and one.action.owner.is_active]
    late = [one for one in owned if due_of(one) < today]
    soon = [one for one in owned if due_of(one) >= today]
    groups = [
        group_of("Overdue", "overdue", late, today, with_owner=True),
        group_of("This week", soon_said(soon, today), soon, today, with_owner=True),
        group_of("Without an owner", NOBODYS, [one for one in found if one not in owned], today),
    ]
    return letter_with(groups, f"{team} this week", again=again)
