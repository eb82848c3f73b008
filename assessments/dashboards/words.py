"""The charts' words in the reader's language: charts are pure and know no translations, so they are given them."""

from django.utils.translation import gettext as _

from assessments.charts.loop_words import LoopWords
from assessments.charts.room_words import RoomWords
from assessments.charts.words import Words


def chart_words() -> Words:
    """Built per request, since the language is the reader's. Use as `Look(words=chart_words())`."""
    return Words(
        withheld=_("withheld"),
        withheld_long=_("withheld: protects a small group"),
        no_data=_("Nothing to show yet"),
        needs_three=_("A profile needs at least three dimensions"),
        range=_("{low} to {high}"),
        score=_("Score"),
        scale=_("Scale"),
        of_100=_("of 100"),
        interval=_("95 % interval"),
        no_interval=_("no interval"),
        previous=_("previous wave"),
        leaders=_("leaders"),
        others=_("others"),
        all_groups=_("all groups"),
        dimension=_("Dimension"),
        wave=_("Wave"),
        this_wave=_("this wave"),
        earlier_waves=_("earlier waves"),
        group=_("Group"),
        item=_("Item"),
        cant_say=_("can’t say"),
        per_cent=_("per cent of those who rated"),
        answers=_("Answers"),
        gap=_("gap"),
        change=_("Change"),
        what=_("What"),
        no_change=_("no change"),
        clear=_("clear change"),
        chance=_("could be chance"),
        answered=_("Answered"),
        invited=_("Invited"),
        of=_("{part} of {whole}"),
        under=_("under {limit}"),
        not_invited=_("open link"),
        fewer=_("under {value}"),
        more=_("{value} or more"),
        n=_("n {n}"),
        room=_room_words(),
        loops=_loop_words(),
    )


def _room_words() -> RoomWords:
    return RoomWords(
        now=_("this round"),
        before=_("round before"),
        vote=_("Vote"),
        votes=_("votes from {low} to {high}: {counts}"),
        median=_("median"),
        median_of=_("{round} median {value}"),
        median_same=_("{round} median {value}, as before"),
        middle_half=_("middle half"),
        counted=_("{count} in {round}"),
        place=_("Place"),
        tied=_("{place}, tied"),
        option=_("Option"),
        dots=_("Dots"),
        mean_rank=_("mean place"),
        link=_("Link"),
        lowers=_("lowers"),
        no_effect=_("no effect"),
        raises=_("raises"),
        delay=_("Delay"),
        split=_("opinions on the direction are split"),
        guesses=_("Guesses"),
        outcome=_("outcome"),
    )


def _loop_words() -> LoopWords:
    return LoopWords(
        source=_("From"),
        target=_("To"),
        direction=_("Direction"),
        same=_("same (+)"),
        opposite=_("opposite (−)"),
        split=_("opinions are split (±)"),
        delay=_("Delay"),
        at_once=_("at once"),
        delayed=_("after a delay"),
        held=_("Held by"),
        raises=_("{source} raises {target}"),
        lowers=_("{source} lowers {target}"),
        contested=_("{source} raises or lowers {target}"),
        with_delay=_("{link}, after a delay"),
        same_key=_("same direction (+)"),
        opposite_key=_("opposite direction (−)"),
        reinforcing=_("reinforcing: each turn adds to the last"),
        balancing=_("balancing: each turn pulls back"),
        stage=_("Stage"),
        since=_("From the stage before"),
        reached=_("Reached"),
        now=_("now"),
        scenario=_("scenario"),
        band=_("5–95 % band"),
        change_and_share=_("change · draws that agree"),
        agree=_("Draws that agree"),
        came=_("what came"),
        step=_("Step {n}"),
    )
