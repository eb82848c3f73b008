"""Votes on the links of a causal map, as a workshop leaves them and as people give them in a wave."""

from collections.abc import Sequence
from uuid import uuid4

from assessments.models import Response, Wave
from assessments.services.wave_links import choose_links
from assessments.services.waves import open_wave
from ecosystems.models import Ecosystem, LinkVote
from tests.factories.assessments import make_wave


def cast(
    ecosystem: Ecosystem,
    source: int,
    target: int,
    effects: list[int],
    *,
    group: str = "",
    origin: str = "workshop:1",
    shown_from: int = 5,
    delay: int | None = None,
) -> None:
    """One voice each."""
    LinkVote.objects.bulk_create(
        LinkVote(
            ecosystem=ecosystem,
            source_id=source,
            target_id=target,
            effect=effect,
            delay=delay,
            group=group,
            voice=uuid4(),
            origin=origin,
            shown_from=shown_from,
        )
        for effect in effects
    )


def ask_about(ecosystem: Ecosystem, *pairs: tuple[int, int]) -> Wave:
    """An open wave that asks about these links."""
    wave = make_wave(ecosystem, people=1)
    return open_wave(wave=choose_links(wave=wave, pairs=pairs, by=None), by=None)


def say(wave: Wave, *answers: Sequence[int | None], group: str = "customers") -> None:
    """A new response each: an effect for every link that the wave asks about, and when it shows."""
    chosen = wave.groups.get(key=group)
    blank = [None] * len(wave.version.item_codes)
    Response.objects.bulk_create(
        Response(wave=wave, group=chosen, values=blank, link_values=[one for effect in effects for one in (effect, 1)])
        for effects in answers
    )
