"""How the checker works: every rule with its page, and what administrators change about them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from reviews.checker.pages import parts_of
from reviews.checker.rulebook import Rule, rulebook
from reviews.checker.ruling import change_rules, may_change_rules, remove_word, save_word
from reviews.models import CustomWord, Severity
from reviews.rule_forms import RulesForm, WordForm
from reviews.views.editor import UNPROCESSABLE, show_problem

_SAID = dict(Severity.choices)
GROUPS = {
    "language": "Language",
    "analysis": "Five whys and factors",
    "actions": "Action items",
    "timeline": "Timeline",
    "summary": "Summary",
}


@signed_in
@require_safe
def rules(request: PersonRequest) -> HttpResponse:
    """All rules by group."""
    return render(request, "reviews/rules.html", {"groups": _grouped(), "may_change": may_change_rules(request.user)})


@signed_in
@require_safe
def rule(request: PersonRequest, code: str) -> HttpResponse:
    """The page about one rule."""
    found = rulebook().rules.get(code)
    if found is None:
        raise Http404
    context = {"rule": found, "severity": _SAID[found.severity], "group": GROUPS[found.group], "parts": parts_of(code)}
    return render(request, "reviews/rule.html", context)


def administrators(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For everybody else the page does not exist."""

    @wraps(view)
    def guarded(request: PersonRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not may_change_rules(request.user):
            raise Http404
        return view(request, *arguments, **named)

    return signed_in(guarded)


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: PersonRequest) -> HttpResponse:
    """How each rule holds here, and the organisation's own words."""
    posted = request.POST if request.method == "POST" else None
    form = RulesForm(posted, rules=rulebook(), auto_id="rule-%s")
    if form.is_valid():
        changed = change_rules(request.user, form.ruled())
        said = f"{changed} rule{'' if changed == 1 else 's'} changed." if changed else "Nothing was changed."
        messages.success(request, said)
        return redirect("rule-settings")
    return _settings(request, form=form)


@administrators
@require_POST
def add_word(request: PersonRequest) -> HttpResponse:
    """Words that a rule finds here, or that none shall find."""
    return _save_word(request, None, WordForm(request.POST, auto_id="word-%s"))


@administrators
@require_http_methods(["GET", "HEAD", "POST"])
def word(request: PersonRequest, word: int) -> HttpResponse:
    """Change words of the list."""
    stored = get_object_or_404(CustomWord, pk=word)
    form = WordForm(request.POST if request.method == "POST" else None, word=stored, auto_id="word-%s")
    return _save_word(request, stored, form)


@administrators
@require_POST
def word_remove(request: PersonRequest, word: int) -> HttpResponse:
    """Take words out of the list."""
    messages.success(request, f"“{remove_word(request.user, word)}” is no longer in the list.")
    return redirect("rule-settings")


def _save_word(request: PersonRequest, stored: CustomWord | None, form: WordForm) -> HttpResponse:
    if form.is_valid():
        try:
            saved = save_word(request.user, stored, **form.cleaned_data)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            messages.success(request, f"“{saved}” is saved.")
            return redirect("rule-settings")
    return _settings(request, word=stored, word_form=form)


def _settings(
    request: PersonRequest,
    *,
    form: RulesForm | None = None,
    word: CustomWord | None = None,
    word_form: WordForm | None = None,
) -> HttpResponse:
    titles = {code: rule.title for code, rule in rulebook().rules.items()}
    form = form or RulesForm(rules=rulebook(), auto_id="rule-%s")
    context = {
        "form": form,
        "groups": [(GROUPS[group], rows) for group, rows in form.groups()],
        "words": [(one, titles.get(one.code, one.code)) for one in CustomWord.objects.all()],
        "word": word,
        "word_form": word_form or WordForm(auto_id="word-%s"),
    }
    is_refused = any(one is not None and one.is_bound for one in (form, word_form))
    return render(request, "reviews/rule_settings.html", context, status=UNPROCESSABLE if is_refused else 200)


def _grouped() -> list[tuple[str, list[tuple[Rule, str]]]]:
    held = rulebook().rules.values()
    return [
        (title, [(one, _SAID[one.severity]) for one in held if one.group == group]) for group, title in GROUPS.items()
    ]
