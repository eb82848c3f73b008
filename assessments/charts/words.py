"""The words charts use, in one place: English by default, translated by whoever passes another `Words`.

Templates are `str.format` patterns; every placeholder is named, so a translation may reorder them.
"""

from dataclasses import dataclass, field

from assessments.charts.loop_words import LoopWords
from assessments.charts.room_words import RoomWords
from ecosystems.numerals import number, signed


@dataclass(frozen=True, slots=True)
class Words:
    withheld: str = "withheld"
    withheld_long: str = "withheld: protects a small group"
    no_data: str = "Nothing to show yet"
    needs_three: str = "A profile needs at least three dimensions"
    range: str = "{low} to {high}"
    score: str = "Score"
    scale: str = "Scale"
    of_100: str = "of 100"
    interval: str = "95 % interval"
    no_interval: str = "no interval"
    previous: str = "previous wave"
    leaders: str = "leaders"
    others: str = "others"
    all_groups: str = "all groups"
    dimension: str = "Dimension"
    wave: str = "Wave"
    this_wave: str = "this wave"
    earlier_waves: str = "earlier waves"
    group: str = "Group"
    item: str = "Item"
    cant_say: str = "can’t say"
    per_cent: str = "per cent of those who rated"
    answers: str = "Answers"
    gap: str = "gap"
    change: str = "Change"
    what: str = "What"
    no_change: str = "no change"
    clear: str = "clear change"
    chance: str = "could be chance"
    answered: str = "Answered"
    invited: str = "Invited"
    of: str = "{part} of {whole}"
    under: str = "under {limit}"
    not_invited: str = "open link"
    fewer: str = "under {value}"
    more: str = "{value} or more"
    n: str = "n {n}"
    room: RoomWords = field(default_factory=RoomWords)
    loops: LoopWords = field(default_factory=LoopWords)

    def span(self, low: float, high: float, digits: int = 0, *, sign: bool = False) -> str:
        """`10 to 25`; with `sign`, `−2 to +14`."""
        write = signed if sign else number
        return self.range.format(low=write(low, digits), high=write(high, digits))
