"""Action items from the lists and tables of a section that announces them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from reviews.importing.blocks import Block, cut
from reviews.importing.document import ParsedAction
from reviews.importing.lines import Line
from reviews.importing.moments import moments_in
from reviews.importing.plain import bare, plain
from reviews.importing.setting import Setting
from reviews.importing.tables import Row, Table

_EMPTY = re.compile(
    r"(?:n/?a|none|nothing|tb[cd]|todo|-+|–|\.+|not applicable|no actions?(?: items?)?|_+|\?+)\W*", re.IGNORECASE
)
_BOX = re.compile(r"\[([ xX])\]\s+|(:white_check_mark:|✅|☑|✔️?)\s*")
_DONE = re.compile(
    r"(?:\((?i:done|completed?|fixed|closed)\)|\[(?:done|completed?)\]|\b(?:DONE|COMPLETED?)\b|✅|☑"
    r"|:white_check_mark:"
    r"|[-–—]\s*(?:[Dd]one|done|completed?)\W*$)"
)
_STRUCK = re.compile(r"~~[^~]+~~\W*")
_AT_END = re.compile(r"\(([^()]{3,60})\)\W*$")
_URL = re.compile(r"https?://[^\s<>()\[\]\"'|]+")
_OWNER = re.compile(
    r"(?:\(|\[|[-–—,.;]\s|\*\*|\s)\s*(?:owner|assignee|assigned to|responsible|dri"
    r"|lead)\W{1,4}(@?[\w.'’-]+(?: [A-Z][\w.'’-]+){0,2})",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?:^|[\s([])@([A-Za-z][\w.-]{1,38})\b")
_DUE = re.compile(
    r"(?:\b(?:due(?: date| by| on)?|deadline|eta|target(?: date)?|complete by|by)\b)\W{0,4}", re.IGNORECASE
)
_COLUMNS = {
    "title": {"action", "actions", "action item", "action items", "item", "task", "tasks", "description", "what",
              "todo",
              "to do", "follow up", "follow-up", "remediation", "improvement", "recommendation", "title", "summary",
              "details",
              "follow up action", "next step", "next steps", "corrective action", "measure", "work item",
              "follow-up item"},
    "owner": {"owner", "owners", "assignee", "assignees", "assigned to", "who", "responsible", "dri", "lead", "team",
              "person",
              "owner(s)", "action owner", "responsible person", "point of contact", "poc", "owned by", "owning team"},
    "due": {"due", "due date", "deadline", "eta", "by when", "when", "target date", "target", "date", "due by",
            "expected date",
            "completion date", "timeline", "expected completion"},
    "status": {"status", "state", "done", "progress", "completed", "done?", "complete"},
    "tracker": {"bug", "ticket", "tickets", "issue", "issues", "jira", "link", "links", "tracking", "url", "pr",
                "reference",
                "tracker", "tracking issue", "jira ticket", "tracking bug", "bug id", "issue link", "github issue"},
    "kind": {"type", "kind", "category"},
}  # fmt: skip
_KINDS = [
    (
        "detect",
        re.compile(
            r"\b(?:alert\w*|monitor\w*|detect\w*|dashboards?|observab\w*|metrics?|logging|visib\w*|probe|synthetic)\b",
            re.I,
        ),
    ),
    (
        "process",
        re.compile(
            r"\b(?:document\w*|docs|runbooks?|process\w*|train\w*|communicat\w*|checklists?|review\w*|guidelines?"
            r"|polic(?:y|ies)|investigat\w*"
            r"|discuss\w*|playbooks?|procedures?|on-?call|rota|meeting|explore|research|consider|policy|write-?up"
            r"|onboard\w*)\b",
            re.I,
        ),
    ),
    (
        "mitigate",
        re.compile(
            r"\b(?:mitigat\w*|roll-?back\w*|failover|fail over|recover\w*|restor\w*|redundan\w*|fallback|backups?"
            r"|graceful\w*|circuit breaker)\b",
            re.I,
        ),
    ),
]
_NUMBERS = {"#", "No", "No.", "Nr", "Nr.", "ID", "id"}
_STATED_KINDS = {"prevent": "prevent", "prevention": "prevent", "preventive": "prevent", "preventative": "prevent",
                 "detect": "detect", "detection": "detect", "detective": "detect", "monitoring": "detect",
                 "mitigate": "mitigate", "mitigation": "mitigate", "mitigative": "mitigate", "response": "mitigate",
                 "process": "process", "documentation": "process", "investigate": "process",
                 "other": "process"}  # fmt: skip


@dataclass
class ActionReading:
    """The actions of one section, and the lines that are none, in order."""

    actions: list[ParsedAction] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read_actions(lines: list[Line], setting: Setting, group: str = "") -> ActionReading:
    """First-level items and rows as actions; `group` is the words of the heading above them, kept with each."""
    reading = ActionReading()
    for block in cut(lines):
        if block.table is not None:
            columns = _columns(block.table)
            if columns is None:
                reading.left += ["", *(line.text for line in block.lines), ""]
                continue
            _take_rows(block.table, columns, setting, group, reading)
        elif block.item is not None:
            _take_item(block, setting, group, reading)
        else:
            reading.left += ["", *(line.text for line in block.lines)]
    return reading


def _take_item(block: Block, setting: Setting, group: str, reading: ActionReading) -> None:
    lead = block.lead
    if not plain(lead).strip() or _EMPTY.fullmatch(plain(lead)):
        reading.left += [line.text for line in block.lines]
        return
    nested = block.nested()
    if nested and _is_group(lead, nested):
        name = plain(lead).strip(" :*_")
        for inner in nested:
            _take_item(inner, setting, " · ".join(part for part in (group, name) if part), reading)
        return
    reading.actions.append(_action(lead, block.rest, block.number, setting, group, whole=block.text))


def _is_group(lead: str, nested: list[Block]) -> bool:
    """Whether an item only names a group of actions: a label, and all that stands below it are items."""
    words = plain(lead)
    if len(words) > 60 or words.rstrip().endswith("."):
        return False
    marked = words.rstrip().endswith(":") or re.fullmatch(r"(\*\*|__)[^*_]+\1:?", lead.strip()) is not None
    return marked and len(nested) > 1


def _action(lead: str, rest: str, number: int, setting: Setting, group: str, *, whole: str = "") -> ParsedAction:
    done = False
    if (box := _BOX.match(lead)) is not None:
        done = box[2] is not None or box[1] in "xX"
        lead = lead[box.end() :]
    dropped = _STRUCK.fullmatch(lead.strip()) is not None and not done
    done = done or _DONE.search(lead) is not None
    title = plain(lead.replace("~~", "")).strip()
    whole = whole or lead
    url = _URL.search(whole)
    tracker = url[0].rstrip(".,;:!?") if url else ""
    title, details = _without_bare(title, tracker), rest
    if _loses_words(lead, title, tracker):
        details = f"{lead}\n\n{rest}".strip()
    if group:
        details = f"{group}\n\n{details}".strip()
    return ParsedAction(
        title=title or plain(lead),
        line=number,
        details=details,
        owner=_owner(lead),
        done=done,
        dropped=dropped,
        due=_due(plain(lead), setting),
        kind=_kind(f"{group} {title}" if group else title),
        tracker_url=tracker,
    )


def _without_bare(title: str, tracker: str) -> str:
    """The title without the tracker's address standing in it, when words remain."""
    if not tracker or tracker not in title:
        return title
    shorter = re.sub(r"\s*[<(\[]?\s*" + re.escape(tracker) + r"/?\s*[>)\]]?", "", title).strip(" :-–—,")
    return shorter if len(shorter) > 10 else title


