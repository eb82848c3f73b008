"""What the made-up network is like: how people in each group would rate each facet, wave by wave, and what they write.

Innovation grows and trust pays back, but response slows down from wave to wave. Leaders are kinder than everybody else,
and the communities, who are few, rate lowest and often cannot say.
"""

from collections.abc import Mapping

WAVES = 3
WAVE_GAIN: Mapping[str, tuple[float, float, float]] = {
    "INN": (-9.0, -5.0, 0.0),
    "ECO": (-7.0, -4.0, 0.0),
    "ADA": (3.0, 3.0, 0.0),
    "SAT": (-4.0, -2.0, 0.0),
    "SUS": (-5.0, -2.0, 0.0),
}
FACET_GAIN: Mapping[str, tuple[float, float, float]] = {
    "INN-FLOW": (-9.0, -2.0, 0.0),
    "INN-SCAL": (-12.0, -5.0, 0.0),
    "ADA-SPEED": (18.0, 9.0, 0.0),
    "ECO-TRUST": (-18.0, -13.0, 0.0),
    "SAT-PART": (-15.0, -4.0, 0.0),
}
LEVEL: Mapping[str, Mapping[str, float]] = {
    "customers": {"INN": 63, "ECO": 67, "ADA": 51, "SAT": 72, "SUS": 66},
    "employees": {"INN": 55, "ECO": 61, "ADA": 45, "SAT": 63, "SUS": 60},
    "partners": {"INN": 58, "ECO": 64, "ADA": 50, "SAT": 68, "SUS": 62},
    "communities": {"INN": 48, "ECO": 55, "ADA": 36, "SAT": 50, "SUS": 55},
    "leaders": {"INN": 70, "ECO": 72, "ADA": 68, "SAT": 71, "SUS": 65},
}
FACET_LEVEL: Mapping[str, float] = {"INN-SCAL": 3, "ADA-SPEED": -5, "ADA-LEARN": 3, "ECO-TRUST": 3, "SUS-RESO": -4}
LEADERSHIP: Mapping[str, float] = {"MND": 72, "PRI": 69, "PRA": 66, "CON": 48, "RES": 64}
OF_MARTA: Mapping[str, float] = {"MND-COLL": -12, "PRI-DIST": -14, "PRA-SAFE": -9, "MND-PURP": 8, "RES-RESI": 6}
"""How the people around her see the demo's leader, beside her own view."""

CANT_SAY: Mapping[str, float] = {
    "customers": 0.06,
    "employees": 0.03,
    "partners": 0.04,
    "communities": 0.08,
    "leaders": 0.02,
}
CANT_SAY_OF: Mapping[tuple[str, str], float] = {("communities", "INN"): 0.9, ("customers", "ECO-TIES"): 0.2}

ASKED: Mapping[str, int] = {"customers": 340, "communities": 40, "employees": 96, "partners": 64}
"""Expected readers of a public link, or people with a personal link."""
ANSWERED: Mapping[str, tuple[int, int, int]] = {
    "customers": (50, 54, 58),
    "employees": (38, 42, 47),
    "partners": (24, 28, 33),
    "communities": (12, 13, 15),
    "leaders": (8, 9, 10),
}
PULSE_ANSWERED: Mapping[str, int] = {"customers": 13, "employees": 8, "partners": 6, "communities": 3, "leaders": 4}

SPREAD_OF_PEOPLE = 9.0
SPREAD_OF_ANSWERS = 13.0
COMMENT_SHARE = 0.08

COMMENTS: Mapping[str, tuple[str, ...]] = {
    "INN": (
        "The refill crates started as one shop's idea and are now everywhere. More of that.",
        "We tried the shared van for six weeks, it worked, and then nobody decided anything.",
        "New things come up at every meeting. I rarely hear what became of the last ones.",
        "The recipe cards with the odd vegetables sold out the box in a week.",
        "Good that the trial plots are open to visitors now.",
        "A form on the website is where ideas go to sleep.",
    ),
    "ECO": (
        "When the frost came people lent each other fleece without asking who pays.",
        "We learn about price changes from the invoice.",
        "The Saturday round before the market opens is worth more than the monthly meeting.",
        "It helps that the food bank sits at the same table now.",
        "The bigger farms talk to the shops, the small ones hear about it later.",
        "I trust the drivers. I am less sure about the planning.",
    ),
    "ADA": (
        "The new phone line helps, but at weekends nobody picks up.",
        "By the time a shortage reaches us the shelf has been empty for two days.",
        "Changes to the delivery plan arrive by three different ways, and they disagree.",
        "Coordinators are stretched. They answer, but in the evening.",
        "After the flood we sat together once and changed the routes. We should do that every season.",
        "Everybody waits for the same two people.",
        "A text message when the van is late would save us an hour.",
        "Nobody tells the shops before the harvest is short, so we explain it to customers ourselves.",
        "The night shift has no number to call.",
        "Small things are put right at once. Large ones go round in circles.",
        "In the heat wave the plan changed four times in one day.",
        "It got slower since the second coordinator left.",
        "Once somebody takes it up it goes well. Finding that somebody takes days.",
        "Complaints are answered politely and late.",
    ),
    "SAT": (
        "My children know which farm the carrots come from.",
        "Shifts are fairer than last year.",
        "Payment within two weeks makes the difference for a farm of our size.",
        "The lorries still start at five in the morning under our windows.",
        "I would like to choose what is in the box, at least once a month.",
        "We are asked to events, seldom to decisions.",
    ),
    "SUS": (
        "Less plastic, good. The cold store still runs on oil.",
        "The hedges along the brook are back, and so are the birds.",
        "I wonder who will take over the farms in ten years.",
        "What happens to the water in August should be said openly.",
        "The soil tests are the best thing the university brings.",
        "Seasonal workers should know whom to turn to.",
    ),
}
