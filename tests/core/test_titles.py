"""Titles: plain text, in which backticks mean code."""

import pytest

from core.templatetags.titles import ticked


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Run `terraform plan` in CI", "Run <code>terraform plan</code> in CI"),
        ("A ` alone", "A ` alone"),
        ("`<b>` & `c`", "<code>&lt;b&gt;</code> &amp; <code>c</code>"),
        ("", ""),
    ],
)
def test_what_stands_between_backticks_is_code(title: str, shown: str) -> None:
    assert ticked(title) == shown
