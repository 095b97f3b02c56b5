"""Whatever is typed, pasted or sent: an answer, in bounded time, with every word in it."""

import logging
import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.markdown import DEEPEST, LONG, MOST_MARKS, plain_text, render
from tests.core.parsed import by_html5lib, by_lexbor, elements, shown, unbalanced

WORDS = st.lists(st.from_regex(r"[a-z]{2,12}", fullmatch=True), min_size=1, max_size=30)
PIECES = [
    "[", "]", "(", ")", "*", "**", "_", "`", "``", "<", ">", "&", "~~", "!", "#", "|", '\\', ":", '"', "'", "^", "=",
    "+", "1.", "2)", "-", ">", "```", "~~~", "](", "![", "---", "===", "[^a]", "[^a]:", "[b]:", "[b]", "|-|-|",
    "|a|b|", "http://", "www.", "www.e.org", "a@e.org", "&lt;", "&#58;", "<b>", "</p>", "javascript:1",
    "https://e.org/x", "alpha", "beta", "gamma", "日本", "déjà", "\n", "\n\n", " ", "  ", "    ", "\t", "\r", "\x00",
    "\x02klzzwxh:0000\x03", "\ud800", "\u2028", "\x1b",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
IN_ATTRIBUTES = re.compile(r'(?:alt|class|href|src|title)="([^"]*)"')

N = 20_000
HARD = {
    "open brackets": "[" * N,
    "open links": "[a](" * (N // 4),
    "open pictures": "![" * (N // 2),
    "open titles": '[a](b "' * (N // 7),
    "open reference chains": "[a][" * (N // 4),
    "links around links": "[" * (N // 5) + "a" + "](b)" * (N // 5),
    "footnote marks": "[^1]" * (N // 4) + "\n\n[^1]: a",
    "footnotes": "".join(f"[^{n}]: [^{n + 1}]\n" for n in range(N // 12)) + "[^0]",
    "open emphasis": "*a _b " * (N // 6),
    "nested emphasis": "*a _b " * (N // 12) + "b_ a* " * (N // 12),
    "stars": "*" * N,
    "ticks of every length": " ".join("`" * n for n in range(1, 200)),
    "quotes": ">" * N,
    "growing quotes": "\n".join(">" * n for n in range(200)),
    "items in items": "- " * (N // 2),
    "growing lists": "\n".join("  " * n + "- a" for n in range(200)),
    "quotes in items": "- > " * (N // 4),
    "items": "- a\n" * (N // 4),
    "loose items": "- a\n\n" * (N // 5),
    "paragraphs": "a\n\n" * (N // 3),
    "headings": "# a\n" * (N // 4),
    "rules": "---\n" * (N // 4),
    "rows": "|a|b|\n|-|-|\n" + "|a|b|\n" * (N // 6),
    "columns": "|" + "a|" * (N // 4) + "\n|" + "-|" * (N // 4),
    "fences": "```\n" * (N // 4),
    "definitions": "[a]:\n" * (N // 5),
    "a long line": "a" * N,
    "spaces": " " * N + "a",
    "line ends": "\n" * N,
    "addresses": "http://" * (N // 7) + ")" * N,
    "angles": "<" * N,
    "ampersands": "&" * N,
    "open comments": "<!--" * (N // 4),
    "code to colour": "```c\n" + "\n" * 3_900 + "```",
}


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_words_come_back_in_order(paragraphs: list[list[str]]) -> None:
    text = "\n\n".join(" ".join(words) for words in paragraphs)
    assert plain_text(text).split() == text.split()


@given(WORDS, st.sampled_from(["- {}", "> {}", "# {}", "**{}**", "| {} |\n|---|", "```\n{}\n```", "[{}](/a)", "1) {}"]))
def test_words_come_back_from_every_block(words: list[str], block: str) -> None:
    assert plain_text(block.replace("{}", " ".join(words))).split() == words


@given(SOUP)
def test_soup_is_well_formed_and_keeps_its_words(text: str) -> None:
    made = render(text)
    assert unbalanced(made) == ""
    seen = shown(made) + " ".join(IN_ATTRIBUTES.findall(made))
    for word in ("alpha", "beta", "gamma", "日本", "déjà"):
        assert seen.count(word) >= text.count(word)


@given(st.text())
def test_any_characters_are_rendered(text: str) -> None:
    made = render(text)
    made.encode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", made)
    assert unbalanced(made) == ""
    assert by_html5lib(made) == by_lexbor(made)


@pytest.mark.parametrize("kind", HARD)
def test_hard_texts_are_rendered(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        made = render(HARD[kind])
    assert caplog.records == []
    assert unbalanced(made) == ""


@pytest.mark.parametrize("mark", ["> ", "- ", "1. ", "- > "])
def test_nesting_ends_at_a_depth_and_the_rest_is_text(mark: str) -> None:
    made = render(mark * 50 + "end")
    nested = len(elements(made, "blockquote")) + len(elements(made, "ul")) + len(elements(made, "ol"))
    assert nested <= DEEPEST
    assert "end" in shown(made)


def test_a_dump_of_data_is_shown_as_typed() -> None:
    text = "<x>&</x>\n" * (MOST_MARKS // 5)
    assert len(text) > LONG
    assert render(text).startswith('<pre class="as-typed">&lt;x&gt;&amp;&lt;/x&gt;\n')


def test_two_megabytes_of_prose_are_rendered_as_prose() -> None:
    sentence = "The *primary* ran out of `connections`, so that every service waited for it until it was restarted. "
    text = ("## Part\n\n" + sentence * 5 + "\n\n- one\n- two\n\n") * 4_000
    assert len(text) > 2_000_000
    assert render(text).count("<em>primary</em>") == 20_000


def test_control_characters_are_seen() -> None:
    assert render("a\x00b\x1b[31mc\x0bd *e*") == "<p>a\ufffdb\ufffd[31mc d <em>e</em></p>"


def test_lone_surrogates_can_be_stored() -> None:
    assert render("*a*\ud800") == "<p><em>a</em>\ufffd</p>"


def test_line_ends_of_every_system_are_the_same() -> None:
    assert render("- a\r\n- b\r- c") == render("- a\n- b\n- c")


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"# {n}\n\n*{n}* [^a] [x](/{n})\n\n[^a]: {n}\n\n" * 20 for n in range(8)]
    expected = [render(text) for text in texts]
    made: dict[int, list[str]] = {}

    def work(number: int) -> None:
        made[number] = [render(texts[number]) for _ in range(5)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(made[number] == [expected[number]] * 5 for number in range(len(texts)))


def test_what_a_library_cannot_do_is_shown_as_typed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(_: str) -> str:
        raise ValueError

    monkeypatch.setattr("core.markdown.clean", stumble)
    assert render("*a* <b>") == '<pre class="as-typed">*a* &lt;b&gt;</pre>'
    assert "could not be rendered" in caplog.text
