"""The causal map of the demo's network: eleven factors, sixteen links, four loops that people named."""

import random
from uuid import uuid4

from assessments.demo import link_votes
from assessments.services.maps import edits
from assessments.services.maps.loop_names import name_loop
from ecosystems.models import Ecosystem, Factor, User

SEED = 31
WIDTH, HEIGHT = 1_000, 620
FACTORS = {
    "Trust between growers and buyers": ("ECO-TRUST", 0.45, 0.04),
    "Shared demand forecast": ("", 0.11, 0.16),
    "Food wasted": ("", 0.10, 0.60),
    "Fair margin for growers": ("SAT-PART", 0.43, 0.50),
    "New local products": ("INN-FLOW", 0.62, 0.95),
    "Produce grown locally": ("", 0.33, 0.95),
    "Coordinators’ workload": ("", 0.70, 0.58),
    "Learning from each season": ("ADA-LEARN", 0.93, 0.88),
    "Speed of response": ("ADA-SPEED", 0.76, 0.17),
    "Communities’ say in decisions": ("SAT-COMM", 0.96, 0.40),
    "Soil and water care": ("", 0.0, 0.80),
}
"""Which score each is tied to, '' for none, and where it stands."""
TRUST, FORECAST, WASTE, MARGIN, PRODUCTS, LOCAL, LOAD, LEARNING, SPEED, SAY, SOIL = FACTORS
MEASURED_BY = {SOIL: "SUS-EV-FLOOR"}
"""Figures in place of ratings: how many of the resources stand above their floor."""
LINKS = (
    (TRUST, FORECAST, 1, 0),
    (FORECAST, WASTE, -1, 0),
    (WASTE, MARGIN, -1, 0),
    (MARGIN, TRUST, 1, 1),
    (MARGIN, PRODUCTS, 1, 0),
    (PRODUCTS, LOCAL, 1, 1),
    (LOCAL, MARGIN, 1, 0),
    (PRODUCTS, LOAD, 1, 0),
    (LOAD, LEARNING, -1, 0),
    (LEARNING, PRODUCTS, 1, 0),
    (LOAD, SPEED, -1, 0),
    (SPEED, LOAD, -1, 0),
    (SPEED, TRUST, 1, 0),
    (SAY, SPEED, 1, 0),
    (SOIL, LOCAL, 1, 1),
    (LEARNING, SAY, 1, 0),
)
NAMES = (
    (
        (TRUST, FORECAST, WASTE, MARGIN),
        "Trust pays back",
        "Trust brings a shared forecast, less waste and fair margins. Each turn makes the next one easier.",
    ),
    (
        (PRODUCTS, LOAD, LEARNING),
        "Stretched coordinators",
        "New products add work, which eats the time to learn, which slows new products.",
    ),
    (
        (LOAD, SPEED),
        "Answered in time",
        "Who is answered in time asks once, and that leaves time for the next answer.",
    ),
    (
        (MARGIN, PRODUCTS, LOCAL),
        "New crops, new margins",
        "Margins pay for new products, which bring more local produce.",
    ),
)


def draw(*, ecosystem: Ecosystem, by: User) -> None:
    """Draw the map, let people vote on it, and name its loops."""
    keys: dict[str, int] = {}
    for name, (facet, x, y) in FACTORS.items():
        edits.add_factor(
            ecosystem=ecosystem,
            key=uuid4(),
            by=by,
            name=name,
            facet=facet,
            indicator=MEASURED_BY.get(name, ""),
            x=x * WIDTH,
            y=y * HEIGHT,
        )
        keys[name] = Factor.objects.get(ecosystem=ecosystem, name=name).pk
    for source, target, sign, delay in LINKS:
        edits.draw_link(
            ecosystem=ecosystem,
            key=uuid4(),
            by=by,
            source=keys[source],
            target=keys[target],
            sign=sign,
            strength=2,
            delay=delay,
        )
    link_votes.vote(ecosystem=ecosystem, dice=random.Random(SEED))  # noqa: S311 - reproducible, not a secret
    for members, name, note in NAMES:
        name_loop(ecosystem=ecosystem, members=">".join(str(keys[one]) for one in members), by=by, name=name, note=note)
