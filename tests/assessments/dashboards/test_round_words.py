"""The figures of a round as sentences."""

import pytest

from assessments.dashboards import round_words as words
from assessments.scoring.room.results import LinkVote, Order, Rating, Shift, Spread, Tally, Turnout


def spread(median: float, low: float, high: float, **more: float) -> Spread:
    return Spread(n=8, counts=(8,), median=median, lower_quartile=low, upper_quartile=high, iqr=high - low, **more)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (spread(6, 5, 6), None, "The median is 6; the middle half spans 5 to 6."),
        (spread(6, 6, 6), None, "The median is 6; the middle half spans 6."),
        (
            spread(6, 5, 6),
            spread(5, 4, 6),
            "The median moved from 5 to 6 and the room moved closer: the middle half now spans 5 to 6, before 4 to 6.",
        ),
        (
            spread(6, 4, 7),
            spread(5, 4, 6),
            "The median moved from 5 to 6 and the room moved apart: the middle half now spans 4 to 7, before 4 to 6.",
        ),
        (
            spread(6, 5, 7),
            spread(5, 4, 6),
            "The median moved from 5 to 6; the middle half spans 5 to 7, before 4 to 6.",
        ),
        (
            spread(5, 4.5, 5.5),
            spread(5, 4, 6),
            "The median is still 5, and the room moved closer: the middle half now spans 4.5 to 5.5, before 4 to 6.",
        ),
        (
            spread(5, 3, 6),
            spread(5, 4, 6),
            "The median is still 5, and the room moved apart: the middle half now spans 3 to 6, before 4 to 6.",
        ),
        (
            spread(5, 4, 6),
            spread(5, 4, 6),
            "The median is still 5, and the middle half still spans as much: 4 to 6.",
        ),
    ],
)
def test_what_moved(now: Spread, before: Spread | None, said: str) -> None:
    assert words.spread_words(now, before) == said


def test_who_stands_behind_a_result_and_who_waits() -> None:
    assert words.turnout_words(Turnout(fresh=30, standing=0), 5) == ("30 people count.",)
    assert words.turnout_words(Turnout(fresh=28, standing=6, cant_say=2, waiting=3, held=1), 5) == (
        "34 people count; 5 did not vote again and keep their earlier vote.",
        "2 of them cannot say.",
        "3 new people wait until at least 5 can be added together.",
        "1 vote given again waits until at least 5 can be counted together; the earlier one counts.",
    )


def test_nobody_is_told_that_nothing_moves_while_votes_wait() -> None:
    shift = Shift(since=1, median_change=0, iqr_change=0, paired=8, kept_share=1, kappa=1)
    before = Rating(spread=spread(5, 4, 6))
    now = Rating(turnout=Turnout(fresh=0, standing=8, held=4), spread=spread(5, 4, 6), shift=shift, stable=True)
    assert words.rating_words(now, before, 5) == (
        "The median is 5; the middle half spans 4 to 6. "
        "4 votes given again wait until at least 5 can be counted together; the earlier ones count.",
        "8 people count; 4 did not vote again and keep their earlier vote.",
    )
    now = Rating(turnout=Turnout(fresh=6, standing=1, held=1), spread=spread(5, 4, 6), shift=shift, stable=True)
    assert words.rating_words(now, before, 5) == (
        "The median is still 5, and the middle half still spans as much: 4 to 6. "
        "1 vote given again waits until at least 5 can be counted together; the earlier one counts.",
        "7 people count.",
    )
    assert words.tally_words(Tally(dots=9, turnout=Turnout(fresh=0, standing=6, held=2)), 5) == (
        "9 dots were given. 2 votes given again wait until at least 5 can be counted together; the earlier ones count.",
        "6 people count; 4 did not vote again and keep their earlier vote.",
    )


def test_a_withheld_rating_says_why_and_nothing_else() -> None:
    assert words.rating_words(Rating(withheld=True), None, 5) == (
        "Withheld: protects a small group. A result is shown from 5 people on.",
    )


def test_a_rating_with_its_shift() -> None:
    now = Rating(
        turnout=Turnout(fresh=8, standing=0),
        spread=spread(6, 5, 6, consensus=0.724, agree_share=0.25),
        shift=Shift(since=1, median_change=1, iqr_change=-1, paired=8, kept_share=0.625, kappa=0.81),
        stable=False,
        confidence=3.44,
        confidence_n=8,
    )
    assert words.rating_words(now, Rating(spread=spread(5, 4, 6)), 5, agree_from=8)[1:] == (
        "Consensus 0.72 on 0 (split in two) to 1 (all the same). 25 % chose 8 or more.",
        "63 % kept their vote.",
        "Agreement between the rounds (weighted κ): 0.81.",
        "Still moving: another round may change it.",
        "Mean confidence 3.4 on 1 to 5.",
        "8 people count.",
    )


def test_what_would_tell_of_a_few_is_not_said() -> None:
    assert words.shift_words(Shift(since=1, median_change=0, iqr_change=0), True) == (
        "How many kept their vote is withheld: it would tell something about a few.",
        "Stable: another round is unlikely to change it.",
    )


def test_links_dots_and_orders() -> None:
    link = LinkVote(spread=spread(2, 1, 2), raises=0.5, lowers=0.4, none=0.1, strength=2, conflict=True)
    assert words.link_words(link, 5) == (
        "50 % say it raises, 40 % that it lowers, 10 % no effect.",
        "Strength, in the middle: medium.",
        "Opinions on the direction are split: talk about both.",
    )
    assert words.tally_words(Tally(dots=1), 5) == ("1 dot was given.",)
    assert words.order_words(Order(w=0.756, tau=-0.33), 5) == (
        "The room has one order in mind (Kendall’s W 0.76).",
        "Against the round before: Kendall’s τ −0.33.",
    )
    assert words.order_words(Order(w=0.2), 5) == ("The room has hardly any order in common (Kendall’s W 0.20).",)


@pytest.mark.parametrize(
    ("median", "said"),
    [
        (1.0, "weak"),
        (1.5, "between weak and medium"),
        (2.0, "medium"),
        (2.5, "between medium and strong"),
        (3.0, "strong"),
    ],
)
def test_a_strength_may_lie_between_two(median: float, said: str) -> None:
    link = LinkVote(spread=spread(1, 1, 2), raises=1.0, lowers=0.0, none=0.0, strength=median)
    assert words.link_words(link, 5)[1] == f"Strength, in the middle: {said}."
