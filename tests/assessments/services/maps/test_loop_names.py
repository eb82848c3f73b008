"""Names of loops: given to loops that are there, and taken away by an empty name."""

import pytest

from assessments.models import SummaryMark
from assessments.services.maps.loop_names import LoopGone, name_loop
from ecosystems.models import AuditEvent, Ecosystem, LoopName, User
from ecosystems.selectors.causal_maps import loop_names
from ecosystems.services.map_problems import OutOfRange
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db


@pytest.fixture
def ring(ecosystem: Ecosystem) -> list[int]:
    return MapMaker(ecosystem).many(3)


def named(ecosystem: Ecosystem, by: User, members: list[int], name: str = "Trust pays back", note: str = "") -> None:
    name_loop(ecosystem=ecosystem, members=">".join(map(str, members)), by=by, name=name, note=note)


def test_a_loop_has_one_name_wherever_it_begins(ecosystem: Ecosystem, facilitator: User, ring: list[int]) -> None:
    named(ecosystem, facilitator, ring)
    named(ecosystem, facilitator, [*ring[1:], ring[0]], "  Trust\tgrows ", "More trust, more speed")
    one = LoopName.objects.get()
    assert (one.name, one.note) == ("Trust grows", "More trust, more speed")
    first = min(range(3), key=lambda at: str(ring[at]))
    assert list(loop_names(ecosystem)) == [">".join(map(str, [*ring[first:], *ring[:first]]))]
    assert SummaryMark.objects.get().version == 2
    assert list(AuditEvent.objects.filter(action="loop.named").values_list("actor", flat=True)) == [facilitator.pk] * 2


def test_an_empty_name_takes_it_away(ecosystem: Ecosystem, facilitator: User, ring: list[int]) -> None:
    named(ecosystem, facilitator, ring, " ")
    assert not SummaryMark.objects.exists()
    named(ecosystem, facilitator, ring)
    named(ecosystem, facilitator, ring, " ")
    assert not LoopName.objects.exists()
    assert AuditEvent.objects.get(action="loop.unnamed").subject == "Trust pays back"


def test_what_is_no_loop_gets_no_name(ecosystem: Ecosystem, facilitator: User, ring: list[int]) -> None:
    for members in (ring[:2], ring[:1], [*ring, ring[0]], list(reversed(ring)), [*ring, *ring]):
        with pytest.raises(LoopGone):
            named(ecosystem, facilitator, members)
    with pytest.raises(LoopGone):
        name_loop(ecosystem=ecosystem, members="", by=facilitator, name="Nothing")


def test_words_that_do_not_fit_are_refused(ecosystem: Ecosystem, facilitator: User, ring: list[int]) -> None:
    with pytest.raises(OutOfRange, match="Shorten the name to 80 characters"):
        named(ecosystem, facilitator, ring, "x" * 81)
    with pytest.raises(OutOfRange, match="Shorten the note to 300 characters"):
        named(ecosystem, facilitator, ring, "x", "y" * 301)


def test_a_loop_of_very_many_factors_cannot_be_named(ecosystem: Ecosystem, facilitator: User) -> None:
    with pytest.raises(OutOfRange, match="Name a shorter one"):
        named(ecosystem, facilitator, MapMaker(ecosystem).many(150))
