"""Every change to comments: starting a thread, replying, changing one's own words, resolving."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts.access import Verb
from accounts.models import Person
from core import audit
from core.markdown import plain_text, render
from core.problems import Problems
from core.text import storable
from incidents.deletions import delete_kept, restore_rows
from incidents.models import Deletion, Incident, Notification, NotificationKind
from incidents.notifications import notify
from incidents.operations import locked_incident
from reviews.anchors import LONGEST_QUOTE, find_passage, stick
from reviews.commented import Place, place_in
from reviews.live.document import document_from, text_at
from reviews.live.store import open_document, updates_since
from reviews.mentions import with_names
from reviews.models import Comment, Review, Thread

LONGEST_COMMENT = 10_000
_NOT_FOUND = "These words do not stand there now. Copy them as they are, or leave this empty."


@dataclass(frozen=True)
class Said:
    """A comment that was stored, and the people it mentions who take no part in the review and were not told."""

    comment: Comment
    untold: list[Person] = field(default_factory=list)


@transaction.atomic
def start_thread(person: Person, review: Review, place: str, text: str, *, quote: str = "", before: int = 0) -> Said:
    """Begin a thread at `place` (reviews.commented), about the words `quote` where some are given.

    `before` of the same words stand before them. ValidationError where the words are not there.
    """
    incident = locked_incident(person, Verb.COMMENT, review.pk)
    problems = Problems()
    about = place_in(review, storable(place))
    if about is None:
        raise ValidationError({"place": ["What this is about is no longer there. Reload the page."]})
    quote = problems.text("quote", quote, longest=LONGEST_QUOTE).strip()
    text = _checked(problems, text)
    problems.refuse_any()
    thread = Thread(review_id=incident.pk, place=about.key, quote=quote, created_by=person)
    if quote:
        thread.start, thread.end = _anchored(review, about, quote, before)
    thread.save()
    said = _say(person, incident, thread, text)
    audit.record(person, "comment", f"incident {incident.number}", f"comment {said.comment.pk} at {place}")
    return said


@transaction.atomic
def reply(person: Person, thread_pk: int, text: str) -> Said:
    """Add to a thread; a resolved one is open again, so that nobody's words are hidden from the start."""
    thread, incident = _locked_thread(person, thread_pk)
    problems = Problems()
    text = _checked(problems, text)
    problems.refuse_any()
    if thread.resolved_at:
        _set_resolved(thread, None)
    said = _say(person, incident, thread, text)
    audit.record(person, "comment", f"incident {incident.number}", f"comment {said.comment.pk} at {thread.place}")
    return said


@transaction.atomic
def change_comment(person: Person, comment_pk: int, text: str) -> Said:
    """Say it differently; only one's own. Those who are mentioned now and were not before are told."""
    comment, incident = _locked_comment(person, comment_pk)
    problems = Problems()
    text = _checked(problems, text)
    problems.refuse_any()
    if text == comment.text:
        return Said(comment)
    comment.text = text
    comment.html, mentioned = with_names(render(text))
    comment.edited_at = timezone.now()
    comment.save()
    audit.record(person, "change-comment", f"incident {incident.number}", f"comment {comment.pk}")
    return Said(comment, _tell_mentioned(person, incident, comment, mentioned))


@transaction.atomic
def delete_comment(person: Person, comment_pk: int) -> Deletion:
    """Take back one's own words; a thread goes with its last comment. `undo_delete_comment` brings them back."""
    comment, incident = _locked_comment(person, comment_pk)
    thread = comment.thread
    is_last = not thread.comments.exclude(pk=comment.pk).exists()
    Notification.objects.filter(incident=incident, anchor=f"comment-{comment.pk}").delete()
    rows: list[Any] = [thread, comment] if is_last else [comment]
    return delete_kept(person, incident, "comment", plain_text(comment.text), rows, {"place": thread.place})


@transaction.atomic
def undo_delete_comment(person: Person, deletion_pk: int) -> Comment:
    """Bring back a comment that `person` deleted. ValidationError where it is back, or its thread is gone."""
    found = Deletion.objects.filter(pk=deletion_pk, kind="comment", deleted_by=person).first()
    if found is None:
        raise Http404
    locked_incident(person, Verb.COMMENT, found.incident_id)
    deletion = Deletion.objects.select_related("incident").get(pk=deletion_pk)
    kept = deletion.data["rows"][-1]
    is_alone = len(deletion.data["rows"]) == 1
    if is_alone and not Thread.objects.filter(pk=kept["fields"]["thread"]).exists():
        raise ValidationError("The thread that it stood in was deleted as well.")
    restore_rows(person, deletion)
    return Comment.objects.get(pk=kept["pk"])


