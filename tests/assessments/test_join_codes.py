"""Join codes are easy to say, hard to guess, and read however they are typed."""

import codecs
import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import join_codes
from assessments.join_codes import CodeProblem, code_problem, code_words, new_code, read_code

WORDS = code_words()
TWINS_IN_SOUND = """
BATON BATTEN BEACH BEAN BEECH BEEN BERRY BOARD BORED BREAD BRED BURY CEDE CENT CEREAL CHILI CHILLY CHORAL COLONEL
CORAL CURB CURRANT CURRENT DEAR DEER DESERT DESSERT DRAFT DRAUGHT FAIR FAIRY FARE FERRY FLAIR FLARE FLOUR FLOWER
GAIT GATE GRILL GRILLE HAIR HARE HART HEART HOARSE HORSE KERB KERNEL KNIGHT LEAK LEEK MAIL MAIZE MALE MANNER MANOR
MAZE MEDAL MEDDLE METAL METTLE MINER MINOR MUSCLE MUSSEL NAVAL NAVEL NIGHT PAIR PARE PEACE PEAR PEDAL PEDDLE PEER
PETAL PETREL PETROL PIDGIN PIECE PIER PIGEON PLUM PLUMB PRINCE PRINTS QUARTS QUARTZ RAIN REIGN RING ROAD RODE ROOT
ROSE ROUTE ROWS SAIL SALE SAUCE SCENE SCENT SEED SEEN SERIAL SOURCE STAIR STAKE STARE STEAK STEAL STEEL STOREY STORY
SUITE SUNDAE SUNDAY SWEET TAIL TALE THRONE THROWN THYME TIDE TIED TIME TOAD TOWED WAIL WAIST WAIVE WASTE WAVE WEAK
WEATHER WEEK WHALE WHETHER WHINE WINE WOOD WOULD WRING YOKE YOLK
"""
RUDE_ROT13 = "fuvg shpx phag pbpx qvpx gvgf cbea fyhg juber jnax ovgpu avtt snttbg anmv fyniv encr xvyy zheqr cvff"


