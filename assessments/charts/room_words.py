"""The words that charts of the room add: English by default, translated with the rest (`Words.room`)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoomWords:
    now: str = "this round"
    before: str = "round before"
    vote: str = "Vote"
    votes: str = "votes from {low} to {high}: {counts}"
    median: str = "median"
    median_of: str = "{round} median {value}"
    median_same: str = "{round} median {value}, as before"
    middle_half: str = "middle half"
    counted: str = "{count} in {round}"
    place: str = "Place"
    tied: str = "{place}, tied"
    option: str = "Option"
    dots: str = "Dots"
    mean_rank: str = "mean place"
    link: str = "Link"
    lowers: str = "lowers"
    no_effect: str = "no effect"
    raises: str = "raises"
    delay: str = "Delay"
    split: str = "opinions on the direction are split"
    guesses: str = "Guesses"
    outcome: str = "outcome"
