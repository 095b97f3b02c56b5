"""Cells of a CSV file that no spreadsheet takes for a formula."""

import re

from core.text import one_line

# What begins a formula in some spreadsheet, in the wide and small forms of East Asian keyboards as well.
_BEGINS_FORMULA = "=+\\-@＝＋－＠﹦﹢﹣﹫"
_BEGIN = re.compile(f"[{_BEGINS_FORMULA}]")
_PASSED_OVER = "\\s\"'\u200b-\u200f\u2060\ufeff"
# At the beginning of a cell; and after a semicolon, where a spreadsheet that separates by it begins another one.
_FORMULA = re.compile(f"(^|;)(?=[{_PASSED_OVER}]*[{_BEGINS_FORMULA}])")


def safe_cell(text: str) -> str:
    """`text` in one line, with an apostrophe before what would begin a formula."""
    text = one_line(text)
    return _FORMULA.sub(r"\1'", text) if _BEGIN.search(text) else text
