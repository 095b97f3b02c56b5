"""The five whys as nested lines."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms

from incidents.models import Deletion
from reviews.forms import WhyForm
from reviews.models import Review, Why
from reviews.views.parts.opened import Opened


@dataclass
class Line:
    """A why as it stands in the list: how deep, where it can move, and how many lists end after it."""

    why: Why
    depth: int
    first: bool
    last: bool
    has_below: bool = False
    closes: range = range(0)

    @property
    def may_move_in(self) -> bool:
        """Whether there is a line above on the same level to stand below."""
        return not self.first

    @property
    def may_move_out(self) -> bool:
        """Whether it stands below another one."""
        return self.why.parent_id is not None


def lines_of(whys: Iterable[Why]) -> list[Line]:
    """The tree in reading order, flat: a template that called itself would end at a depth that people can reach."""
    below: dict[int | None, list[Why]] = defaultdict(list)
    for why in whys:
        below[why.parent_id].append(why)
    lines: list[Line] = []
    waiting = [(why, 0, n) for n, why in reversed(list(enumerate(below[None])))]
    while waiting:
        why, depth, place = waiting.pop()
        children = below[why.pk]
        siblings = len(below[why.parent_id])
        lines.append(Line(why, depth, first=place == 0, last=place == siblings - 1, has_below=bool(children)))
        waiting.extend((child, depth + 1, n) for n, child in reversed(list(enumerate(children))))
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        ends_at = following.depth if following else 0
        line.closes = range(max(0, line.depth - ends_at))
    return lines


@dataclass(frozen=True)
class WhysPart:
    """The tree, with the line that is edited or the one below which the next is asked."""

    lines: list[Line]
    item: int | None
    below: int | None
    form: forms.Form | None
    deletion: Deletion | None
    after: int | None
    name: str = "whys"
    title: str = "Five whys"
    template: str = "reviews/parts/whys.html"

    @property
    def key(self) -> str:
        """What the open form is about: a why, "below-" and the one above it, or "new"."""
        return str(self.item) if self.item else f"below-{self.below}" if self.below else "new"

    @property
    def has_root_cause(self) -> bool:
        """Whether a line is marked as a root cause."""
        return any(line.why.is_root_cause for line in self.lines)


def build_whys(review: Review, opened: Opened) -> WhysPart:
    """The five whys. One query, two while one is edited."""
    whys = list(review.whys.select_related("cause"))
    known = {why.pk: why for why in whys}
    edited, below, form = None, None, None
    if opened.asks_for("whys"):
        edited = known.get(opened.item or 0)
        below = opened.below if opened.below in known and edited is None else None
        key = edited.pk if edited else f"below-{below}" if below else "new"
        form = opened.form or WhyForm(why=edited, auto_id=f"why-{key}-%s")
    return WhysPart(
        lines=lines_of(whys),
        item=edited.pk if edited else None,
        below=below,
        form=form,
        deletion=opened.deleted_from("whys"),
        after=opened.after,
    )
