"""The names that "@" offers while one writes: people and services."""

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from accounts.access import told_condition
from accounts.models import Person
from accounts.requests import PersonRequest, signed_in
from catalog.models import Service
from core.text import storable
from incidents.models import Incident
from reviews.views.comments import commentable
from reviews.views.editor import editable

MOST_PEOPLE = 8
MOST_SERVICES = 6
LONGEST = 60


@signed_in
@require_safe
def names(request: PersonRequest, number: int) -> HttpResponse:
    """JSON {"people": [{"username", "name"}], "services": [{"name", "url"}]} for the beginning `q` of a name; those
    who take part, and the services of the incident, come first. With `for=comment`, those whom a comment can tell.
    """
    begun = storable(request.GET.get("q", ""))[:LONGEST].strip()
    if request.GET.get("for") == "comment":
        incident = commentable(request, number).incident
        told = _people(incident, begun, told_condition(incident))
        return JsonResponse({"people": [_named(person) for person in told], "services": []})
    incident = editable(request, number).incident
    people = _people(incident, begun)
    services = _services(incident, begun)
    return JsonResponse(
        {
            "people": [_named(person) for person in people],
            "services": [{"name": service.name, "url": service.get_absolute_url()} for service in services],
        }
    )


def _named(person: Person) -> dict[str, str]:
    return {"username": person.username, "name": str(person)}


def _people(incident: Incident, begun: str, among: Q | None = None) -> list[Person]:
    called = Q(username__istartswith=begun) | Q(name__istartswith=begun) | Q(name__icontains=f" {begun}")
    taking_part = Exists(incident.participants.filter(person=OuterRef("pk")))
    found = Person.objects.filter(called, among or Q(), is_active=True)
    return list(found.order_by(_first(taking_part), "name", "username")[:MOST_PEOPLE])


def _services(incident: Incident, begun: str) -> list[Service]:
    called = Q(name__istartswith=begun) | Q(name__icontains=f" {begun}") | Q(aliases__name__istartswith=begun)
    named = Exists(incident.services.filter(pk=OuterRef("pk")))
    found = Service.objects.filter(pk__in=Service.objects.filter(called).values("pk"))
    return list(found.order_by(_first(named), "name")[:MOST_SERVICES])


def _first(condition: Exists) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1), output_field=IntegerField())
