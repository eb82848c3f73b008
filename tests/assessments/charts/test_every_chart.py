"""What holds for every chart, whatever it is given."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.charts.spec import PAGE, PRINT, WITHHELD, Look, Score, absent
from assessments.charts.theme import COLOUR_OF, DEEP, TOKENS
from tests.assessments.charts.drawings import SVG, hatches, outside, parsed, table, texts, tips, with_class
from tests.assessments.charts.samples import CHARTS, NOT_OF_ROWS, ROWS, draw

HOSTILE = "</title><script>alert(1)</script>\"'&<b onload=x>\x00\x1b\u202eevil\ud800\ufffe"
LONG = "Verantwortungsbereichsübergreifendezusammenarbeitsfähigkeit of everybody with everybody else, " * 3
ARABIC = "أثر الابتكار والاستدامة في شبكة الغذاء"

kinds = pytest.mark.parametrize("kind", sorted(CHARTS))


def sizes(chart):
    return (chart.wide, chart.narrow)


@kinds
@pytest.mark.parametrize("rows", [(), ROWS[:1], ROWS[2:3], ROWS[5:], ROWS, ROWS * 10], ids=len)
@pytest.mark.parametrize("look", [PAGE, PRINT], ids=["page", "print"])
def test_survives_any_number_of_rows_and_keeps_text_inside(kind, rows, look):
    chart = draw(kind, rows, look=look)
    for svg in sizes(chart):
        root = parsed(svg)
        assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
        assert root[1].text
        if look is PAGE:  # sizes are known by class
            assert list(outside(svg)) == []


@kinds
@pytest.mark.parametrize("label", [LONG, ARABIC, "持续的生态系统创新影响力评估结果" * 4, "W" * 300, " ", "🙂" * 60])
def test_long_and_foreign_labels_stay_inside(kind, label):
    rows = [(f"{label} {i}" if label.strip() else label, value) for i, (_, value) in enumerate(ROWS)]
    for svg in sizes(draw(kind, rows, title=label)):
        assert list(outside(svg)) == []


@kinds
@pytest.mark.parametrize("look", [PAGE, PRINT], ids=["page", "print"])
def test_hostile_text_is_text(kind, look):
    rows = [(HOSTILE, Score(40, 30, 50, 9)), (HOSTILE, absent(HOSTILE)), *ROWS]
    plain = draw(kind, [("name", Score(40, 30, 50, 9)), ("name", absent("reason")), *ROWS], look=look)
    chart = draw(kind, rows, title=HOSTILE, look=look)
    for svg, harmless in zip(sizes(chart), sizes(plain), strict=True):
        tags = {element.tag for element in parsed(svg).iter()}
        assert tags <= {
            SVG + name for name in ("svg", "title", "desc", "g", "path", "rect", "circle", "text", "defs", "pattern")
        }
        names = {name for element in parsed(svg).iter() for name in element.attrib}
        assert names == {name for element in parsed(harmless).iter() for name in element.attrib}
        assert "\u202e" not in svg
        svg.encode()  # no lone surrogates


@pytest.mark.parametrize("kind", sorted(CHARTS.keys() - NOT_OF_ROWS))
def test_a_withheld_number_is_a_hatch_and_nothing_else(kind):
    """All rows withheld: no dot, no bar, no number, in drawing, tips, description or table."""
    chart = draw(kind, [(f"Row {name}", WITHHELD) for name in "abcd"])
    for svg in sizes(chart):
        assert hatches(svg)
        assert texts(svg, "t-num") == []
        assert [tip for tip in tips(svg) if not tip.endswith("withheld: protects a small group")] == []
        assert [e for name in ("dot", "ring", "band", "whisker", "stroke", "fill") for e in with_class(svg, name)] == []
    if kind == "coverage":  # how few is said as the rule says it, never as a count
        assert [row[1].text for row in chart.spec.rows] == ["under 5"] * 4
    else:
        assert {(cell.text, cell.withheld) for row in chart.spec.rows for cell in row[1:] if cell.text} == {
            ("withheld: protects a small group", True)
        }
        assert not re.search(r"\d", chart.spec.description)


@pytest.mark.parametrize("kind", sorted(CHARTS.keys() - {*NOT_OF_ROWS, "coverage"}))
def test_an_absent_number_says_why_without_a_hatch(kind):
    chart = draw(kind, [(f"Row {name}", absent("needs two waves")) for name in "abcd"])
    for svg in sizes(chart):
        assert len(hatches(svg)) == (1 if kind == "heatmap" else 0)  # its legend explains the hatch
        assert texts(svg, "t-num") == []
    assert "needs two waves" in chart.spec.description
    assert {cell.text for row in chart.spec.rows for cell in row[1:] if cell.text} == {"needs two waves"}


@kinds
def test_the_same_arguments_give_the_same_bytes_from_any_thread(kind):
    expected = draw(kind)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: draw(kind), range(40))) == {expected}


@kinds
def test_ids_differ_between_sizes_and_by_salt(kind):
    def ids(chart):
        return {parsed(svg)[0].get("id") for svg in sizes(chart)}

    chart, salted = draw(kind), draw(kind, look=replace(PAGE, salt="second"))
    assert len(ids(chart)) == (1 if chart.wide == chart.narrow else 2)
    assert ids(chart).isdisjoint(ids(salted))
    for svg in sizes(chart):
        identifiers = [e.get("id") for e in parsed(svg).iter() if e.get("id")]
        assert len(identifiers) == len(set(identifiers))


@kinds
def test_literal_colours_draw_the_same_shapes(kind):
    page, literal = draw(kind), draw(kind, look=PRINT)
    geometry = ("x", "y", "x1", "d", "cx", "cy", "r", "width", "height", "rx", "transform", "viewBox")
    known = {*TOKENS.values(), *DEEP.values(), "none"}
    for one, other in zip(sizes(page), sizes(literal), strict=True):
        shapes = [[(e.tag, [e.get(name) for name in geometry]) for e in parsed(svg).iter()] for svg in (one, other)]
        assert shapes[0] == shapes[1]
        root = parsed(other)
        assert "var(" not in other
        assert [e.get("class") for e in root.iter() if e.get("class")] == [root.get("class")]
        paints = {e.get(name) for e in root.iter() for name in ("fill", "stroke") if e.get(name)}
        assert {paint for paint in paints if not paint.startswith("url(#")} <= known
        for element in root.iter(f"{SVG}text"):
            assert element.get("fill")
            assert element.get("font-size")


@kinds
def test_classes_are_the_only_colours_on_a_page(kind):
    for svg in sizes(draw(kind)):
        root = parsed(svg)
        painted = {e.get(name) for e in root.iter() for name in ("fill", "stroke", "style") if e.get(name)}
        assert {paint for paint in painted if not paint.startswith("url(#")} == set()
        assert set(COLOUR_OF) > {"d-inn"}


@kinds
def test_table_is_as_wide_as_its_head(kind):
    chart = draw(kind, ROWS * 3)
    assert {len(row) for row in table(chart)} == {len(chart.spec.columns)}


finite = st.floats(0, 100, allow_nan=False)


@st.composite
def values(draw_):
    kind = draw_(st.integers(0, 3))
    if kind == 0:
        return WITHHELD
    if kind == 1:
        return absent(draw_(st.text(max_size=40)))
    value, a, b = draw_(finite), draw_(finite), draw_(finite)
    if kind == 2:
        return Score(value, n=draw_(st.one_of(st.none(), st.integers(0, 10**7))))
    return Score(value, min(a, b), max(a, b), draw_(st.integers(0, 10**7)))


@kinds
@settings(max_examples=40, deadline=None)
@given(rows=st.lists(st.tuples(st.text(max_size=120), values()), max_size=12), title=st.text(max_size=80))
def test_any_input_gives_well_formed_contained_drawings(kind, rows, title):
    chart = draw(kind, rows, title=title)
    for svg in sizes(chart):
        assert list(outside(svg)) == []
        numbers = [
            e.get(n) for e in parsed(svg).iter() for n in ("x", "y", "cx", "cy", "width", "height", "r") if e.get(n)
        ]
        assert all(re.fullmatch(r"-?\d+(\.\d)?", number) for number in numbers)
        negative = [e for e in parsed(svg).iter() if (e.get("width") or "0").startswith("-")]
        assert negative == []
    draw(kind, rows, title=title, look=Look(theme="literal"))