def _loses_words(lead: str, title: str, tracker: str) -> bool:
    """Whether the plain title lacks an address that stands in the Markdown and nowhere else."""
    return (
        any(found.rstrip(".,;:!?") not in (tracker, *title.split()) for found in _URL.findall(lead))
        or ("](" in lead and not _URL.search(lead))
        or ("](" in lead and tracker == "")
    )


def _owner(lead: str) -> str:
    words = plain(lead)
    if (named := _OWNER.search(words)) is not None and not re.match(r"(?:tb[cda]|none|unknown|n/?a)\b", named[1], re.I):
        return named[1].strip(" .,;")
    handle = _HANDLE.search(words)
    return "@" + handle[1].rstrip(".") if handle else ""


def _due(words: str, setting: Setting) -> date | None:
    for match in _DUE.finditer(words[:1000]):
        moments = moments_in(words[match.end() : match.end() + 40], setting)
        if moments and moments[0].start == 0:
            return moments[0].day
    for segment in re.split(r"\s[-–—|]\s", words)[1:]:
        moments = moments_in(segment.strip(), setting)
        if moments and moments[0].start == 0 and moments[0].end == len(segment.strip()):
            return moments[0].day
    bracket = _AT_END.search(words)
    moments = moments_in(bracket[1], setting) if bracket else []
    return moments[0].day if bracket and moments and moments[0].end == len(bracket[1]) else None


