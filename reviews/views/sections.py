"""Saving a prose section."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from core.text import storable
from reviews.forms import SectionForm
from reviews.merging import merged
from reviews.models import SectionKind
from reviews.operations import StaleEdit, save_section
from reviews.views.editor import UNPROCESSABLE, editable, saved, show, show_problem
from reviews.views.parts.opened import Conflict, Opened
from reviews.views.parts.prose import MOST_CARRIED

CONFLICT = 409


@signed_in
@require_POST
def save(request: PersonRequest, number: int, section: str) -> HttpResponse:
    """Saves the text. 409 with both texts and their merge where somebody else saved in between."""
    review = editable(request, number)
    if section not in SectionKind.values:
        raise Http404
    form = SectionForm(_chosen(request), auto_id=f"{section}-%s")
    if form.is_valid():
        try:
            save_section(request.user, review, section, form.cleaned_data["text"], form.cleaned_data["revision"])
        except StaleEdit as stale:
            opened = _both_texts(request, section, stale)
            return show(request, review, opened, status=CONFLICT)
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            return saved(request, review, section, focus=f"{section}-edit")
    opened = Opened(section, form=form, base=request.POST.get("base"))
    return show(request, review, opened, status=UNPROCESSABLE)


def _chosen(request: PersonRequest) -> QueryDict:
    """What was posted; after a conflict, with the person's own text where they keep that instead of the merge."""
    posted = request.POST.copy()
    if posted.get("keep") == "mine" and "mine" in posted:
        posted["text"] = str(posted["mine"])
    return posted


def _both_texts(request: PersonRequest, section: str, stale: StaleEdit) -> Opened:
    """The section opened with their text and the typed one, and both together ready to be saved after a look."""
    stored = stale.section
    theirs, mine = (text.replace("\r\n", "\n") for text in (stored.text, stale.typed))
    together = None
    if max(len(theirs), len(mine)) <= MOST_CARRIED:
        base = request.POST.get("base")
        together = merged(base if base is None else storable(base), storable(theirs), storable(mine))
    conflict = Conflict(
        theirs=theirs,
        mine=mine,
        by=str(stored.updated_by or "Somebody"),
        is_own=stored.updated_by_id == request.user.pk,
        at=stored.updated_at,
        is_merged=together is not None,
        clashes=together.clashes if together else 0,
    )
    text = together.text if together else stale.typed
    form = SectionForm(initial={"text": text, "revision": stored.revision}, auto_id=f"{section}-%s")
    return Opened(section, form=form, conflict=conflict, base=theirs)
