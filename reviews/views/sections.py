"""Saving a prose section."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from reviews.forms import SectionForm
from reviews.models import Review, SectionKind
from reviews.operations import StaleEdit, save_section
from reviews.views.editor import UNPROCESSABLE, editable, saved, show, show_problem
from reviews.views.parts.opened import Conflict, Opened
from reviews.word_diff import word_changes

CONFLICT = 409


@signed_in
@require_POST
def save(request: PersonRequest, number: int, section: str) -> HttpResponse:
    """Saves the text. 409 with both texts where somebody else saved in between."""
    review = editable(request, number)
    if section not in SectionKind.values:
        raise Http404
    form = SectionForm(request.POST, auto_id=f"{section}-%s")
    if form.is_valid():
        try:
            save_section(request.user, review, section, form.cleaned_data["text"], form.cleaned_data["revision"])
        except StaleEdit as stale:
            return _both_texts(request, review, section, stale)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            return saved(request, review, section, focus=f"{section}-edit")
    return show(request, review, Opened(section, form=form), status=UNPROCESSABLE)


def _both_texts(request: PersonRequest, review: Review, section: str, stale: StaleEdit) -> HttpResponse:
    """The page with their text, what the typed one changes in it, and the typed one ready to be saved after a look."""
    stored = stale.section
    theirs = stored.text.replace("\r\n", "\n")
    typed = stale.typed.replace("\r\n", "\n")
    conflict = Conflict(
        theirs=theirs,
        by=str(stored.updated_by or "Somebody"),
        is_own=stored.updated_by_id == request.user.pk,
        at=stored.updated_at,
        changes=word_changes(theirs, typed),
    )
    form = SectionForm(initial={"text": stale.typed, "revision": stored.revision}, auto_id=f"{section}-%s")
    return show(request, review, Opened(section, form=form, conflict=conflict), status=CONFLICT)
