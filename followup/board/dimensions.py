"""By what the board groups its items: for each dimension the SQL of an item's key, and how groups are shown."""

from dataclasses import dataclass, field

from actions.models import ActionStatus
from followup.board.matching import UNFINISHED_SQL
from incidents.models import Severity

NOBODY = "none"
ASK = "?"
ROLE = "role"  # owners that their reader knows by role only


@dataclass(frozen=True)
class Dimension:
    """`key` is the SQL of an item's group, a text. Groups with `labels` are few and always all there, as columns.

    `joined` adds tables; an item may then stand in several groups. `sets` is the field that moving an item to another
    group changes, empty where that says nothing.
    """

    name: str
    label: str
    key: str
    labels: dict[str, str] = field(default_factory=dict)
    joined: str = ""
    sets: str = ""

    def value_of(self, key: str, owner_name: str) -> str:
        """What an item is given, as a form has it, that moves to the group of this key; `ASK` for a day to be told."""
        match self.sets:
            case "owner":
                return "nobody" if key == NOBODY else owner_name
            case "due":
                return {"none": "none", "finished": ""}.get(key, ASK)
        return key if self.sets else ""

    @property
    def has_columns(self) -> bool:
        """Whether groups stand beside each other, rather than below."""
        return bool(self.labels)


STATUS = Dimension(
    "status", "Status", "actions_actionitem.status", {value: str(label) for value, label in ActionStatus.choices},
    sets="status",
)  # fmt: skip
DUE = Dimension(
    "due",
    "Due",
    f"""CASE WHEN NOT {UNFINISHED_SQL} THEN 'finished'
        WHEN actions_actionitem.due IS NULL THEN 'none'
        WHEN actions_actionitem.due < %(today)s THEN 'overdue'
        WHEN actions_actionitem.due <= %(sunday)s THEN 'week' ELSE 'later' END""",
    {"overdue": "Overdue", "week": "This week", "later": "Later", "none": "No date", "finished": "Finished"},
    sets="due",
)
SEVERITY = Dimension(
    "severity",
    "Severity",
    "COALESCE(NULLIF(incidents_incident.severity, ''), 'none')",
    {**{value: str(label) for value, label in Severity.choices}, "none": "No severity"},
)
OWNER = Dimension(
    "owner",
    "Owner",
    f"""CASE WHEN actions_actionitem.owner_id IS NULL THEN '{NOBODY}'
        WHEN {{owner_told}} THEN actions_actionitem.owner_id::text ELSE '{ROLE}' END""",
    sets="owner",
)
TEAM = Dimension("team", "Team", f"COALESCE(actions_actionitem.team_id::text, '{NOBODY}')", sets="team")
FACTOR = Dimension(
    "factor",
    "Factor",
    f"CASE WHEN factor.id IS NULL THEN '{NOBODY}' ELSE COALESCE(factor.cause_id::text, 'other') END",
    joined="""LEFT JOIN reviews_factor_actions AS removal ON removal.actionitem_id = actions_actionitem.id
        LEFT JOIN reviews_factor AS factor ON factor.id = removal.factor_id""",
)
DIMENSIONS = {one.name: one for one in (STATUS, OWNER, TEAM, DUE, FACTOR, SEVERITY)}
