"""The outline beside the editor: each part with how far it is."""

from reviews.checker.findings import Finding
from reviews.checklist import Checklist, discussed, judged
from reviews.models import Review, SectionKind
from reviews.readiness import readiness_of
from reviews.wording import Wording

# The order in which the published page is read, below what reviewers were asked.
PART_NAMES = (
    "approval",
    "facts",
    "summary",
    "impact",
    "narrative",
    "timeline",
    "whys",
    "factors",
    "went_well",
    "went_badly",
    "lucky",
    "actions",
    "lessons",
    "attachments",
    "participants",
    "visibility",
)
PART_TITLES = {
    "approval": "Approval",
    "facts": "Facts",
    "timeline": "Timeline",
    "whys": "Five whys",
    "factors": "Factors",
    "actions": "Actions",
    "attachments": "Attachments",
    "participants": "People",
    "visibility": "Readers",
} | {str(kind.value): str(kind.label) for kind in SectionKind}


def outline_of(review: Review) -> Checklist:
    """The checklist, which is the outline as well. Some fourteen small queries."""
    ready = readiness_of(review)
    findings: dict[str, list[Finding]] = {}
    for one in ready.checked.open:
        findings.setdefault(one.part, []).append(one)
    titles = titles_of(ready.wording)
    approval, *entries = [judged(name, titles[name], ready, findings.get(name, [])) for name in PART_NAMES]
    # Who approves stands on top of the page and is the last thing to do.
    last = [one for one in (discussed(ready), approval) if one]
    return Checklist([*entries, *last], ready)


def titles_of(wording: Wording) -> dict[str, str]:
    """What each part is called, its sections as the template of the review calls them."""
    return PART_TITLES | {kind: one.title for kind, one in wording.items()}
