"""What somebody is reminded of, and the link in a mail that ends it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import Person
from accounts.requests import PersonRequest, signed_in
from catalog.models import Team
from core.text import one_line
from followup.models import Outgoing, Rhythm
from followup.reminders.audience import teams_led_by
from followup.reminders.forms import PreferenceForm, TeamForm
from followup.reminders.preferences import (
    channels_set_up,
    may_set_team,
    preference_of,
    reminders_of_team,
    set_preference,
    set_team_reminders,
    stop_reminders,
)
from followup.reminders.stopping import whom_it_stops
from incidents.forms import zones_offered

MOST_LATELY = 10
UNPROCESSABLE = 422


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: PersonRequest) -> HttpResponse:
    """The choice of one person, and what they were sent lately."""
    person = request.user
    channels = channels_set_up()
    form = PreferenceForm(
        request.POST if request.method == "POST" else None,
        kept=preference_of(person),
        time_zone=person.time_zone,
        channels=channels,
        auto_id="reminders-%s",
    )
    if form.is_valid():
        try:
            set_preference(person, **form.chosen())
        except ValidationError as problem:
            form.add_error(None, problem.messages[0])
        else:
            messages.success(request, "Your reminders are as you chose.")
            return redirect("reminders")
    context = {"form": form, "channels": channels, "zones": zones_offered(person.time_zone)}
    context |= {"lately": _lately(person), "teams": teams_led_by(person)}
    return render(request, "followup/reminders.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def team_reminders(request: PersonRequest, slug: str) -> HttpResponse:
    """The choice for a team, by those who lead it; for everybody else there is no such page."""
    team = get_object_or_404(Team, slug=slug)
    if not may_set_team(request.user, team):
        raise Http404
    kept = reminders_of_team(team)
    if kept._state.adding:
        kept.time_zone = request.user.time_zone
    form = TeamForm(request.POST if request.method == "POST" else None, kept=kept, auto_id="team-%s")
    if form.is_valid():
        try:
            set_team_reminders(request.user, team, **form.chosen())
        except ValidationError as problem:
            _show(form, problem)
        else:
            messages.success(request, f"The reminders of {team} are as you chose.")
            return redirect("team-reminders", slug=team.slug)
    context = {"form": form, "team": team, "kept": kept, "zones": zones_offered(kept.time_zone)}
    return render(request, "followup/team_reminders.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@csrf_exempt  # the token is the proof, and mail programs send nothing else
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the mails of whoever the token names, without signing in. Looking ends nothing: programs follow links too.

    RFC 8058: a mail program posts `List-Unsubscribe=One-Click`.
    """
    found = whom_it_stops(one_line(token))
    if found is None:
        raise Http404
    person, channel = found
    context: dict[str, Any] = {"channel": channel, "token": token}
    if request.method == "POST":
        rhythm = Rhythm.WEEKLY if request.POST.get("instead") == "weekly" else Rhythm.NONE
        stop_reminders(person, channel, rhythm)
        context["stopped"] = rhythm
    elif getattr(preference_of(person), channel) == Rhythm.NONE:
        context["stopped"] = Rhythm.NONE
    return render(request, "followup/stop_reminders.html", context)


def _lately(person: Person) -> list[Outgoing]:
    sent = Outgoing.objects.filter(person=person).annotate(items=Count("reminders"))
    return list(sent.order_by("-pk")[:MOST_LATELY])


def _show(form: TeamForm, problem: ValidationError) -> None:
    for field, said in problem.message_dict.items():
        form.add_error(field if field in form.fields else None, said)
