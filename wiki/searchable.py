"""Text as the parser of full-text search should see it, in documents and in queries alike.

PostgreSQL takes `a/b` for the name of a file, `a.b` for one of a host and `<a>` for a tag, and would find none of
their parts. And where its locale is C, as in the database that comes along, it neither lowers nor tells apart what is
not ASCII: a word in curly quotes would be another word.
"""

import re
import unicodedata

from core.text import storable

_SPLITS = re.compile(r"[/<\\]|(?<=[^\W\d_])[.@](?=[^\W\d_])")
_FOREIGN = re.compile(r"[^\w\x00-\x7f]")

# What the parser would take for part of a word or of a tag, and a control character in its place. No stored text has
# those: wiki.indexing leaves them out.
SIGNS = "/<>“”‘’„«»–—…•·→\\"
STAND_INS = "".join(chr(code) for code in range(0x0E, 0x20))[: len(SIGNS)]
_DISGUISE, _BACK = str.maketrans(SIGNS, STAND_INS), str.maketrans(STAND_INS, SIGNS)


def searchable(text: str) -> str:
    """`text` in lower case, without what would hide its words from the parser."""
    text = unicodedata.normalize("NFC", storable(text)).lower().replace("’", "'")
    return _FOREIGN.sub(_mark_or_space, _SPLITS.sub(" ", text))


def _mark_or_space(found: re.Match[str]) -> str:
    """Vowel signs and accents belong to their word; quotation marks, dashes and pictures do not."""
    return found[0] if unicodedata.category(found[0])[0] == "M" else " "


def disguised(text: str) -> str:
    """`text` as the parser tells its words apart, with every sign kept in disguise; as bodies are stored."""
    return text.translate(_DISGUISE)


def restored(text: str) -> str:
    """What was `disguised`, as it was."""
    return text.translate(_BACK)
