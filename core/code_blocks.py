"""Code as people quote it, with words marked by kind for the style sheet to colour."""

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# What incident reviews quote. A list of our own, because some of the several hundred lexers (C#'s, and HTTP's, which
# calls any other) need minutes for some inputs of a few kilobytes; and no more than so many characters, because the
# time of those listed may grow with the square.
LANGUAGES = frozenset(
    [
        "bash", "c", "c++", "console", "cpp", "css", "diff", "docker", "dockerfile", "elixir",
        "erlang", "go", "golang", "graphql", "hcl", "html", "ini", "java", "javascript", "js", "json", "kotlin",
        "lua", "make", "makefile", "nginx", "perl", "php", "postgres", "postgresql", "powershell", "promql",
        "properties", "protobuf", "py", "python", "rb", "rs", "ruby", "rust", "scala", "sh", "shell", "shell-session",
        "sql", "terraform", "tf", "toml", "ts", "typescript", "xml", "yaml", "yml", "zsh",
    ]
)  # fmt: skip
LONGEST_COLOURED = 4_000
MOST_COLOURED = 20_000  # in one text
_FORMATTER = HtmlFormatter(nowrap=True, classprefix="tok-")


def coloured(code: str, language: str, room: int = MOST_COLOURED) -> str:
    """HTML of `code` with its words marked; "" where `language` is none of LANGUAGES or `room` is too little for it."""
    if language not in LANGUAGES or len(code) > min(room, LONGEST_COLOURED):
        return ""
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    return str(highlight(code, lexer, _FORMATTER))
