"""What of a name can be seen, and which names are one."""

import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from ecosystems.names import name_key, visible


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u200d\u200c", "\u202e\u2066", "\ufeff", "\u3164", "\u2800 \ufe0f"]
)
def test_what_nobody_sees_is_nothing(text: str) -> None:
    assert visible(text) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Trust", "Trust"),
        ("\u202eTrust\u202c", "Trust"),
        ("Tr\u200bust", "Trust"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_what_can_be_seen_stays(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_no_mark_that_turns_text_around_is_left(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not {"RLO", "LRO", "RLE", "LRE", "RLI", "LRI", "FSI", "PDF", "PDI"} & {
        unicodedata.bidirectional(one) for one in shown
    }


@pytest.mark.django_db
def test_names_that_are_one_for_the_database_are_one() -> None:
    """Over every character that this Python knows, as the constraint on factors asks."""
    letters = [chr(code) for code in range(1, 0x110000) if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT one, lower(one) FROM unnest(%s) AS one", [letters])
        lowered = cursor.fetchall()
    keys: dict[str, set[str]] = {}
    for one, lower in lowered:
        keys.setdefault(lower, set()).add(name_key(one))
    assert {lower: found for lower, found in keys.items() if len(found) > 1} == {}
