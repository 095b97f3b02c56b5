"""Attack strings in every place of a text: nothing active may be left, as more than one parser sees it."""

import importlib.util
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from core.markdown import render
from tests.core.parsed import by_html5lib, by_lexbor, tags, unbalanced

PLACES = {
    "plain text": "{}",
    "a link target": "[x]({})",
    "a link target in angle brackets": "[x](<{}>)",
    "a reference definition": "[x][r]\n\n[r]: {}",
    "a link title": '[x](/a "{}")',
    "a table cell": "| a |\n|---|\n| {} |",
    "a heading": "# {}",
    "a fence": "```html\n{}\n```",
    "the info of a fence": "```{}\nx\n```",
    "a list item": "- {}",
    "a blockquote": "> {}",
    "a footnote": "a[^n]\n\n[^n]: {}",
    "an autolink": "<{}>",
    "the words of a picture": "![{}](/a.png)",
    "the source of a picture": "![a]({})",
}
SAMPLES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "javascript:123",
    "JAVA&#10;SCRIPT&colon;alert(1)",
    "java\tscript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "vbscript:msgbox(1)",
    "//evil.example/x",
    "/\\evil.example",
    "https://e.example/\" onmouseover=\"alert(1)",
    "<svg/onload=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<div hx-get="/x" hx-trigger="load" data-hx-on:click="x" _="on load" x-data>',
    '<a href="#" style="position:fixed;inset:0" class="frame" id="content">x</a>',
    "x {: onclick=alert(1) .frame #content }",
    "]]><!--><script>alert(1)//--></script>",
    "\x02klzzwxh:0000\x03 \x02wzxhzdk:0\x03 \x02amp\x03",
    "`</code></pre><script>alert(1)</script>`",
    "**<iframe srcdoc='<script>alert(1)</script>'>**",
    "[a](javascript:alert(1)) ![b](javascript:alert(1)) [c]: javascript:alert(1)",
    "</div></section></main><form action=//evil.example><button>x",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ud800<script>\x00alert(1)</script>",
]  # fmt: skip
TAGS = {
    "a", "blockquote", "br", "code", "del", "div", "em", "h3", "hr", "img", "li", "ol", "p", "pre", "span", "strong",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"alt", "class", "href", "id", "loading", "rel", "src", "start", "tabindex", "title"}
SCHEME = re.compile(r"[\s\x00-\x20]*[a-z][a-z0-9+.-]*:", re.IGNORECASE)
IN_ATTRIBUTES = re.compile(r'(?:alt|class|href|src|title)="([^"]*)"')
_OWN_NUMBER = re.compile(r"(?<=[\"#])md-[\w-]+(?=\")")
AT_ONCE = 100


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("parse", [by_html5lib, by_lexbor])
def test_samples_leave_only_what_is_allowed(place: str, parse: object) -> None:
    for sample in SAMPLES:
        made = render(PLACES[place].replace("{}", sample))
        assert unbalanced(made) == "", sample
        for tag, attributes in parse(made):  # type: ignore[operator]
            assert tag in TAGS, sample
            assert set(attributes) <= ATTRIBUTES, sample
            assert attributes.get("id", "md-").startswith("md-"), sample
            for name in ("href", "src"):
                scheme = SCHEME.match(attributes.get(name, ""))
                assert scheme is None or scheme[0] in ("http:", "https:", "mailto:"), sample
                assert not attributes.get(name, "").startswith("//"), sample


@pytest.mark.parametrize("place", PLACES)
def test_nothing_active_is_left_of_any_attack(place: str, shared: Path) -> None:
    oracle = _oracle(shared)
    made = sorted({render(PLACES[place].replace("{}", attack)) for attack in _attacks(shared)})
    assert [one for one in made if unbalanced(one)] == []
    made = _each_markup_once(made)
    left = [
        (one, [finding.kind for finding in _active(oracle, one)])
        for start in range(0, len(made), AT_ONCE)
        if _active(oracle, "\n".join(made[start : start + AT_ONCE]))
        for one in made[start : start + AT_ONCE]
    ]
    assert left == []


def test_the_judge_finds_what_is_active_and_names_it(shared: Path) -> None:
    oracle = _oracle(shared)
    harmless = ["<p>a</p>"] * AT_ONCE
    assert _active(oracle, "\n".join([*harmless, "<p onclick=x>a</p>"]))
    assert _active(oracle, "\n".join([*harmless, '<a href="javascript:1">a</a>']))
    assert not _active(oracle, "\n".join(harmless))


@pytest.mark.parametrize("name", ["markdown-benign.jsonl", "commonmark-spec.jsonl"])
def test_harmless_texts_keep_their_words(name: str, shared: Path) -> None:
    oracle = _oracle(shared)
    lost = {}
    for row in _rows(shared / "data/security" / name):
        expected = oracle.visible_text(row["expected_html"]) if "expected_html" in row else row["payload"]
        made = render(row["payload"])
        seen = oracle.visible_text(made) + " ".join(IN_ATTRIBUTES.findall(made))
        if missing := [word for word in re.findall(r"\w+", expected) if word.strip("_") not in seen]:
            lost[row["id"]] = missing, row["payload"], seen
    assert lost == {}


def _each_markup_once(made: list[str]) -> list[str]:
    """One text of each markup that occurs. Between whole tags, words without an angle bracket are only words to any
    parser; what stands in the attributes of a tag makes another markup of it, save the numbers of footnotes.
    """
    return sorted({_OWN_NUMBER.sub("md-", tags(one)): one for one in sorted(made, key=len, reverse=True)}.values())


def _oracle(shared: Path) -> ModuleType:
    path = shared / "tools/xss_oracle.py"
    spec = importlib.util.spec_from_file_location("xss_oracle", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks itself up there
    spec.loader.exec_module(module)
    return module


def _active(oracle: ModuleType, made: str) -> list[object]:
    found = oracle.findings(made, parsers=["stdlib", "html5lib", "lexbor"])
    return [one for one in found if one.severity == "active"]


def _attacks(shared: Path) -> Iterator[str]:
    kinds = _oracle(shared).VECTOR_KINDS
    for path in sorted((shared / "data/security").glob("*.jsonl")):
        if path.name.startswith(kinds):
            yield from (row["payload"] for row in _rows(path) if isinstance(row["payload"], str))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)
