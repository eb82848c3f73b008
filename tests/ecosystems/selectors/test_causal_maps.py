"""The map that stands: drawn or voted, what is held of it, and that nobody's vote can be told from what is shown."""

import itertools
import random
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

from assessments.services.maps import edits
from ecosystems.causal.graph import LOWERS, RAISES, Link
from ecosystems.causal.leverage import drawn_weights
from ecosystems.models import DrawnLink, Ecosystem, Factor, LinkVote, Organization, User
from ecosystems.selectors.causal_maps import EcosystemMap, MapLink, loop_names, map_of, members_key
from tests.factories.ecosystems import make_ecosystem
from tests.factories.link_votes import cast
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
K = 5


@pytest.fixture
def ends(ecosystem: Ecosystem) -> tuple[int, int]:
    rows = [Factor.objects.create(ecosystem=ecosystem, name=name) for name in ("Trust", "Speed")]
    return rows[0].pk, rows[1].pk


def draw(ecosystem: Ecosystem, ends: tuple[int, int], sign: int, strength: int = 2, delay: int = 0) -> None:
    DrawnLink.objects.create(
        ecosystem=ecosystem, source_id=ends[0], target_id=ends[1], sign=sign, strength=strength, delay=delay
    )


def the_link(ecosystem: Ecosystem) -> MapLink:
    (found,) = map_of(ecosystem).links
    return found


def test_a_map_that_nobody_began_is_empty(ecosystem: Ecosystem) -> None:
    found = map_of(ecosystem)
    assert (found.revision, found.factors, found.links, found.graph.links) == (0, (), (), ())


def test_factors_are_told_by_name_and_only_those_on_the_map(ecosystem: Ecosystem, organization: Organization) -> None:
    for name in ("trust", "Speed", "Árvore"):
        Factor.objects.create(ecosystem=ecosystem, name=name, facet="BEL", x=1, y=2)
    Factor.objects.create(ecosystem=ecosystem, name="Gone", on_map=False)
    Factor.objects.create(ecosystem=make_ecosystem(organization, slug="other"), name="Other")
    found = map_of(ecosystem)
    assert [factor.name for factor in found.factors] == ["Speed", "trust", "Árvore"]
    assert (found.factors[0].facet, found.factors[0].x, found.factors[0].y) == ("BEL", 1, 2)
    assert found.by_key[found.factors[0].key].name == "Speed"


def test_factors_without_a_place_are_shown_where_the_next_edit_puts_them(
    ecosystem: Ecosystem, ends: tuple[int, int], facilitator: User
) -> None:
    draw(ecosystem, ends, 1)
    cast(ecosystem, ends[0], Factor.objects.create(ecosystem=ecosystem, name="Waste").pk, [1])
    shown = {factor.key: (factor.x, factor.y) for factor in map_of(ecosystem).factors}
    assert len(set(shown.values())) == 3
    MapMaker(ecosystem, facilitator).do(edits.change_factor, factor=ends[0], name="Trust", facet="BEL")
    stored = Factor.objects.values_list("pk", "x", "y")
    assert {str(pk): (x, y) for pk, x, y in stored} == shown


