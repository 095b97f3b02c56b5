"""The form that sets up a tracker."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError

from core.text import one_line
from integrations.models import TrackerConnection, TrackerKind
from integrations.trackers.addresses import checked_base

MOST_PROJECTS = 200
_OWN_FIELDS = {
    TrackerKind.GITHUB: ["in_progress_label"],
    TrackerKind.GITLAB: ["in_progress_label", "wont_do_label"],
    TrackerKind.JIRA: ["account", "issue_type"],
    TrackerKind.LINEAR: [],
}
_BASES = {TrackerKind.GITHUB: "https://github.com", TrackerKind.GITLAB: "https://gitlab.com"}
_BASE_HELP = {
    TrackerKind.GITHUB: "https://github.com, or that of your GitHub Enterprise Server.",
    TrackerKind.GITLAB: "https://gitlab.com, or that of your own GitLab.",
    TrackerKind.JIRA: "Such as https://acme.atlassian.net.",
    TrackerKind.LINEAR: "With the name of your workspace: https://linear.app/acme.",
}
_SEGMENT = "[A-Za-z0-9_.][A-Za-z0-9_.-]*"
_PROJECT = {
    TrackerKind.GITHUB: re.compile(r"[A-Za-z0-9-]{1,39}/(?:[A-Za-z0-9._-]{1,100}|\*)"),
    TrackerKind.GITLAB: re.compile(rf"(?:{_SEGMENT}/)+(?:{_SEGMENT}|\*)"),
    TrackerKind.JIRA: re.compile(r"[A-Z][A-Z0-9_]{1,19}"),
    TrackerKind.LINEAR: re.compile(r"[A-Z][A-Z0-9]{0,9}"),
}
_PROJECT_LABEL = {
    TrackerKind.GITHUB: "Repositories",
    TrackerKind.GITLAB: "Projects",
    TrackerKind.JIRA: "Projects",
    TrackerKind.LINEAR: "Teams",
}
_PROJECT_HELP = {
    TrackerKind.GITHUB: "One a line: acme/payments, or acme/* for all of them.",
    TrackerKind.GITLAB: "One a line: acme/web/shop, or acme/* for all in a group.",
    TrackerKind.JIRA: "The key of each, one a line: OPS.",
    TrackerKind.LINEAR: "The key of each, one a line: ENG.",
}


class ConnectionForm(forms.Form):
    """A tracker of one kind; `connection` is the one to change, None for a new one."""

    name = forms.CharField(
        label="Name",
        max_length=60,
        help_text="What people here call it.",
        error_messages={"required": "Write what people here call it."},
    )
    code = forms.SlugField(
        label="Code",
        max_length=30,
        help_text="Small letters, digits and hyphens. It names the variables that hold token and secret, and stays.",
        error_messages={"required": "Write a code.", "invalid": "Only letters, digits and hyphens, please."},
    )
    base = forms.CharField(
        label="Address", max_length=300, error_messages={"required": "Write the address that people open."}
    )
    account = forms.CharField(
        label="Account",
        max_length=200,
        required=False,
        help_text="Jira Cloud: the mail address of whose API token it is. Empty for Data Center with a personal token.",
    )
    projects = forms.CharField(
        label="Projects",
        widget=forms.Textarea,
        max_length=10_000,
        error_messages={"required": "Name at least one."},
    )
    issue_type = forms.CharField(
        label="Type of new issues", max_length=60, required=False, help_text="“Task” where nothing is written."
    )
    in_progress_label = forms.CharField(
        label="Label for “in progress”",
        max_length=100,
        required=False,
        help_text="Empty: an item in progress is simply open there.",
    )
    wont_do_label = forms.CharField(
        label="Label for “won't do”",
        max_length=100,
        required=False,
        help_text="Empty: what won't be done is simply closed there.",
    )
    is_on = forms.BooleanField(label="Keep items and issues in step", required=False, initial=True)

    def __init__(
        self, typed: Any = None, *, kind: TrackerKind, connection: TrackerConnection | None = None, **more: Any
    ) -> None:
        initial = {name: getattr(connection, name) for name in self.base_fields} if connection else _usual(kind)
        super().__init__(typed, initial=initial, **more)
        self._kind, self._connection = kind, connection
        own = _OWN_FIELDS[kind]
        for name in ("account", "issue_type", "in_progress_label", "wont_do_label"):
            if name not in own:
                del self.fields[name]
        if connection is not None:
            del self.fields["code"]
        self.fields["base"].help_text = _BASE_HELP[kind]
        self.fields["projects"].label = _PROJECT_LABEL[kind]
        more_help = " The first one is where new issues go. Issues of others are not touched."
        self.fields["projects"].help_text = _PROJECT_HELP[kind] + more_help

    def clean_name(self) -> str:
        """In one line."""
        return one_line(self.cleaned_data["name"])

    def clean_code(self) -> str:
        """Free, and fit for the name of a variable."""
        code = self.cleaned_data["code"]
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code):
            raise ValidationError("Begin with a small letter; then small letters, digits, and hyphens between them.")
        if TrackerConnection.objects.filter(code=code).exists():
            raise ValidationError("Another tracker has this code. Choose another one.")
        return code

    def clean_base(self) -> str:
        """An address that a token may travel to."""
        base = checked_base(self.cleaned_data["base"])
        parts = urlsplit(base)
        if self._kind == TrackerKind.LINEAR and not re.fullmatch(r"/[A-Za-z0-9-]+", parts.path):
            raise ValidationError("Add the name of your workspace: https://linear.app/acme.")
        if parts.hostname in ("api.github.com", "api.linear.app"):
            raise ValidationError("This is the address for programs. Write the one that people open.")
        return base

    def clean_account(self) -> str:
        """As it is sent: in one line."""
        return one_line(self.cleaned_data["account"])

    def clean_projects(self) -> str:
        """One a line, each once."""
        lines = [one_line(line).strip("/") for line in self.cleaned_data["projects"].splitlines()]
        if self._kind in (TrackerKind.JIRA, TrackerKind.LINEAR):
            lines = [line.upper() for line in lines]
        lines = list(dict.fromkeys(line for line in lines if line))
        wrong = [line for line in lines if not _PROJECT[self._kind].fullmatch(line) or len(line) > 300]
        if wrong:
            raise ValidationError(f"“{wrong[0][:80]}” cannot be read. {_PROJECT_HELP[self._kind]}")
        if not lines:
            raise ValidationError("Name at least one.")
        if len(lines) > MOST_PROJECTS:
            raise ValidationError(f"At most {MOST_PROJECTS} fit. Name a group instead, such as acme/*.")
        return "\n".join(lines)


def _usual(kind: TrackerKind) -> dict[str, Any]:
    taken = TrackerConnection.objects.filter(code=kind.value).exists()
    return {"name": kind.label, "code": "" if taken else kind.value, "base": _BASES.get(kind, ""), "is_on": True}
