import csv
import io

import pytest

from assessments.charts.spec import Cell, ChartSpec
from assessments.exports.results_csv import safe, table_csv


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("58", "58"),
        ("−3.20", "-3.20"),
        ("+3", "3"),
        ("-3", "-3"),
        ("", ""),
        ("Farmers", "Farmers"),
        ("withheld", "withheld"),
        ("=1+1", "'=1+1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("−2+3", "−2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("1e5", "1e5"),
    ],
)
def test_numbers_stay_numbers_and_formulas_become_text(text: str, written: str) -> None:
    assert safe(text) == written


def test_a_table_reads_back_as_it_was_with_any_text_in_it() -> None:
    names = ["Growers, north", 'The "other" ones', "Zwei\nZeilen", "مجتمع", "🌾"]
    spec = ChartSpec("T", "", ("Group", "=Score"), tuple((Cell(name), Cell("−1.50")) for name in names))
    data = table_csv(spec)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows == [["Group", "'=Score"], *([name, "-1.50"] for name in names)]
