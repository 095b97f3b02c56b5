"""What is said about a review while it is written."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.requests import PersonRequest, signed_in
from incidents.models import Deletion
from reviews.comment_forms import CommentForm, ThreadForm
from reviews.commented import place_in, places_of
from reviews.commenting import (
    Said,
    change_comment,
    delete_comment,
    reopen,
    reply,
    resolve,
    start_thread,
    undo_delete_comment,
)
from reviews.models import Comment, Review, Thread
from reviews.queries import draft_for
from reviews.views.editor import UNPROCESSABLE, show_comments, show_problem
from reviews.views.parts.comments import Speaking, may_comment, speaking_about, speaking_again


def commentable(request: PersonRequest, number: int) -> Review:
    """The review to comment on. Http404 where they may not see it, PermissionDenied where they take no part."""
    review = draft_for(request.user, number)
    if not may_comment(request.user, review):
        raise PermissionDenied
    return review


@signed_in
@require_POST
def start(request: PersonRequest, number: int) -> HttpResponse:
    """A new thread about a place, or about some words there."""
    review = commentable(request, number)
    place = place_in(review, request.POST.get("place", "").replace("\x00", ""))
    if place is None:
        raise Http404
    form = ThreadForm(request.POST, auto_id=f"comment-on-{place.name}-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            said = start_thread(
                request.user, review, place.key, given["text"], quote=given["quote"], before=given["before"]
            )
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            return _said(request, review, place.part, said)
    return show_comments(request, review, speaking_about(place, form), status=UNPROCESSABLE)


@signed_in
@require_POST
def answer(request: PersonRequest, number: int, thread: int) -> HttpResponse:
    """A reply."""
    review = commentable(request, number)
    stored = get_object_or_404(review.threads, pk=thread)
    form = CommentForm(request.POST, auto_id=f"reply-{stored.pk}-%s")
    if form.is_valid():
        try:
            said = reply(request.user, stored.pk, form.cleaned_data["text"])
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            return _said(request, review, part_of(review, stored), said)
    refused = Speaking(part_of(review, stored), thread=stored.pk, form=form)
    return show_comments(request, review, refused, status=UNPROCESSABLE)


@signed_in
@require_POST
def settle(request: PersonRequest, number: int, thread: int) -> HttpResponse:
    """Resolves a thread, or opens it again (`open`)."""
    review = commentable(request, number)
    stored = get_object_or_404(review.threads, pk=thread)
    opens = "open" in request.POST
    (reopen if opens else resolve)(request.user, stored.pk)
    part = part_of(review, stored)
    said = "Open again." if opens else "Resolved."
    return _answered(request, review, Speaking(part), said, f"thread-{stored.pk}-do" if opens else "")


@signed_in
@require_POST
def change(request: PersonRequest, number: int, comment: int) -> HttpResponse:
    """One's own comment, said differently."""
    review = commentable(request, number)
    stored = _own(request, review, comment)
    form = CommentForm(request.POST, auto_id=f"comment-{stored.pk}-%s")
    if form.is_valid():
        try:
            said = change_comment(request.user, stored.pk, form.cleaned_data["text"])
        except ValidationError as problem:
            show_problem(form, problem)
        else:
            return _said(request, review, part_of(review, stored.thread), said, "Changed.")
    return show_comments(request, review, speaking_again(review, stored.pk, form), status=UNPROCESSABLE)


@signed_in
@require_POST
def delete(request: PersonRequest, number: int, comment: int) -> HttpResponse:
    """One's own comment, with a line to undo it."""
    review = commentable(request, number)
    stored = _own(request, review, comment)
    part = part_of(review, stored.thread)
    deletion = delete_comment(request.user, stored.pk)
    said = f"Deleted “{deletion.label}”."
    return _answered(request, review, Speaking(part, deletion=deletion), said, f"undo-{deletion.pk}")


@signed_in
@require_POST
def undo(request: PersonRequest, number: int, deletion: int) -> HttpResponse:
    """The comment stands where it stood."""
    review = commentable(request, number)
    stored = get_object_or_404(Deletion, incident=review.incident, pk=deletion, kind="comment", deleted_by=request.user)
    try:
        comment = undo_delete_comment(request.user, stored.pk)
    except ValidationError as problem:
        place = stored.data["links"]["place"]
        part = places_of(review, [place])[place].part
        return _answered(request, review, Speaking(part), " ".join(problem.messages))
    return _said(request, review, part_of(review, comment.thread), Said(comment), "Restored.")


def part_of(review: Review, thread: Thread) -> str:
    """The part of the page beside which the thread stands."""
    return places_of(review, [thread.place])[thread.place].part


def _own(request: PersonRequest, review: Review, pk: int) -> Comment:
    comment = get_object_or_404(Comment.objects.select_related("thread"), thread__review=review, pk=pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied
    return comment


def _said(request: PersonRequest, review: Review, part: str, said: Said, words: str = "Comment added.") -> HttpResponse:
    speaking = Speaking(part, untold=said.untold)
    return _answered(request, review, speaking, words, f"comment-{said.comment.pk}")


def _answered(request: PersonRequest, review: Review, speaking: Speaking, words: str, focus: str = "") -> HttpResponse:
    """After a change: the part's comments for htmx; without JavaScript the page at that place."""
    if request.htmx:
        return show_comments(request, review, speaking, focus=focus, said=words)
    messages.success(request, words)
    for one in speaking.untold:
        messages.warning(request, f"{one} cannot see this review yet. Add them under People.")
    at = f"?at={focus}#{focus}" if focus.startswith("comment-") else f"#comments-{speaking.part}"
    if speaking.deletion:
        at = f"?deleted={speaking.deletion.pk}#undo-{speaking.deletion.pk}"
    return redirect(review.incident.get_edit_url() + at)
