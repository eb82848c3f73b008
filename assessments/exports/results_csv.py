"""A results table as CSV: what a spreadsheet would read as a formula is neutralised, numbers stay numbers."""

import csv
import io
import re

from assessments.charts.spec import ChartSpec
from ecosystems.numerals import MINUS

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads UTF-8 as the local eight-bit encoding."""


def table_csv(spec: ChartSpec) -> bytes:
    """The table of a chart, its columns first; UTF-8 with a byte order mark, lines end as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(column) for column in spec.columns])
    writer.writerows([safe(cell.text) for cell in row] for row in spec.rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8", "replace")


def safe(text: str) -> str:
    """`−3` as `-3` and `+3` as `3`; text that begins like a formula gets a leading apostrophe."""
    plain = text.replace(MINUS, "-") if text.startswith(MINUS) else text
    if NUMBER.fullmatch(plain):
        return plain.removeprefix("+")
    start = text.lstrip(" \u00a0\u200b\ufeff")
    return f"'{text}" if start.startswith((*FORMULA, "＝", "＋", "－", "＠")) or text.startswith(FORMULA) else text
