"""Markdown with everything blanked out that is not prose, so that places in it stay the same."""

import re

# Each begins with something rare and ends at the line, or within a few hundred characters: linear in the text.
_NO_PROSE = re.compile(
    r"""
    ^[ ]{0,3}(?P<fence>`{3,20}|~{3,20})[^\n]*\n.*?(?:^[ ]{0,3}(?P=fence)[^\n]*$|\Z)    # a block of code
    | (?P<ticks>`{1,5})[^`\n]{1,300}(?P=ticks)                                         # code in a line
    | (?<=\])\([^()\s]{1,2000}(?:[ ]"[^"\n]{0,200}")?\)                                # the address of a link
    | \bhttps?://[^\s<>)]{1,2000}
    | <!--.{0,2000}?-->
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_SHOWN = re.compile(r"\S")


def prose_of(text: str) -> str:
    """`text` with spaces where code and addresses stand."""
    if not any(mark in text for mark in ("`", "~~~", "](", "://", "<!--")):
        return text
    return _NO_PROSE.sub(lambda found: _SHOWN.sub(" ", found[0]), text)
