"""Forms about templates: choosing one, and the organisation's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from incidents.forms import NewIncidentForm
from reviews.models import ReviewTemplate, SectionKind
from reviews.wording import Wording, offered_templates, wording_by


@dataclass(frozen=True)
class TemplateChoice:
    """A template as a row of radio buttons shows it."""

    template: ReviewTemplate
    wording: Wording
    is_chosen: bool


class TemplateField(forms.ModelChoiceField):
    """One of the templates that are offered; none where there are none."""

    def __init__(self, **more: Any) -> None:
        messages = {"invalid_choice": "This template is no longer offered. Choose another one."}
        super().__init__(ReviewTemplate.objects.filter(is_offered=True), error_messages=messages, **more)


class ChooseTemplateForm(forms.Form):
    """How a review is written."""

    template = TemplateField(label="Template", required=False)

    def __init__(self, typed: Any = None, *, present: ReviewTemplate | None = None, **more: Any) -> None:
        super().__init__(typed, **more)
        self._offered = offered_templates()
        if present is not None and present not in self._offered:
            self._offered.insert(0, present)
            field = cast(TemplateField, self.fields["template"])
            field.queryset = ReviewTemplate.objects.filter(pk__in=[one.pk for one in self._offered])
        self._chosen = present or next((one for one in self._offered if one.is_default), None)

    def clean_template(self) -> ReviewTemplate | None:
        """The one chosen; where nothing was, the default."""
        chosen: ReviewTemplate | None = self.cleaned_data["template"] or self._chosen
        return chosen

    def template_choices(self) -> Iterator[TemplateChoice]:
        """The rows to choose from."""
        wanted = self["template"].data if self.is_bound else None
        fallback = str(self._chosen.pk) if self._chosen else ""
        for one in self._offered:
            yield TemplateChoice(one, wording_by(one), str(one.pk) == (wanted or fallback))


class NewReviewForm(ChooseTemplateForm, NewIncidentForm):
    """A new incident, and how its review is written."""

    def operation_values(self) -> dict[str, Any]:
        """What `start_review` takes."""
        return {**super().operation_values(), "template": self.cleaned_data["template"]}


class TemplateForm(forms.Form):
    """A template of the organisation's own: its name, and what it says about each section."""

    name = forms.CharField(label="Name", error_messages={"required": "Give the template a name."})
    about = forms.CharField(
        label="About", required=False, help_text="One line that helps to choose it when a review begins."
    )

    def __init__(self, typed: Any = None, *, template: ReviewTemplate, **more: Any) -> None:
        said = {one.kind: one for one in template.sections.all()}
        initial: dict[str, Any] = {"name": template.name, "about": template.about}
        for kind, one in said.items():
            initial |= {f"{kind}-title": one.title, f"{kind}-prompt": one.prompt, f"{kind}-starter": one.starter}
        initial |= {f"{kind}-expected": kind in said for kind in SectionKind.values}
        super().__init__(typed, initial=initial, **more)
        for kind, usual in wording_by(None).items():
            self.fields[f"{kind}-expected"] = forms.BooleanField(
                label=f"Reviews of this kind have “{usual.title}”", required=False
            )
            self.fields[f"{kind}-title"] = forms.CharField(
                label="Title", required=False, widget=forms.TextInput(attrs={"placeholder": usual.title})
            )
            self.fields[f"{kind}-prompt"] = forms.CharField(
                label="Prompt", required=False, widget=forms.TextInput(attrs={"placeholder": usual.prompt})
            )
            self.fields[f"{kind}-starter"] = forms.CharField(
                label="Begins with",
                required=False,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="Markdown, such as headings. Headings below which nothing is written are not published.",
            )

    def section_fields(self) -> Iterator[tuple[str, dict[str, forms.BoundField]]]:
        """Each section's usual title and its fields."""
        for kind in SectionKind:
            names = ("expected", "title", "prompt", "starter")
            yield str(kind.label), {name: self[f"{kind.value}-{name}"] for name in names}

    def operation_values(self) -> dict[str, Any]:
        """What `change_template` takes."""
        values = self.cleaned_data
        sections = [
            {"kind": str(kind), **{name: values[f"{kind}-{name}"] for name in ("title", "prompt", "starter")}}
            for kind in SectionKind.values
            if values[f"{kind}-expected"]
        ]
        return {"name": values["name"], "about": values["about"], "sections": sections}
