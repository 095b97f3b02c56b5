"""What people of GitHub expect of Markdown, and what Debrief makes of it."""

import pytest

from core.markdown import plain_text, render
from tests.core.parsed import by_html5lib, elements, shown


def test_a_line_without_marks_is_a_paragraph() -> None:
    assert render("The primary was restarted at 14:03.") == "<p>The primary was restarted at 14:03.</p>"


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t", "\u3000"])
def test_nothing_written_is_nothing_shown(text: str) -> None:
    assert shown(render(text)).strip() == ""


def test_emphasis_code_and_strikethrough() -> None:
    assert render("*a* **b** `c` ~~d~~ ***e***") == (
        "<p><em>a</em> <strong>b</strong> <code>c</code> <del>d</del> <em><strong>e</strong></em></p>"
    )


def test_low_lines_within_words_are_letters() -> None:
    assert render("max_wal_size and __init__py") == "<p>max_wal_size and __init__py</p>"


def test_a_backslash_takes_a_mark_literally() -> None:
    assert render(r"\*a\* \[b\] \<c\>") == "<p>*a* [b] &lt;c&gt;</p>"


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# One\n## Two\n### Three", ["h3", "h4", "h5"]),
        ("### Only", ["h3"]),
        ("# A\n#### B\n##### C\n###### D", ["h3", "h4", "h5", "h6"]),
        ("Title\n=====\n\nPart\n----", ["h3", "h4"]),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", ["h3", "h4", "h5", "h6", "h6", "h6"]),
    ],
)
def test_headings_stand_below_those_of_the_page_without_gaps(text: str, levels: list[str]) -> None:
    assert [tag for tag, _ in by_html5lib(render(text))] == levels


@pytest.mark.parametrize("text", ["#42 is the ticket", "#payments is the channel", "####### seven"])
def test_a_number_sign_without_a_space_is_no_heading(text: str) -> None:
    assert render(text) == f"<p>{text}</p>"


def test_a_heading_keeps_its_own_number_sign() -> None:
    assert shown(render("# We use C#")) == "We use C#"


def test_links_elsewhere_carry_no_credit_and_no_opener() -> None:
    link = elements(render('[runbook](https://wiki.example.org/run?a=1&b=2#c "How")'), "a")[0]
    assert link == {
        "href": "https://wiki.example.org/run?a=1&b=2#c",
        "rel": "nofollow noopener noreferrer",
        "title": "How",
    }


def test_links_within_the_site_are_plain() -> None:
    assert elements(render("[relative](/reviews/42/)"), "a") == [{"href": "/reviews/42/"}]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://example.org/a_b_c?d=1&e=2.", "https://example.org/a_b_c?d=1&e=2"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("**https://example.org/x**", "https://example.org/x"),
        ("<https://example.org/a?b=c&d=e>", "https://example.org/a?b=c&d=e"),
        ("<oncall@example.org>", "mailto:oncall@example.org"),
        ("[mail](mailto:oncall@example.org)", "mailto:oncall@example.org"),
        ("[a](https://e.org/?x=1&copy=2)", "https://e.org/?x=1&copy=2"),
        ("[a](<https://e.org/a b>)", "https://e.org/a%20b"),
        ("[a](https://e.org/\\_x\\_)", "https://e.org/_x_"),
    ],
)
def test_addresses_become_links(text: str, address: str) -> None:
    assert [one["href"] for one in elements(render(text), "a")] == [address]


@pytest.mark.parametrize(
    "text",
    [
        "not.a.link/x",
        "main.py and README.md",
        "www.example.org",
        "ftp://example.org",
        "user@host",
        "`https://example.org`",
        "14:03",
        "a/www.b",
        "://x",
    ],
)
def test_what_is_no_web_address_stays_text(text: str) -> None:
    assert elements(render(text), "a") == []


def test_links_by_reference() -> None:
    made = render('[a][One] [one] [two][]\n\n[one]: https://e.org/1 "T"\n[two]: <https://e.org/2>')
    assert [one["href"] for one in elements(made, "a")] == ["https://e.org/1", "https://e.org/1", "https://e.org/2"]
    assert shown(made).split() == ["a", "one", "two"]


@pytest.mark.parametrize(
    "text", ["[alice]: ok", "[1]: https://e.org/never-mentioned", "`[a]`\n\n[a]: https://e.org/only-in-code"]
)
def test_a_definition_that_nothing_refers_to_is_text(text: str) -> None:
    assert text.split()[-1] in shown(render(text))


