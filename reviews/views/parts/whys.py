"""The five whys as nested lines."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django import forms

from incidents.models import Deletion
from reviews.anchors import first_words, shortened
from reviews.forms import CiteForm, WhyForm, cause_choices
from reviews.models import Evidence, Factor, Review, Why
from reviews.views.parts.opened import Opened

# A browser's parser nests some five hundred elements, two for each level. Lines deeper than this stand beside each
# other and say how deep they are.
DEEPEST_NESTED = 200
# From this depth on lines are no further indented (css/whys.css), and say how deep they are.
DEEPEST_INDENTED = 7


@dataclass
class Line:
    """A why as it stands in the list: how deep, where it can move, what it opens and how many lists end after it."""

    why: Why
    depth: int
    first: bool
    last: bool
    below: int = 0
    opens: bool = False
    closes: range = range(0)
    factor: Factor | None = None
    evidence: list["Cited"] = field(default_factory=list)

    @property
    def factor_words(self) -> str:
        """How the factor that it became begins."""
        return first_words(self.factor.text, self.factor.html, 60) if self.factor else ""

    @property
    def ways(self) -> list["Way"]:
        """Where it can be moved, and where not."""
        return [
            Way("up", "Up", not self.first),
            Way("down", "Down", not self.last),
            Way("in", "In", not self.first, "below the line above"),
            Way("out", "Out", self.why.parent_id is not None, "one level up"),
        ]

    @property
    def level(self) -> int:
        """How deep it is, counted from 1, where its indentation does not tell; otherwise 0."""
        return self.depth + 1 if self.depth >= DEEPEST_INDENTED else 0


@dataclass(frozen=True)
class Way:
    """A direction of reviews.operations.move_why in words, and whether there is a place that way."""

    direction: str
    word: str
    is_open: bool
    more: str = ""


@dataclass(frozen=True)
class Cited:
    """A piece of evidence as its line shows it: an event of this page, or a link to elsewhere."""

    pk: int
    address: str
    time: str
    words: str
    is_link: bool


def lines_of(whys: Iterable[Why]) -> list[Line]:
    """The tree in reading order, flat: a template that called itself would end at a depth that people can reach."""
    below: dict[int | None, list[Why]] = defaultdict(list)
    for why in whys:
        below[why.parent_id].append(why)
    lines: list[Line] = []
    waiting = [(why, 0, n) for n, why in reversed(list(enumerate(below[None])))]
    while waiting:
        why, depth, place = waiting.pop()
        siblings = len(below[why.parent_id])
        lines.append(Line(why, depth, first=place == 0, last=place == siblings - 1))
        waiting.extend((child, depth + 1, n) for n, child in reversed(list(enumerate(below[why.pk]))))
    _count_below(lines)
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        nested, next_nested = (min(one.depth, DEEPEST_NESTED) if one else 0 for one in (line, following))
        line.opens = next_nested > nested
        line.closes = range(max(0, nested - next_nested))
    return lines


def _count_below(lines: list[Line]) -> None:
    above: list[Line] = []
    for line in lines:
        while above and above[-1].depth >= line.depth:
            _give_to_parent(above)
        above.append(line)
    while above:
        _give_to_parent(above)


def _give_to_parent(above: list[Line]) -> None:
    done = above.pop()
    if above:
        above[-1].below += done.below + 1


@dataclass(frozen=True)
class WhysPart:
    """The tree, with the line that is edited, below which the next is asked, or for which evidence is cited."""

    lines: list[Line]
    item: int | None
    below: int | None
    cite: int | None
    form: forms.Form | None
    causes: list[tuple[int, str]]
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
    def below_question(self) -> str:
        """The question below which the next one is asked."""
        return next((line.why.question for line in self.lines if line.why.pk == self.below), "")

    @property
    def begins_with_answer(self) -> bool:
        """Whether the open form is there to be answered."""
        return self.item is not None and isinstance(self.form, WhyForm) and self.form.awaits_answer

    @property
    def is_new_open(self) -> bool:
        """Whether the form for a first question stands open."""
        return self.form is not None and not (self.item or self.below or self.cite)

    @property
    def has_root_cause(self) -> bool:
        """Whether a line is marked as a root cause."""
        return any(line.why.is_root_cause for line in self.lines)


def build_whys(review: Review, opened: Opened) -> WhysPart:
    """The five whys. Three queries, one more for the categories of root causes and some while a form is open."""
    whys = list(review.whys.select_related("cause"))
    known = {why.pk: why for why in whys}
    edited, below, cited, form = None, None, None, None
    if opened.asks_for("whys"):
        edited = known.get(opened.item or 0)
        cited = known.get(opened.cite or 0) if edited is None else None
        below = opened.below if opened.below in known and edited is None and cited is None else None
        key = edited.pk if edited else f"below-{below}" if below else "new"
        form = opened.form
        if form is None and cited:
            form = CiteForm(why=cited, auto_id=f"cite-{cited.pk}-%s")
        form = form or WhyForm(why=edited, auto_id=f"why-{key}-%s")
    lines = lines_of(whys)
    evidence = _evidence_of(review)
    factors = {factor.why_id: factor for factor in reversed(review.factors.exclude(why=None))}
    for line in lines:
        line.evidence = evidence.get(line.why.pk, [])
        line.factor = factors.get(line.why.pk)
    return WhysPart(
        lines=lines,
        item=edited.pk if edited else None,
        below=below,
        cite=cited.pk if cited else None,
        form=form,
        causes=cause_choices() if any(why.is_root_cause for why in whys) else [],
        deletion=opened.deleted_from("whys"),
        after=opened.after,
    )


def _evidence_of(review: Review) -> dict[int, list[Cited]]:
    found: dict[int, list[Cited]] = defaultdict(list)
    for one in Evidence.objects.filter(why__review=review).select_related("event"):
        found[one.why_id].append(_cited(one))
    return found


def _cited(evidence: Evidence) -> Cited:
    event = evidence.event
    if event is None:
        words = evidence.label or evidence.url.partition("://")[2]
        return Cited(evidence.pk, evidence.url, "", shortened(words, 60), is_link=True)
    time = event.local_time.strftime("%H:%M")
    return Cited(evidence.pk, f"#event-{event.pk}", time, first_words(event.text, event.html, 60), is_link=False)
