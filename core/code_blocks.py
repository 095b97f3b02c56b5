"""Code as people quote it: a `pre` whose words carry the names of their kind, for the style sheet to colour."""

from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES

# What incident reviews quote. A list of our own, because some of the several hundred lexers (C#'s among them) need
# minutes for some inputs; and no more than so many characters, since the time of the others may grow with the square.
LANGUAGES = frozenset(
    {
        "bash", "c", "c++", "console", "cpp", "css", "diff", "docker", "dockerfile", "elixir", "erlang", "go", "golang",
        "graphql", "hcl", "html", "ini", "java", "javascript", "js", "json", "kotlin", "lua", "make", "makefile",
        "nginx", "perl", "php", "postgres", "postgresql", "powershell", "promql", "properties", "protobuf", "py",
        "python", "rb", "rs", "ruby", "rust", "scala", "sh", "shell", "shell-session", "sql", "terraform", "tf",
        "toml", "ts", "typescript", "xml", "yaml", "yml", "zsh",
    }
)  # fmt: skip
LONGEST_COLOURED = 4_000
MOST_COLOURED = 20_000  # in one text
_WIDE = 32  # characters in a line that may not fit on a phone, so that the keyboard must be able to scroll
_PIECE = 2_000
_UNMARKED = frozenset({"", "n", "p", "w", "x", "err"})


def code_block(code: str, language: str = "", room: int = LONGEST_COLOURED) -> Element:
    """`code` in a `pre`; its words are marked when `language` is one of LANGUAGES and it is not longer than `room`."""
    block = Element("pre")
    if any(len(line) > _WIDE for line in code.split("\n")):
        block.set("tabindex", "0")
    inner = SubElement(block, "code")
    if language:
        inner.set("class", f"language-{language}")
    if language in LANGUAGES and len(code) <= min(room, LONGEST_COLOURED) and _coloured(inner, code, language):
        return block
    put_literally(inner, code)
    return block


def put_literally(element: Element, text: str) -> None:
    """Make `text` the whole content of `element`, as it was written.

    Long text in pieces: html5lib, at the end of the way, copies an element's text at every `<` and `&` in it.
    """
    element[:] = []
    element.text = literal(text) if len(text) <= _PIECE else None
    if len(text) > _PIECE:
        for start in range(0, len(text), _PIECE):
            SubElement(element, "span").text = literal(text[start : start + _PIECE])


def literal(text: str) -> AtomicString:
    """Text in which neither Markdown nor the serialiser finds anything: it leaves what looks like an entity."""
    return AtomicString(text.replace("&", "&amp;"))


def _coloured(inner: Element, code: str, language: str) -> bool:
    """Fill `inner` with marked words; False when the lexer did not give back every character."""
    runs: list[tuple[str, str]] = []
    for kind, value in get_lexer_by_name(language, stripnl=False, ensurenl=False).get_tokens(code):
        name = STANDARD_TYPES.get(kind, "")
        name = "" if name in _UNMARKED else name
        if runs and runs[-1][0] == name:
            runs[-1] = name, runs[-1][1] + value
        else:
            runs.append((name, value))
    if "".join(value for _, value in runs) != code:
        return False
    for name, value in runs:
        if name:
            SubElement(inner, "span", {"class": f"tok-{name}"}).text = literal(value)
        elif len(inner):
            inner[-1].tail = literal(value)
        else:
            inner.text = literal(value)
    return True
