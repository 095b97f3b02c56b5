"""Code as people quote it, with words marked by kind for the style sheet to colour."""

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

# What incident reviews quote. A list of our own, because some of the several hundred lexers take very long for
# some inputs; and no more than this of any one block, because colour helps nobody beyond it.
LANGUAGES = frozenset(
    [
        "bash", "c", "c#", "c++", "console", "cpp", "cs", "csharp", "css", "diff", "docker", "dockerfile", "elixir",
        "erlang", "go", "golang", "graphql", "hcl", "html", "http", "ini", "java", "javascript", "js", "json", "kotlin",
        "lua", "make", "makefile", "nginx", "perl", "php", "postgres", "postgresql", "powershell", "promql",
        "properties", "protobuf", "py", "python", "rb", "rs", "ruby", "rust", "scala", "sh", "shell", "shell-session",
        "sql", "terraform", "tf", "toml", "ts", "typescript", "xml", "yaml", "yml", "zsh",
    ]
)  # fmt: skip
LONGEST_COLOURED = 20_000
_FORMATTER = HtmlFormatter(nowrap=True, classprefix="tok-")


def coloured(code: str, language: str) -> str:
    """HTML of `code` with its words marked; "" where `language` is none of LANGUAGES or the code is too long."""
    if language not in LANGUAGES or len(code) > LONGEST_COLOURED:
        return ""
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    return str(highlight(code, lexer, _FORMATTER))