def test_of_two_definitions_or_footnotes_of_one_label_neither_is_lost() -> None:
    assert plain_text("[alice]: restarted\n\n[bob]: ok\n\n[alice]: done").count("[alice]:") == 2
    assert plain_text("a [x]\n\n[x]: /one\n[x]: /two") == "a x [x]: /two"
    assert sorted(plain_text("a[^1]\n\n[^1]: one\n\n[^1]: two").split()) == ["a", "one", "two"]
    assert sorted(plain_text("a[^1]\n\n[^1]: [^1]: one [^2]: x\n\n> [^2]: [^3]: two").split())[-2:] == ["two", "x"]


def test_a_link_without_words_shows_its_address() -> None:
    assert shown(render("[](https://e.org/x)")) == "https://e.org/x"


def test_a_picture_from_elsewhere_is_a_link_with_its_words() -> None:
    made = render('![p99 latency](https://graphs.example.org/p.png "T")')
    assert elements(made, "img") == []
    assert elements(made, "a")[0]["class"] == "image-link"
    assert shown(made) == "p99 latency"


def test_a_picture_without_words_shows_its_file_name() -> None:
    assert shown(render("![](https://graphs.example.org/a/p.png)")) == "p.png"


def test_an_attached_picture_is_shown() -> None:
    assert elements(render('![graph](/attachments/7/graph.png "p99")'), "img") == [
        {"src": "/attachments/7/graph.png", "alt": "graph", "title": "p99", "loading": "lazy"}
    ]


def test_a_picture_in_a_link_leaves_its_words() -> None:
    made = render("[![build](https://e.org/b.svg)](https://e.org/build)")
    assert [one["href"] for one in elements(made, "a")] == ["https://e.org/build"]
    assert shown(made) == "build"


def test_a_list_needs_no_blank_line_before_it() -> None:
    assert render("Actions:\n- a\n- b") == "<p>Actions:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"


@pytest.mark.parametrize("indent", ["  ", "    ", "\t"])
def test_lists_nest_by_two_or_four_spaces_or_a_tab(indent: str) -> None:
    assert render(f"- a\n{indent}- b\n- c") == ("<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>")


def test_numbered_lists_keep_their_first_number() -> None:
    assert elements(render("3. a\n4. b\n5) c"), "ol") == [{"start": "3"}, {"start": "5"}]


def test_a_line_that_begins_with_a_year_is_no_list() -> None:
    assert elements(render("It had been in use since\n2016. Nobody knew."), "ol") == []


def test_blank_lines_between_items_make_paragraphs() -> None:
    made = render("- a\n\n  more\n- b")
    assert [tag for tag, _ in by_html5lib(made)] == ["ul", "li", "p", "p", "li", "p"]


def test_tasks_show_their_state_as_words_do() -> None:
    made = render("- [ ] open\n- [x] done\n- [X] too\n- [y] no")
    assert [one.get("class") for one in elements(made, "li")] == ["task", "task", "task", None]
    assert shown(made).split("\n") == ["", "☐ open", "☑ done", "☑ too", "[y] no", ""]
    assert elements(made, "input") == []


def test_quotes_hold_blocks_and_lazy_lines() -> None:
    made = render("> said\nso\n> - a\n>\n> ```\n> code\n> ```\n\nafter")
    assert [tag for tag, _ in by_html5lib(made)] == ["blockquote", "p", "br", "ul", "li", "pre", "code", "p"]


def test_tables_align_by_class() -> None:
    made = render("| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |")
    assert elements(made, "td") == [{}, {"class": "is-center"}, {"class": "is-right"}]
    assert elements(made, "div") == [{"class": "table-scroll", "tabindex": "0"}]


def test_a_table_keeps_escaped_bars() -> None:
    assert shown(render("| a |\n|---|\n| `x \\| y` |")).split() == ["a", "x", "|", "y"]


def test_a_table_may_follow_a_line_of_text() -> None:
    assert [tag for tag, _ in by_html5lib(render("Times:\n| a |\n|---|"))][:3] == ["p", "div", "table"]


def test_code_is_marked_by_class_and_never_by_style() -> None:
    made = render('```python\ndef f():\n    return "<b>"\n```')
    assert {"class": "language-python"} in elements(made, "code")
    assert {"class": "tok-k"} in elements(made, "span")
    assert shown(made) == 'def f():\n    return "<b>"\n'


@pytest.mark.parametrize("language", ["", "mermaid", "no-such-language"])
def test_code_of_an_unknown_kind_is_plain(language: str) -> None:
    made = render(f"```{language}\nx = <1> &amp; 2\n```")
    assert elements(made, "span") == []
    assert shown(made) == "x = <1> &amp; 2\n"


