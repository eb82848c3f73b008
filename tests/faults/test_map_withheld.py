"""Somebody who reads every page and file about a map on which a few people voted.

Two worlds differ only in what those few said. Everything that leaves the server must be the same in both.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assessments.exports.map_files import MAP_FILES
from assessments.models import FeedbackSummary
from assessments.selectors.scenario_records import stored
from assessments.selectors.scenarios import ground_of
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from ecosystems.models import Ecosystem, User
from ecosystems.selectors.map_versions import content_of
from tests.factories.assessments import make_assessment
from tests.factories.link_votes import cast
from tests.factories.maps import MapMaker
from tests.factories.results import make_scored_wave
from tests.factories.scenarios import SMALL

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
CHANGING = (
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",  # new keys of forms
    rb'name="csrfmiddlewaretoken" value="\w+"',
    rb'"[A-Za-z0-9]{64}"',
    rb":1[A-Za-z0-9]{5}:[A-Za-z0-9_-]{43}",  # when an address was signed
)
Keys = dict[str, int]


@contextmanager
def world() -> Iterator[None]:
    """What happens here is undone, so that the other world begins where this one began."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def keys(ecosystem: Ecosystem, facilitator: User) -> Keys:
    """A measured circle of four, and a link across that nobody drew."""
    make_scored_wave(make_assessment(ecosystem), answers=SMALL)
    maker = MapMaker(ecosystem, facilitator)
    keys = {name: maker.factor(name, f"{name.upper()}") for name in ("Ada", "Inn", "Eco", "Sus")}
    for source, target in (("Ada", "Inn"), ("Inn", "Eco"), ("Eco", "Sus"), ("Sus", "Ada")):
        maker.link(keys[source], keys[target])
    assert summarise(ecosystem_id=ecosystem.pk)  # the wave's signals have their keys in every world
    return keys


def say(ecosystem: Ecosystem, keys: Keys, few: int, delay: int) -> None:
    """Few on a drawn link, few where nothing is drawn, few after many, few in a group, few who named a delay."""
    ada, inn, eco, sus = keys.values()
    cast(ecosystem, ada, inn, [few] * 4)
    cast(ecosystem, ada, eco, [few] * 4)
    cast(ecosystem, inn, eco, [1, 2, -1, 0, 3, 3, 2])
    cast(ecosystem, inn, eco, [few] * 4, origin="workshop:2")
    # together they say the same in both worlds
    cast(ecosystem, eco, sus, [1, 1, 1, few, few], group="customers")
    cast(ecosystem, eco, sus, [-few, -few], group="partners")
    cast(ecosystem, sus, ada, [2] * 5)
    cast(ecosystem, sus, ada, [2] * 4, delay=delay)


def read(ecosystem: Ecosystem, keys: Keys, reader: Client) -> dict[str, bytes]:
    """What pages, files, versions, scenarios and summaries hold."""
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    assert summarise(ecosystem_id=ecosystem.pk)
    here = [ecosystem.organization.slug, ecosystem.slug]
    loop = ">".join(sorted(map(str, keys.values())))
    places = [
        *(reverse(f"assessments:{name}", args=here) for name in ("map", "map-list", "map-compare", "loops")),
        reverse("assessments:map", args=here) + "?part=json",
        reverse("assessments:loop", args=[*here, loop]),
        reverse("assessments:scenario-new", args=here),
        *(reverse("assessments:map-export", args=[*here, kind]) for kind in MAP_FILES),
    ]
    links = reverse("assessments:loops-links", args=here)
    ada, inn, eco, sus = keys.values()
    places += [f"{links}?votes={one}-{other}" for one, other in ((ada, inn), (ada, eco), (inn, eco), (eco, sus))]
    places += [f"{links}?order={order}&show={show}" for order, show in (("agreement", "voted"), ("effect", "minority"))]
    found = {
        "version": json.dumps(content_of(ecosystem)).encode(),
        "scenario": json.dumps(stored(ground_of(ecosystem).basis)).encode(),
        "summary": json.dumps(FeedbackSummary.objects.get().results).encode(),
    }
    for place in places:
        answer = reader.get(place)
        assert answer.status_code == 200, place
        found[place] = answer.content
        for changing in CHANGING:
            found[place] = re.sub(changing, b"*", found[place])
    return found


def test_what_a_few_said_is_told_nowhere(ecosystem: Ecosystem, facilitator: User, keys: Keys, client_of: LogIn) -> None:
    reader, worlds = client_of(facilitator), []
    for few, delay in ((3, 0), (-3, 2)):
        with world():
            say(ecosystem, keys, few, delay)
            worlds.append(read(ecosystem, keys, reader))
    one, other = worlds
    assert [place for place, content in one.items() if other[place] != content] == []


def test_the_reader_sees_what_enough_people_said(
    ecosystem: Ecosystem, facilitator: User, keys: Keys, client_of: LogIn
) -> None:
    """The two worlds are told apart where they may be: else the other test could not fail."""
    reader, worlds = client_of(facilitator), []
    ada, inn, eco, _sus = keys.values()
    for effect in (3, -3):
        with world():
            cast(ecosystem, ada, inn, [effect] * 5)
            cast(ecosystem, ada, eco, [effect] * 5, group="customers")
            worlds.append(read(ecosystem, keys, reader))
    one, other = worlds
    alike = [place for place in one if one[place] == other[place]]
    no_votes = ("scenarios/new/", "export.factors.csv/", "export.kumu-elements.csv/", "show=minority")
    assert [place for place in alike if not place.endswith(no_votes)] == []
