"""What the demo's waves ask about links of the map, and what its made-up people say of them."""

import random
from typing import Final

from assessments.demo.loops import FORECAST, LINKS, SAY, SPEED, WASTE
from assessments.enums import CANT_SAY
from assessments.models import Wave
from assessments.models.asked_links import AskedLink
from assessments.selectors.asked_links import effect_code, late_code
from assessments.services.drafts import Given
from assessments.services.wave_links import choose_links
from ecosystems.models import Factor, User

ASKED: Final = ((FORECAST, WASTE), (SAY, SPEED))
SEED: Final = 12
SIGNS: Final = {(source, target): sign for source, target, sign, _delay in LINKS}
SEEN: Final = (3, 2, 2, 2, 1, 1, 0, -1, CANT_SAY)
"""Of nine people: how strongly they see what was drawn; one sees the opposite, and one cannot say."""


def ask(*, wave: Wave, by: User) -> Wave:
    """Let the wave, in preparation, ask about them."""
    factors = Factor.objects.filter(
        ecosystem=wave.assessment.ecosystem, name__in={end for pair in ASKED for end in pair}
    )
    keys = dict(factors.values_list("name", "pk"))
    return choose_links(wave=wave, pairs=[(keys[source], keys[target]) for source, target in ASKED], by=by)


def said(links: tuple[AskedLink, ...], *, dice: random.Random, revision: int) -> list[Given]:
    """What one person says of each link."""
    given = []
    for place, link in enumerate(links):
        seen = dice.choice(SEEN)
        effect = seen if seen == CANT_SAY else seen * SIGNS[(link.source_name, link.target_name)]
        given.append(Given(item=effect_code(place), revision=revision, value=effect))
        if effect not in (0, CANT_SAY):
            given.append(Given(item=late_code(place), revision=revision, value=dice.choice((0, 0, 1))))
    return given