def test_a_drawn_link_stands_where_nobody_voted(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    draw(ecosystem, ends, -1, 3, 2)
    link = the_link(ecosystem)
    assert (link.effect, link.sign, link.delay, link.held, link.ambiguous) == (-1.0, -1, 2, True, False)
    assert (link.voted, link.withheld, link.counts) == (None, False, (1, 0, 0, 0, 0, 0, 0))
    assert map_of(ecosystem).graph.links == (Link(str(ends[0]), str(ends[1]), LOWERS, 1.0, 2),)


def test_two_opposite_drawn_links_are_one_ambiguous_one(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    draw(ecosystem, ends, 1, 3, 1)
    draw(ecosystem, ends, -1, 1, 2)
    link = the_link(ecosystem)
    assert (link.effect, link.held, link.ambiguous, link.delay) == (pytest.approx(1 / 3), True, True, 2)
    assert link.counts == (0, 0, 1, 0, 0, 0, 1)
    DrawnLink.objects.filter(sign=-1).update(strength=3)
    assert (the_link(ecosystem).effect, the_link(ecosystem).held) == (0.0, False)
    assert map_of(ecosystem).graph.links == ()


def test_two_opposite_drawn_links_are_drawn_from_as_two_voices(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    """One that lowers as much as the other raises is no link of the map, and yet a link of half of its draws."""
    draw(ecosystem, ends, 1, strength=2)
    draw(ecosystem, ends, -1, strength=2)
    found = map_of(ecosystem)
    assert found.graph.links == ()
    assert found.effects == {the_link(ecosystem).pair: (-2 / 3, 2 / 3)}
    draws = np.concatenate(list(drawn_weights(found.graph, seed=1, effects=found.effects)))
    places = [found.places[str(end)] for end in ends]
    assert set(draws[:, places[0], places[1]].tolist()) == {-2 / 3, 2 / 3}
    cast(ecosystem, *ends, [3] * K)
    assert map_of(ecosystem).effects == {the_link(ecosystem).pair: (1.0,) * K}


def test_enough_votes_are_the_link(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    draw(ecosystem, ends, -1, 3, 2)
    cast(ecosystem, *ends, [3, 3, 2, 2, 2], delay=0)
    link = the_link(ecosystem)
    assert (link.effect, link.sign, link.delay) == (pytest.approx(0.8), 1, 0)
    assert map_of(ecosystem).graph.links == (Link(str(ends[0]), str(ends[1]), RAISES, link.effect, 0),)
    assert map_of(ecosystem).effects == {link.pair: (2 / 3, 2 / 3, 2 / 3, 1.0, 1.0)}
    assert map_of(ecosystem).opinions.counts.tolist() == [[0, 0, 0, 0, 0, 3, 2]]


def test_too_few_votes_are_withheld_and_what_was_drawn_stands(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    draw(ecosystem, ends, 1)
    cast(ecosystem, *ends, [-3] * 4, delay=2)
    link = the_link(ecosystem)
    assert (link.withheld, link.opinion, link.sign, link.delay) == (True, None, 1, 0)
    assert map_of(ecosystem).effects == {}


def test_a_link_that_most_see_as_none_is_told_but_not_held(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    draw(ecosystem, ends, 1)
    cast(ecosystem, *ends, [0, 0, 0, 3, 2])
    link = the_link(ecosystem)
    assert (link.held, link.opinion is not None, len(link.drawn)) == (False, True, 1)
    assert (map_of(ecosystem).held, map_of(ecosystem).graph.links) == ((), ())


def test_groups_large_enough_have_a_view_of_their_own(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    cast(ecosystem, *ends, [3] * 5, group="customers")
    cast(ecosystem, *ends, [-2] * 6, group="employees")
    groups = the_link(ecosystem).groups
    assert {group: view and view.effect for group, view in groups.items()} == {
        "customers": 1.0,
        "employees": pytest.approx(-2 / 3),
    }


def test_a_small_group_is_withheld_and_so_is_what_would_tell_it(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    cast(ecosystem, *ends, [3] * 5, group="customers")
    cast(ecosystem, *ends, [-2] * 2, group="employees")
    link = the_link(ecosystem)
    assert (link.opinion is not None and link.opinion.n, set(link.groups.values())) == (7, set())


@pytest.mark.parametrize(("later", "shown"), [(4, 5), (5, 10)])
def test_a_later_handful_is_not_the_difference(
    ecosystem: Ecosystem, ends: tuple[int, int], later: int, shown: int
) -> None:
    cast(ecosystem, *ends, [3] * 5)
    cast(ecosystem, *ends, [-3] * later, origin="workshop:2")
    opinion = the_link(ecosystem).opinion
    assert opinion is not None
    assert opinion.n == shown


def test_a_handful_under_a_stricter_rule_hides_nothing_that_was_shown(
    ecosystem: Ecosystem, ends: tuple[int, int]
) -> None:
    cast(ecosystem, *ends, [3] * 5)
    cast(ecosystem, *ends, [-3] * 9, origin="workshop:2", shown_from=10)
    opinion = the_link(ecosystem).opinion
    assert opinion is not None
    assert opinion.n == 5
    cast(ecosystem, *ends, [-3], origin="workshop:2", shown_from=10)
    assert the_link(ecosystem).counts == (10, 0, 0, 0, 0, 0, 5)


def test_the_delay_that_a_few_gave_moves_no_median(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    cast(ecosystem, *ends, [3] * 3, delay=0)
    cast(ecosystem, *ends, [3] * 3, delay=1)
    assert the_link(ecosystem).opinion.delay == 0.5  # type: ignore[union-attr]
    cast(ecosystem, *ends, [3] * 4, origin="workshop:2")
    cast(ecosystem, *ends, [3], origin="workshop:2", delay=2)
    opinion = the_link(ecosystem).opinion
    assert opinion is not None
    assert (opinion.n, opinion.delay) == (11, 0.5)


def test_delays_of_a_few_outside_a_group_are_not_the_difference(ecosystem: Ecosystem, ends: tuple[int, int]) -> None:
    cast(ecosystem, *ends, [3] * 5, group="customers", delay=0)
    cast(ecosystem, *ends, [3] * 4, group="employees")
    cast(ecosystem, *ends, [3] * 2, group="employees", delay=2)
    opinion = the_link(ecosystem).opinion
    assert opinion is not None
    assert (opinion.n, opinion.delay, the_link(ecosystem).groups["employees"].delay) == (11, 0, None)  # type: ignore[union-attr]


Shown = dict[tuple[int, str], tuple[int, ...]]


def shown_at(moment: int, ecosystem: Ecosystem) -> Shown:
    """What can be seen at a moment: everybody's counts, and those of each group."""
    found: Shown = {}
    for link in map_of(ecosystem).links:
        if link.opinion is not None:
            found[(moment, "")] = link.opinion.counts
        found |= {(moment, group): view.counts for group, view in link.groups.items() if view is not None}
    return found


@pytest.mark.parametrize("seed", range(4))
def test_no_difference_between_any_moments_is_a_few_voices(
    ecosystem: Ecosystem, ends: tuple[int, int], seed: int
) -> None:
    """
    Every voice is turned once, to see in which of the numbers shown at any moment it counts. Whatever is added and
    subtracted of them, voices that count in the same ones stay together: so those must never be fewer than the minimum.
    """
    chance = random.Random(seed)
    origins: list[list[dict[str, Any]]] = [
        [
            {"group": group, "origin": f"workshop:{origin}"}
            for group in ("", "customers", "employees", "partners")
            for _ in range(chance.choice((0, 0, 2, 4, 5, 6, 7)))
        ]
        for origin in range(3)
    ]
    counted: dict[Any, set[tuple[int, str]]] = defaultdict(set)
    for moment, told in enumerate(origins):
        for one in told:
            cast(ecosystem, *ends, [1], **one)
        before = shown_at(moment, ecosystem)
        for voice in LinkVote.objects.values_list("pk", flat=True):
            LinkVote.objects.filter(pk=voice).update(effect=-3)
            after = shown_at(moment, ecosystem)
            LinkVote.objects.filter(pk=voice).update(effect=1)
            assert after.keys() == before.keys()
            counted[voice] |= {place for place, counts in after.items() if counts != before[place]}
    together = Counter(frozenset(places) for places in counted.values() if places)
    assert all(size >= K for size in together.values()), together


@pytest.mark.parametrize("factors", [2, 30])
def test_a_map_is_read_in_four_queries(ecosystem: Ecosystem, factors: int, django_assert_num_queries: Any) -> None:
    keys = MapMaker(ecosystem).many(factors)
    for source, target in itertools.pairwise(keys):
        cast(ecosystem, source, target, [1, 2, 3, -1, 0])
    with django_assert_num_queries(4):
        found: EcosystemMap = map_of(ecosystem)
        assert len(found.graph.links) == factors
        assert len(found.opinions.counts) == factors


def test_loops_are_named_by_their_members(ecosystem: Ecosystem) -> None:
    ecosystem.loop_names.create(members=members_key(("3", "7", "9")), name="Trust pays back")
    assert {key: row.name for key, row in loop_names(ecosystem).items()} == {"3>7>9": "Trust pays back"}
