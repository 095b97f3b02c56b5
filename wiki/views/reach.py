"""Learning reach: how far reviews were read outside their teams, and what is kept about readers."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import PersonRequest, signed_in
from core.search_dates import SearchDateProblem, quarter_of, read_quarter
from wiki.reach import quarters_beside, reach_of
from wiki.readers import be_quiet, forget_readings, is_quiet, may_decide_about_names, name_readers, names_readers


@signed_in
@require_safe
def reach(request: PersonRequest) -> HttpResponse:
    """The quarter of ?quarter=2026-Q3, else the present one."""
    today = timezone.localdate()
    asked, problem = request.GET.get("quarter", "").strip(), ""
    try:
        quarter, days = read_quarter(asked or quarter_of(today))
    except SearchDateProblem as refused:
        problem = f"{refused} This is the present quarter."
        quarter, days = read_quarter(quarter_of(today))
    before, after = quarters_beside(days, today)
    context = {
        "quarter": quarter,
        "problem": problem,
        "before": before,
        "after": after,
        "reach": reach_of(request.user, days),
        "is_quiet": is_quiet(request.user),
        "names_readers": names_readers(),
        "may_decide": may_decide_about_names(request.user),
    }
    return render(request, "wiki/reach.html", context)


@signed_in
@require_POST
def naming(request: PersonRequest) -> HttpResponse:
    """Whether readers are named here; for administrators."""
    named = request.POST.get("readers") == "named"
    try:
        name_readers(request.user, named=named)
    except PermissionDenied:
        raise Http404 from None
    messages.success(request, "Readers are named." if named else "Readers are counted, and no longer named.")
    return redirect("reach")


@signed_in
@require_POST
def my_name(request: PersonRequest) -> HttpResponse:
    """Whether the reader is named among those who have read something."""
    quiet = request.POST.get("name") == "quiet"
    be_quiet(request.user, quiet=quiet)
    messages.success(request, "You are counted, and not named." if quiet else "You are named where you have read.")
    return redirect("reach")


@signed_in
@require_POST
def forget(request: PersonRequest) -> HttpResponse:
    """Removes what the reader has read; all of it is unread again."""
    many = forget_readings(request.user)
    messages.success(request, f"Forgotten: that you have read {many} review{'' if many == 1 else 's'}.")
    return redirect("reach")
