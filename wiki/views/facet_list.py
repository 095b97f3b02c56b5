"""The list of facets as HTML, written here: there are some thirty links in it, for which a template takes as long as
all else that a search does in this process.
"""

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from wiki.views.search_page import Choice, Facet


def facet_list(facets: "list[Facet]") -> SafeString:
    """A section for each facet; templates/wiki/found.html has what is around them."""
    return SafeString("".join(map(_section, facets)))


def _section(facet: "Facet") -> str:
    choices = "".join(map(_item, facet.choices))
    return f'<section class="facet"><h2>{escape(facet.title)}</h2><ul>{choices}</ul></section>\n'


def _item(choice: "Choice") -> str:
    current, said = "", ""
    if choice.chosen:
        current, said = ' aria-current="true"', '<span class="visually-hidden"> chosen, click to remove</span>'
    return (
        f'<li><a class="choice-link" href="{escape(choice.url)}"{current}>'
        f'<span class="choice-label" dir="auto">{escape(choice.label)}</span> '
        f'<span class="choice-count">{choice.count}</span>{said}</a></li>\n'
    )
