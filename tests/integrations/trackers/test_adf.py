"""The documents in which Jira Cloud keeps descriptions."""

from integrations.trackers.adf import document, words


def test_paragraphs_lines_and_links_are_kept() -> None:
    made = document("First line\nSee https://example.org/a(b).\n\n\n  Second  \n")
    link = {"type": "text", "text": "https://example.org/a", "marks": [{"type": "link", "attrs": {"href": "https://example.org/a"}}]}  # fmt: skip
    first = [
        {"type": "text", "text": "First line"},
        {"type": "hardBreak"},
        {"type": "text", "text": "See "},
        link,
        {"type": "text", "text": "(b)."},
    ]
    second = [{"type": "text", "text": "Second"}]
    assert made == {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": first}, {"type": "paragraph", "content": second}],
    }


def test_no_text_is_an_empty_document_in_which_jira_finds_nothing_wrong() -> None:
    assert document(" \n ") == {"type": "doc", "version": 1, "content": []}


def test_the_words_of_a_document_are_found_again() -> None:
    assert "reference 5f-1" in words(document("One\n\nTwo https://example.org reference 5f-1"))
    assert words("as an older Jira keeps it") == "as an older Jira keeps it"
    assert words(None).strip() == ""
    assert words({"content": [{"content": {"text": "deep"}}, 5, None]}).strip() == "deep"
