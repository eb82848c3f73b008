"""Votes on the links of a causal map, as a workshop leaves them."""

from uuid import uuid4

from ecosystems.models import Ecosystem, LinkVote


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