def slips(one: str, other: str) -> int:
    """Letters changed, put in, left out or swapped with the next, to get from one word to the other."""
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(one, 1):
        row = [at]
        for across, wanted in enumerate(other, 1):
            least = min(rows[-1][across] + 1, row[-1] + 1, rows[-1][across - 1] + (letter != wanted))
            if at > 1 and across > 1 and letter == other[across - 2] and one[at - 2] == wanted:
                least = min(least, rows[-2][across - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]


def test_the_list_has_enough_words_of_plain_letters() -> None:
    assert len(WORDS) >= 1_000
    assert list(WORDS) == sorted(set(WORDS))
    assert [word for word in WORDS if not re.fullmatch("[A-Z]{4,6}", word)] == []


def test_there_are_more_than_64_million_codes() -> None:
    assert join_codes.code_count() == len(WORDS) * (len(WORDS) - 1) * 64
    assert join_codes.code_count() > 64_000_000


def test_no_word_begins_another() -> None:
    """So that words typed without a space can be read in one way only, and no plural stands beside its singular."""
    assert [pair for pair in pairwise(WORDS) if pair[1].startswith(pair[0])] == []


def test_no_slip_of_the_hand_makes_one_word_another() -> None:
    neighbours = [
        (one, other) for one, other in combinations(WORDS, 2) if abs(len(one) - len(other)) < 2 and shares(one, other)
    ]
    assert [pair for pair in neighbours if slips(*pair) < 2] == []


def shares(one: str, other: str) -> bool:
    """A cheap test that words one slip apart always pass: the letters differ by one at each side at most."""
    return len(set(one) - set(other)) < 2 and len(set(other) - set(one)) < 2


def test_words_with_a_twin_in_sound_are_not_on_the_list() -> None:
    assert sorted(set(TWINS_IN_SOUND.split()) & set(WORDS)) == []


def test_no_word_is_rude() -> None:
    rude = codecs.decode(RUDE_ROT13, "rot13").upper().split()
    assert [word for word in WORDS if any(root in word for root in rude) and word != "SKILL"] == []


def test_slips_are_counted() -> None:
    pairs = [("KELP", "KELP"), ("KELP", "HELP"), ("KELP", "KELPS"), ("KELP", "EKLP"), ("KELP", "LEAP"), ("", "AB")]
    assert [slips(*pair) for pair in pairs] == [0, 1, 1, 1, 2, 2]


def test_a_new_code_reads_back_as_itself() -> None:
    for code in {new_code() for _each in range(500)}:
        assert re.fullmatch("[A-Z]{4,6}-[A-Z]{4,6}-[2-9]{2}", code)
        assert read_code(code) == code
        assert code_problem(code) is None


def test_new_codes_use_the_whole_list_and_never_a_word_twice() -> None:
    codes = [new_code().split("-") for _each in range(20_000)]
    assert {word for first, second, _digits in codes for word in (first, second)} == set(WORDS)
    assert {digit for _first, _second, digits in codes for digit in digits} == set("23456789")
    assert [code for code in codes if code[0] == code[1]] == []


@pytest.mark.parametrize(
    "typed",
    [
        "KELP-OTTER-42",
        "kelp otter 42",
        "kelpotter42",
        "Kelp.Otter.42",
        "kelp–otter—42",
        "  kelp-otter-42.  ",
        "kelp otter 4 2",
        "ke lp ot ter 42",
        "#kelp_otter_42!",
        "“KELP-OTTER-42”",
        "Code: kelp otter 42",
        "the code is KELP OTTER 42, hurry up",
        "https://example.org:8000/j/KELP-OTTER-42/",
        "http://10.0.0.23/j/kelp-otter-42",
        "\uff2b\uff25\uff2c\uff30-\uff4f\uff54\uff54\uff45\uff52-\uff14\uff12",
        "kelp otter ٤٢",
        "kélp ötter 42",
        "kelp\u00adotter\u200b42",
        "kelp\notter\n42",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "KELP-OTTER-42"
    assert code_problem(typed) is None


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", CodeProblem.EMPTY),
        (" -.- ", CodeProblem.EMPTY),
        ("\0", CodeProblem.EMPTY),
        ("KELP-OTTER-40", CodeProblem.DIGITS),
        ("KELP-OTTER-14", CodeProblem.DIGITS),
        ("KELP-OTTER-4O", CodeProblem.DIGITS),
        ("KELP-OTTER-l2", CodeProblem.DIGITS),
        ("kelpotter4o", CodeProblem.DIGITS),
        ("kelp otter OI", CodeProblem.DIGITS),
        ("kelp otter", CodeProblem.DIGITS),
        ("kelp otter 4", CodeProblem.DIGITS),
        ("kelp otter 423", CodeProblem.DIGITS),
        ("KELB-OTTER-42", CodeProblem.WORDS),
        ("KELP-42", CodeProblem.WORDS),
        ("KELP-KELP-42", CodeProblem.WORDS),
        ("OTTER 42 KELP", CodeProblem.WORDS),
        ("42", CodeProblem.SHAPE),
        ("42 kelp", CodeProblem.SHAPE),
        ("kelp", CodeProblem.SHAPE),
        ("good morning", CodeProblem.SHAPE),
        ("келп-оттер-42", CodeProblem.SHAPE),
        ("K" * 100_000, CodeProblem.SHAPE),
    ],
)
def test_what_is_no_code_is_told_apart_by_its_shape_alone(typed: str, problem: CodeProblem) -> None:
    assert read_code(typed) is None
    assert code_problem(typed) is problem


@given(st.text(max_size=300))
def test_any_text_is_either_a_code_or_a_problem(typed: str) -> None:
    assert (read_code(typed) is None) is (code_problem(typed) is not None)


@given(st.sampled_from(WORDS), st.sampled_from(WORDS), st.text("23456789", min_size=2, max_size=2))
def test_words_run_together_are_read_in_one_way(first: str, second: str, digits: str) -> None:
    expected = None if first == second else f"{first}-{second}-{digits}"
    assert read_code(f"{first}{second}{digits}") == expected
