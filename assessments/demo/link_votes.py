"""What thirty-one people of the network think of the links on its map, group by group."""

import random
from uuid import UUID

from assessments.services.maps.recording import map_changed
from ecosystems.models import DrawnLink, Ecosystem
from ecosystems.services.causal_votes import FactorName, GivenLink, replace_votes

ORIGIN = "workshop:kick-off"
VOTERS = {"customers": 7, "employees": 9, "partners": 9, "communities": 6}
SEEN = (3, 2, 2, 1, 2, 3, 1, 2, 0)
"""How strongly people see a link that most see, one after the other; 0: no effect."""
SPLIT = ("Speed of response", "Trust between growers and buyers")
"""Where those who work in the network fear what others hope for."""
UNSEEN = ("Soil and water care", "Produce grown locally")
"""What the communities do not see."""


def vote(*, ecosystem: Ecosystem, dice: random.Random) -> int:
    """Everybody votes on every link that was drawn. Returns how many votes there are."""
    links = DrawnLink.objects.filter(ecosystem=ecosystem).select_related("source", "target")
    people = [(group, _voice(dice)) for group, size in VOTERS.items() for _ in range(size)]
    given = [
        GivenLink(
            source=FactorName(link.source.name),
            target=FactorName(link.target.name),
            effect=_effect(link, group, place + number),
            delay=link.delay,
            group=group,
            voice=voice,
        )
        for number, link in enumerate(sorted(links, key=lambda one: (one.source.name, one.target.name)))
        for place, (group, voice) in enumerate(people)
    ]
    taken = replace_votes(
        ecosystem=ecosystem, origin=ORIGIN, shown_from=ecosystem.organization.min_group_size, links=given
    )
    if taken.revision is not None:
        map_changed(ecosystem=ecosystem, revision=taken.revision)
    return taken.votes


def _effect(link: DrawnLink, group: str, turn: int) -> int:
    pair = (link.source.name, link.target.name)
    if pair == UNSEEN and group == "communities":
        return 0
    seen = SEEN[turn % len(SEEN)]
    return -link.sign * min(seen, 2) if pair == SPLIT and group == "employees" else link.sign * seen


def _voice(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
