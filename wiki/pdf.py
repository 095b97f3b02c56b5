"""HTML to PDF with WeasyPrint, which needs Pango on the machine (docs/decisions/0010-pdf.md)."""

import logging
from functools import cache
from threading import BoundedSemaphore
from typing import Any

logger = logging.getLogger(__name__)

# Making one takes a processor for seconds: each process makes one at a time, and whoever waits longer comes again.
_ONE_AT_A_TIME = BoundedSemaphore(1)
_PATIENCE_SECONDS = 15
_LONGEST = 500_000  # characters without pictures: some ten seconds


class CannotMakePdf(Exception):
    """Why there is no PDF, for people; `again_in` seconds there may be one, None where that would not help."""

    def __init__(self, message: str, again_in: int | None = None) -> None:
        super().__init__(message)
        self.again_in = again_in


def pdf_of(html: str) -> bytes:
    """The PDF of a page whose style and pictures are in it; nothing else is fetched. CannotMakePdf says why not."""
    weasyprint = _weasyprint()
    if weasyprint is None:
        raise CannotMakePdf(
            "PDF documents cannot be made here: Pango is not installed on the server. Take HTML or Markdown instead."
        )
    if _length_without_pictures(html) > _LONGEST:
        raise CannotMakePdf("This review is too long for a PDF. Take HTML or Markdown instead.")
    if not _ONE_AT_A_TIME.acquire(timeout=_PATIENCE_SECONDS):
        raise CannotMakePdf("Other PDF documents are being made. Try again in a moment.", again_in=_PATIENCE_SECONDS)
    try:
        fetcher = weasyprint.urls.URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
        made: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_tags=True)
        return made
    except Exception:  # an unforeseen text, in a library that is not ours
        logger.exception("a review could not be made into a PDF")
        raise CannotMakePdf("This review could not be made into a PDF. Take HTML or Markdown instead.") from None
    finally:
        _ONE_AT_A_TIME.release()


def can_make_pdf() -> bool:
    """Whether this machine has what it needs."""
    return _weasyprint() is not None


@cache
def _weasyprint() -> Any:
    """The library, None where Pango cannot be loaded. It takes a second, so the web process imports it as it starts."""
    try:
        import weasyprint
        import weasyprint.urls
    except OSError:
        return None
    return weasyprint


def _length_without_pictures(html: str) -> int:
    return sum(len(part.partition('"')[2]) for part in html.split("base64,"))
