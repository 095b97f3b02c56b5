"""Titles as people read them."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()

_TICKED = re.compile(r"`([^`]+)`")


@register.filter
def ticked(title: str) -> SafeString:
    """A plain title, in which only what stands between backticks is set as code."""
    return SafeString(_TICKED.sub(r"<code>\1</code>", escape(title)))