def test_long_code_is_left_plain_and_whole() -> None:
    code = "x = 1 < 2 & 3\n" * 1_000
    assert shown(render(f"```python\n{code}```")) == code


def test_only_so_much_code_of_one_text_is_coloured() -> None:
    made = render(("```python\n" + "x = 1\n" * 500 + "```\n\n") * 10)
    assert made.count("<pre") == 10
    assert len(elements(made, "span")) < len(elements(render("```python\nx = 1\n```"), "span")) * 500 * 7


@pytest.mark.parametrize("language", ["csharp", "http", "no-such-language"])
def test_a_language_whose_lexer_may_take_minutes_is_left_plain(language: str) -> None:
    assert elements(render(f"```{language}\nclass A {{}}\n```"), "span") == []


def test_wide_code_can_be_scrolled_by_keyboard() -> None:
    assert elements(render("```\n" + "x" * 80 + "\n```"), "pre") == [{"tabindex": "0"}]
    assert elements(render("```\nx\n```"), "pre") == [{}]


def test_code_pasted_from_chat_keeps_the_line_that_begins_with_the_marks() -> None:
    assert shown(render("```ERROR at 14:03\nmore\n```\nafter")) == "ERROR at 14:03\nmore\n\nafter"


@pytest.mark.parametrize("text", ["```\na", "    a", "~~~\na\n~~~", "- x\n\n  ```\n  a\n  ```", "````\na\n```\n````"])
def test_ways_to_write_code(text: str) -> None:
    assert shown(render(text)).split()[-1] in ("a", "```")
    assert len(elements(render(text), "pre")) == 1


def test_footnotes_count_from_their_first_mention_and_lead_back() -> None:
    made = render("b[^two] a[^one] b[^two]\n\n[^one]: First *note*\n[^two]: Second\n    goes on")
    mentions = elements(made, "sup")
    assert [one["id"].rsplit("-", 3)[1:] for one in mentions[:2]] == [["fn", "1", "ref"], ["fn", "2", "ref"]]
    assert "id" not in mentions[2]
    notes = [f"#{one['id']}" for one in elements(made, "li")]
    links = [one["href"] for one in elements(made, "a")]
    assert links == [notes[0], notes[1], notes[0], f"{notes[0]}-ref", f"{notes[1]}-ref"]
    assert shown(made).split()[3:] == ["Second", "goes", "on↩", "First", "note↩"]


def test_footnotes_of_different_texts_have_different_ids() -> None:
    one, other = (elements(render(f"{word}[^1]\n\n[^1]: x"), "sup")[0]["id"] for word in ("a", "b"))
    assert one != other


@pytest.mark.parametrize("text", ["a[^1]", "[^1]: nobody refers to it", "a[^1]\n\n[^1]: x\n\n[^1]: again"])
def test_footnotes_lose_no_words(text: str) -> None:
    assert text.split()[-1] in shown(render(text))


def test_a_footnote_may_mention_itself_and_others() -> None:
    made = render("a[^1]\n\n[^1]: b[^1][^2]\n[^2]: c[^1]")
    assert len(elements(made, "li")) == 2


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("Status: done\nOwner: me", 1),
        ("asked for  \nby spaces and here it is long enough to be a line of its own", 1),
        ("asked for\\\nby a backslash", 1),
        ("This line was wrapped by an editor, since the next word did\nnot fit into the line any more", 0),
        ("Context:\nThe platform team had deployed a new version of the ingress on Monday.", 1),
    ],
)
def test_a_line_break_shows_where_it_was_meant(text: str, breaks: int) -> None:
    assert len(elements(render(text), "br")) == breaks


def test_raw_html_shows_as_the_text_it_is() -> None:
    made = render('<details open>\n<summary>x</summary>\n\n<b class="y">bold</b><br> <!-- note -->')
    assert {tag for tag, _ in by_html5lib(made)} <= {"p", "br"}
    for written in ("<details open>", "<summary>x</summary>", '<b class="y">bold</b><br>', "<!-- note -->"):
        assert written in shown(made)


def test_entities_show_their_character() -> None:
    assert shown(render("&copy; &lt;b&gt; AT&T &unknown; `&amp;`")) == "© <b> AT&T &unknown; &amp;"


def test_plain_text_has_the_words_and_no_marks() -> None:
    assert plain_text("# Head\n\nun*frigging*believable [x](https://e.org) `c` a[^1]\n\n[^1]: note") == (
        "Head unfriggingbelievable x c a note"
    )


def test_plain_text_separates_cells_items_and_lines() -> None:
    assert plain_text("| a | b |\n|---|---|\n| c | d |\n\n- e\n- f\n\ng\nh") == "a b c d e f g h"