def _kind(text: str) -> str:
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "prevent")


def _columns(table: Table) -> dict[str, int] | None:
    """Which column is which; None where the table holds no actions."""
    names = [bare(cell) for cell in table.header.cells]
    columns: dict[str, int] = {}
    for role, aliases in _COLUMNS.items():
        at = next((n for n, name in enumerate(names) if name in aliases and n not in columns.values()), None)
        if at is not None:
            columns[role] = at
    if "title" not in columns:
        left = [
            n
            for n in range(len(names))
            if n not in columns.values() and names[n] not in ("#", "id", "no", "priority", "")
        ]
        if not left or len(columns) < 1:
            return None
        columns["title"] = left[0]
    return columns


def _take_rows(table: Table, columns: dict[str, int], setting: Setting, group: str, reading: ActionReading) -> None:
    names = [plain(cell) for cell in table.header.cells]
    for row in table.rows:
        cells = [*row.cells, *[""] * (len(names) - len(row.cells))]
        lead = cells[columns["title"]]
        if not plain(lead) or _EMPTY.fullmatch(plain(lead)):
            if any(cell.strip() for cell in cells):
                reading.left.append(_as_line(row))
            continue
        reading.actions.append(_row_action(row, cells, names, columns, setting, group))


def _as_line(row: Row) -> str:
    return "- " + " · ".join(cell for cell in row.cells if cell.strip())


def _row_action(
    row: Row, cells: list[str], names: list[str], columns: dict[str, int], setting: Setting, group: str
) -> ParsedAction:
    def cell(role: str) -> str:
        return cells[columns[role]].strip() if role in columns else ""

    action = _action(cell("title"), "", row.line.number, setting, group)
    action.owner = plain(cell("owner")) or action.owner
    if _EMPTY.fullmatch(action.owner):
        action.owner = ""
    due = moments_in(plain(cell("due")), setting)
    action.due = due[0].day if due else action.due
    status = bare(cell("status"))
    action.done = (
        action.done
        or re.match(r"(?:done|completed?|closed|fixed|finished|yes|x$|resolved|merged|shipped)\b|✅|☑", status)
        is not None
        or re.search(r"✅|☑|✔|:white_check_mark:", cell("status")) is not None
    )
    action.kind = _STATED_KINDS.get(bare(cell("kind")), _kind(f"{cell('kind')} {action.title}"))
    if (url := _URL.search(" ".join(cells))) is not None and not action.tracker_url:
        action.tracker_url = url[0].rstrip(".,;:!?")
    shown = (
        {"title"}
        | ({"owner"} if action.owner and len(action.owner) <= 120 else set())
        | ({"due"} if due and len(cell("due")) < 24 else set())
    )
    rest = [
        f"{name or '·'}: {value}"
        for n, (name, value) in enumerate(zip(names, cells, strict=False))
        if value.strip()
        and n not in {columns[role] for role in shown if role in columns}
        and value.strip() != action.tracker_url
    ]
    action.details = "\n\n".join(part for part in (action.details, "  \n".join(rest)) if part)
    return action