@transaction.atomic
def resolve(person: Person, thread_pk: int) -> Thread:
    """Say that a thread is settled."""
    thread, incident = _locked_thread(person, thread_pk)
    if not thread.resolved_at:
        _set_resolved(thread, person)
        audit.record(person, "resolve-thread", f"incident {incident.number}", f"thread {thread.pk}")
    return thread


@transaction.atomic
def reopen(person: Person, thread_pk: int) -> Thread:
    """Say that a thread is not settled after all."""
    thread, incident = _locked_thread(person, thread_pk)
    if thread.resolved_at:
        _set_resolved(thread, None)
        audit.record(person, "reopen-thread", f"incident {incident.number}", f"thread {thread.pk}")
    return thread


def _checked(problems: Problems, text: str) -> str:
    return problems.text("text", text, longest=LONGEST_COMMENT, required="Write the comment.")


def _anchored(review: Review, about: Place, quote: str, before: int) -> tuple[bytes, bytes] | tuple[None, None]:
    """Positions in the live text; none for a text that is not live, which is searched each time it is shown."""
    doc, text = None, about.text
    if about.is_live:
        open_document(review.pk)
        doc = document_from(data for _, data in updates_since(review.pk, -1))
        text = text_at(doc, about.key) or ""
    passage = find_passage(text, quote, before)
    if passage is None:
        raise ValidationError({"quote": [_NOT_FOUND]})
    try:
        return stick(doc, about.key, passage) if doc else (None, None)
    except ValueError:  # a client put more than texts into the document
        return None, None


def _say(person: Person, incident: Incident, thread: Thread, text: str) -> Said:
    rendered, mentioned = with_names(render(text))
    comment = Comment.objects.create(thread=thread, author=person, text=text, html=rendered)
    untold = _tell_mentioned(person, incident, comment, mentioned)
    named = {one.pk for one in mentioned}
    others = Person.objects.filter(pk__in=thread.comments.values("author")).exclude(pk__in=named)
    for other in others:
        notify(other, incident, NotificationKind.REPLY, person, plain_text(text), f"comment-{comment.pk}")
    return Said(comment, untold)


def _tell_mentioned(person: Person, incident: Incident, comment: Comment, mentioned: list[Person]) -> list[Person]:
    """Returns those who cannot be told."""
    anchor = f"comment-{comment.pk}"
    known = {*Notification.objects.filter(incident=incident, anchor=anchor).values_list("person_id", flat=True)}
    return [
        one
        for one in mentioned
        if one.pk not in known
        and one.pk != person.pk
        and notify(one, incident, NotificationKind.MENTION, person, plain_text(comment.text), anchor) is None
    ]


def _set_resolved(thread: Thread, by: Person | None) -> None:
    thread.resolved_by = by
    thread.resolved_at = timezone.now() if by else None
    thread.save(update_fields=["resolved_by", "resolved_at"])


def _locked_thread(person: Person, thread_pk: int) -> tuple[Thread, Incident]:
    """The thread and its incident, locked; read anew after the lock was had."""
    review_pk = Thread.objects.filter(pk=thread_pk).values_list("review_id", flat=True).first()
    if review_pk is None:
        raise Http404
    incident = locked_incident(person, Verb.COMMENT, review_pk)
    thread = Thread.objects.filter(pk=thread_pk).first()
    if thread is None:
        raise Http404
    return thread, incident


def _locked_comment(person: Person, comment_pk: int) -> tuple[Comment, Incident]:
    thread_pk = Comment.objects.filter(pk=comment_pk).values_list("thread_id", flat=True).first()
    if thread_pk is None:
        raise Http404
    _, incident = _locked_thread(person, thread_pk)
    comment = Comment.objects.select_related("thread").filter(pk=comment_pk).first()
    if comment is None:
        raise Http404
    if comment.author_id != person.pk:
        raise PermissionDenied
    return comment, incident
