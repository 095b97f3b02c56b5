"""Turns post-mortems, as people wrote them in Markdown, into the parts of a review."""
