import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.charts.text import clean, fit, text_width, wrap


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("a\x00b", "ab"), ("  two\n words\t", "two words"), ("\u202eevil", "evil"), ("\ud800x", "x"), ("é<>", "é<>")],
)
def test_clean_drops_what_xml_forbids_and_what_reorders_text(raw, shown):
    assert clean(raw) == shown


def test_fit_keeps_what_fits_and_marks_the_cut():
    assert fit("Trust", 100) == "Trust"
    assert fit("Stakeholder satisfaction", 80) == "Stakeholde…"


def test_wrap_breaks_between_words_and_cuts_the_last_line():
    assert wrap("one two three four", 60, lines=2) == ["one two", "three fo…"]
    assert wrap("", 60) == [""]


@given(st.text(max_size=200), st.floats(12, 400), st.sampled_from([11.5, 13, 16]), st.booleans())
def test_wrapped_lines_stay_within_the_width(text, width, size, bold):
    lines = wrap(text, width, size, bold, lines=3)
    assert 1 <= len(lines) <= 3
    assert max(text_width(line, size, bold) for line in lines) <= max(width, text_width("…", size, bold))
