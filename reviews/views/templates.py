"""Choosing a template for a review, and the administrators' page of templates."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from core.text import whole_number
from reviews.models import ReviewTemplate
from reviews.operations import use_template
from reviews.template_forms import ChooseTemplateForm, TemplateForm
from reviews.templates import (
    change_template,
    create_template,
    delete_template,
    make_default,
    may_manage_templates,
    move_template,
    offer_template,
)
from reviews.views.editor import UNPROCESSABLE, editable, show_problem
from reviews.wording import wording_by


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: PersonRequest, number: int) -> HttpResponse:
    """Another template for a review that has begun: its titles and prompts change, what is written stays."""
    review = editable(request, number)
    posted = request.POST if request.method == "POST" else None
    form = ChooseTemplateForm(posted, present=review.template, auto_id="template-%s")
    if form.is_valid():
        template = form.cleaned_data["template"]
        use_template(request.user, review, template)
        messages.success(request, f"This review uses the template “{template}”.")
        return redirect(review.incident.get_edit_url())
    context = {"review": review, "incident": review.incident, "form": form}
    return render(request, "reviews/choose_template.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def administrators(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: PersonRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not may_manage_templates(request.user):
            raise Http404
        return view(request, *arguments, **named)

    return signed_in(guarded)


@administrators
@require_safe
def templates(request: PersonRequest) -> HttpResponse:
    """All templates in the order in which they are offered."""
    listed = ReviewTemplate.objects.annotate(used=Count("reviews")).order_by("position", "pk")
    listed = listed.prefetch_related("sections")
    rows = [{"template": one, "wording": wording_by(one)} for one in listed]
    return render(request, "reviews/templates.html", {"rows": rows})


@administrators
@require_POST
def add(request: PersonRequest) -> HttpResponse:
    """A copy of another one, or a blank one, opened for editing."""
    source = request.POST.get("source", "")
    copied = ReviewTemplate.objects.filter(pk=whole_number(source) or 0).first()
    template = create_template(request.user, source=copied, name="" if copied else "New template")
    return redirect("template", template.pk)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: PersonRequest, template: int) -> HttpResponse:
    """One template; those that came with Debrief can only be read and copied."""
    shown = get_object_or_404(ReviewTemplate.objects.prefetch_related("sections"), pk=template)
    posted = request.POST if request.method == "POST" else None
    form = TemplateForm(posted, template=shown, auto_id="template-%s")
    if form.is_valid():
        try:
            changed = change_template(request.user, shown.pk, **form.operation_values())
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            messages.success(request, f"“{changed}” is saved.")
            return redirect("templates")
    context = {"template": shown, "form": form, "wording": wording_by(shown), "used": shown.reviews.count()}
    return render(request, "reviews/template.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@administrators
@require_POST
def act(request: PersonRequest, template: int) -> HttpResponse:
    """Offer, withhold, make the default, move or delete."""
    wanted = request.POST.get("do", "")
    try:
        said = _DOINGS[wanted](request.user, template) if wanted in _DOINGS else ""
    except ValidationError as problem:
        messages.error(request, " ".join(problem.messages))
    else:
        if said:
            messages.success(request, said)
    return redirect("templates")


_DOINGS: dict[str, Callable[[Any, int], str]] = {
    "offer": lambda person, pk: f"“{offer_template(person, pk, True)}” is offered.",
    "withhold": lambda person, pk: f"“{offer_template(person, pk, False)}” is no longer offered.",
    "default": lambda person, pk: f"Reviews begin with “{make_default(person, pk)}”.",
    "up": lambda person, pk: f"“{move_template(person, pk, 'up')}” moved up.",
    "down": lambda person, pk: f"“{move_template(person, pk, 'down')}” moved down.",
    "delete": lambda person, pk: f"“{delete_template(person, pk)}” is deleted.",
}
