"""The last gate by itself, for whatever may stand before it one day."""

import pytest

from core.safe_html import clean, is_external, safe_address
from tests.core.parsed import by_html5lib, by_lexbor, shown


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org", "http://example.org:8080/x?y=1#z", "HTTPS://EXAMPLE.ORG", "mailto:a@example.org",
        "mailto:a@example.org?subject=x", "/reviews/42/", "#part", "?q=service:a", "notes.md", "./a", "../a",
        "/a?b=c:d", "https://user@example.org/", "http://[2001:db8::1]/", "https://example.org/ü", "a/b:c",
    ],
)  # fmt: skip
def test_addresses_that_a_link_may_have(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "", " ", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "javascript:123", "javascript:80/x", "vbscript:x",
        "data:text/html,x", "data:image/png;base64,x", "file:///etc/passwd", "blob:https://e.org/x", "ftp://e.org",
        "tel:123", "x:y", "http:e.org", "https:/e.org", "http://", "https:///e.org", "mailto:", "mailto:x",
        "//e.org", "///e.org", "/\\e.org", "\\\\e.org", "https:\\\\e.org", "java\tscript:x", "java\nscript:x",
        "java\x00script:x", "\x01javascript:x", "java\u200bscript:x", "\u2028javascript:x", "\ufeffjavascript:x",
        "view-source:javascript:x", "feed:javascript:x", "http://[bad", "&colon;:x", "1:2", "http://e.org%3Cb%3E/x", "https://a%40b/", "C:/x", "c:x",
    ],
)  # fmt: skip
def test_addresses_that_no_link_may_have(address: str) -> None:
    assert safe_address(address) is None


def test_an_address_holds_nothing_that_ends_an_attribute_or_a_tag() -> None:
    assert safe_address("/a\"b'c<d>e`f g") == "/a%22b%27c%3Cd%3Ee%60f%20g"


@pytest.mark.parametrize(
    ("address", "external"),
    [("https://e.org/", True), ("mailto:a@e.org", True), ("/x:y", False), ("#a", False), ("a.md", False)],
)
def test_whether_an_address_leads_away(address: str, external: bool) -> None:
    assert is_external(address) is external


@pytest.mark.parametrize(
    "made",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '<a href="javascript:123">x</a>',
        '<a href="java&#10;script:alert(1)">x</a>', '<a href="&#106;avascript:alert(1)">x</a>',
        '<p style="position:fixed" class="frame" id="content" data-x="1" hx-get="/x" _="on load">x</p>',
        '<pre class="as-typed modal">x</pre>', '<span class="tok-k button">x</span>', '<div class="page">x</div>',
        '<h3 id="content">x</h3>', '<h3 id="md-a onload">x</h3>', '<li id="x" class="row">x</li>',
        '<img src="/accounts/logout/">', '<img src="/attachments/../x">', '<img src="//e.org/attachments/x">',
        '<input type="checkbox" disabled>', "<form action=/x><button>x</button></form>", "<svg><style>x</style></svg>",
        "<math><mtext><table><mglyph><style><img src onerror=x>", "<template><script>x</script></template>",
        '<a href="https://e.org" target="_blank" rel="opener" download ping="/x">x</a>', "<p tabindex=1 accesskey=x>",
        '<ol start="1e9">', "<td class=is-right-now>", "<code class='language-x y'>", "<base href=//e.org>",
    ],
)  # fmt: skip
def test_nothing_else_passes_whatever_made_it(made: str) -> None:
    allowed = {"a", "p", "pre", "span", "div", "h3", "li", "img", "ol", "ul", "code", "table", "tbody", "tr", "td"}
    for parse in (by_html5lib, by_lexbor):
        for tag, attributes in parse(clean(made)):
            assert tag in allowed
            assert attributes in ({}, {"href": "https://e.org"})


def test_a_refused_tag_shows_as_text() -> None:
    assert shown(clean("<blink>x</blink>")) == "<blink>x</blink>"


def test_a_row_far_down_is_as_it_was() -> None:
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(3_000))
    made = f"<table><tbody>{rows}</tbody></table>"
    assert clean(made) == made


def test_whitespace_and_order_stay() -> None:
    made = "<ul>\n<li>a <em>b</em> c<ul>\n<li>d</li>\n</ul>\n</li>\n<li>e</li>\n</ul>\n<p>f</p>"
    assert clean(made) == made
