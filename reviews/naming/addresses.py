"""Addresses in a text that name people and can do without: those of attached files, and of mailboxes."""

import re

from reviews.naming.book import Book
from reviews.naming.markup import Spans

_ATTACHED = re.compile(
    r"(/attachments/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/)[\w.-]{0,200}?(\.\w{1,20})?(?![\w.-])"
)
_LABEL = re.compile(r"\[([^\[\]\n]{1,300})\]\(/attachments/")
_MAILBOX = re.compile(
    r"(?<!!)\[([^\[\]\n]{1,300})\]\(<?mailto:([^\s()<>?]{1,320})[^\s()<>]{0,300}>?(?: \"[^\"\n]{0,300}\")?\)"
)


def without_file_names(text: str) -> str:
    """`text` with addresses of attached files that say the kind of file alone (Attachment.nameless)."""
    if "/attachments/" not in text:
        return text
    return _ATTACHED.sub(lambda found: f"{found[1]}file{found[2] or ''}", text)


def without_mailboxes(text: str, book: Book) -> str:
    """`text` with the words alone where they link to the mailbox of somebody in `book`."""
    if "mailto:" not in text:
        return text
    return _MAILBOX.sub(lambda found: found[1] if _is_known(found[2], book) else found[0], text)


def labels_of_files(text: str) -> Spans:
    """Where the words of links to attached files stand: they are the name that a device gave the file."""
    return Spans(found.span(1) for found in _LABEL.finditer(text)) if "](/attachments/" in text else Spans(())


def _is_known(address: str, book: Book) -> bool:
    local = address.lower().partition("@")[0].partition("+")[0]
    return address.lower() in book.by_mailbox or local in book.by_handle or local in book.by_word
