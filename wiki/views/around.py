"""What stands around a published review: the ones before and after it, and who has read it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import PersonRequest, signed_in
from incidents.models import Incident
from wiki.beside import earlier_and_later
from wiki.models import SearchEntry
from wiki.published import find_published
from wiki.reach import discussed_by_outsiders
from wiki.readers import readers_of


@signed_in
@require_safe
def around(request: PersonRequest, number: int) -> HttpResponse:
    """A page of its own, or the part of it that htmx puts at the foot of the review. Up to fifteen queries."""
    published = find_published(request.user, number)
    if published is None:
        raise Http404
    earlier, later = earlier_and_later(request.user, published.review)
    entry = SearchEntry.objects.filter(pk=published.review).values_list("title", flat=True).first()
    title = entry or f"Review {number}"
    context = {
        "number": number,
        "title": title,
        "address": Incident(number=number, title=title).get_absolute_url(),
        "earlier": earlier,
        "later": later,
        "readers": readers_of(published.review),
        "discussed": discussed_by_outsiders(published.review),
    }
    return render(request, "wiki/around_parts.html" if request.htmx else "wiki/around.html", context)
