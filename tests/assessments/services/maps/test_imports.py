"""Bringing maps in: merged or in place of the one that is there, all or nothing, one step to undo."""

from pathlib import Path
from uuid import uuid4

import pytest

from assessments.imports.maps.reading import read_map
from assessments.services.maps import edits, undo
from assessments.services.maps.bulk import NothingNew
from assessments.services.maps.imports import import_map, preview_import
from assessments.services.maps.templates import preview_template, start_from_template, template_map
from ecosystems.causal.loops import find_loops
from ecosystems.enums import MapEditKind
from ecosystems.models import DrawnLink, Ecosystem, Factor, LinkVote, MapEdit, MapVersion, User
from ecosystems.selectors.causal_maps import map_of
from ecosystems.services.map_problems import MapProblem, TooLarge
from tests.factories.link_votes import cast
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
FILE = "source,target,sign,strength,delay\ntrust,Speed,+,3,1\nSpeed,Waste,-,1,0\nTrust,Speed,-,1,0\n"


@pytest.fixture
def maker(ecosystem: Ecosystem, facilitator: User) -> MapMaker:
    return MapMaker(ecosystem, facilitator)


def bring(maker: MapMaker, text: str = FILE, *, replace: bool = False) -> MapEdit:
    reading = read_map(text)
    return import_map(ecosystem=maker.ecosystem, by=maker.by, key=uuid4(), reading=reading, replace=replace)


def names(ecosystem: Ecosystem) -> list[str]:
    return sorted(Factor.objects.filter(ecosystem=ecosystem, on_map=True).values_list("name", flat=True))


def links(ecosystem: Ecosystem) -> list[tuple[object, ...]]:
    found = DrawnLink.objects.filter(ecosystem=ecosystem)
    return sorted(found.values_list("source__name", "target__name", "sign", "strength", "delay"))


def drawn(maker: MapMaker) -> tuple[int, int, int]:
    """Trust → Speed weakly, Gone → Trust, and Waste that was taken off."""
    trust, speed = maker.factor("Trust", "ECO-TRUST", x=1, y=2), maker.factor("Speed", x=300, y=2)
    gone = maker.factor("Gone", x=600, y=2)
    waste = maker.factor("Waste", "SUS-RESO", x=900, y=2)
    maker.link(trust, speed, 1, 1, 0)
    maker.link(gone, trust)
    maker.do(edits.remove_factor, factor=waste)
    return trust, speed, waste


def test_into_an_empty_map(maker: MapMaker) -> None:
    edit = bring(maker)
    assert (edit.kind, edit.revision, MapVersion.objects.count()) == (MapEditKind.IMPORT, 1, 0)
    assert names(maker.ecosystem) == ["Speed", "Waste", "trust"]
    assert links(maker.ecosystem) == [
        ("Speed", "Waste", -1, 1, 0),
        ("trust", "Speed", -1, 1, 0),
        ("trust", "Speed", 1, 3, 1),
    ]
    assert not Factor.objects.filter(x=None).exists()


def test_merging_keeps_what_is_there_by_its_name(maker: MapMaker) -> None:
    trust, _speed, waste = drawn(maker)
    preview = preview_import(ecosystem=maker.ecosystem, reading=read_map(FILE), replace=False)
    assert ([one.name for one in preview.added], preview.known, preview.removed) == (["Waste"], 2, ())
    assert [(one.source, one.sign) for one in preview.new_links] == [("Speed", -1), ("Trust", -1)]
    assert [(one.source, one.strength) for one in preview.changed_links] == [("trust", 3)]
    bring(maker)
    assert names(maker.ecosystem) == ["Gone", "Speed", "Trust", "Waste"]
    assert links(maker.ecosystem) == [
        ("Gone", "Trust", 1, 2, 0),
        ("Speed", "Waste", -1, 1, 0),
        ("Trust", "Speed", -1, 1, 0),
        ("Trust", "Speed", 1, 3, 1),
    ]
    kept = Factor.objects.get(pk=trust)
    assert (kept.facet, kept.x, kept.y) == ("ECO-TRUST", 1, 2)
    assert Factor.objects.get(pk=waste).facet == "SUS-RESO"
    assert MapVersion.objects.get().note == "Kept before a map was imported."


def test_replacing_takes_the_rest_off_and_keeps_votes(maker: MapMaker) -> None:
    trust, speed, _waste = drawn(maker)
    cast(maker.ecosystem, trust, speed, [1] * 5)
    preview = preview_import(ecosystem=maker.ecosystem, reading=read_map(FILE), replace=True)
    assert (preview.removed, preview.removed_links, preview.can_be_saved) == (("Gone",), 1, True)
    bring(maker, replace=True)
    assert names(maker.ecosystem) == ["Speed", "Trust", "Waste"]
    assert ("Gone", "Trust", 1, 2, 0) not in links(maker.ecosystem)
    assert LinkVote.objects.count() == 5


def test_one_undo_takes_all_of_it_back(maker: MapMaker) -> None:
    drawn(maker)
    before = names(maker.ecosystem), links(maker.ecosystem)
    bring(maker, replace=True)
    maker.do(undo.undo_last)
    assert (names(maker.ecosystem), links(maker.ecosystem)) == before


def test_the_same_key_twice_is_once(maker: MapMaker) -> None:
    key, reading = uuid4(), read_map(FILE)
    given = {"ecosystem": maker.ecosystem, "by": maker.by, "key": key, "reading": reading, "replace": False}
    assert import_map(**given) == import_map(**given)
    assert (MapEdit.objects.count(), MapVersion.objects.count()) == (1, 0)


def test_what_is_all_there_is_said_and_leaves_no_version(maker: MapMaker) -> None:
    bring(maker)
    assert not preview_import(ecosystem=maker.ecosystem, reading=read_map(FILE), replace=False).changes_something
    with pytest.raises(NothingNew):
        bring(maker)
    assert (MapEdit.objects.count(), MapVersion.objects.count()) == (1, 0)


def test_a_file_with_a_mistake_changes_nothing(maker: MapMaker) -> None:
    text = FILE + "Speed,Speed,+,1,0\n"
    told = "Row 5: “Speed” is linked to itself. Take the link out of the file."
    preview = preview_import(ecosystem=maker.ecosystem, reading=read_map(text), replace=False)
    assert ([str(one) for one in preview.problems], preview.can_be_saved) == ([told], False)
    with pytest.raises(MapProblem):
        bring(maker, text)
    assert not MapEdit.objects.exists()


def test_together_with_what_is_there_it_may_be_too_large(maker: MapMaker) -> None:
    maker.many(199)
    text = "name\nNew one\nNew two\n"
    preview = preview_import(ecosystem=maker.ecosystem, reading=read_map(text), replace=False)
    assert [str(one) for one in preview.problems] == ["A map holds up to 200 factors. Take some off first."]
    with pytest.raises(TooLarge):
        bring(maker, text)
    assert Factor.objects.count() == 199
    bring(maker, text, replace=True)
    assert names(maker.ecosystem) == ["New one", "New two"]


def test_a_table_of_factors_ties_those_that_are_free(maker: MapMaker) -> None:
    free, tied = maker.factor("Speed"), maker.factor("Trust", "ECO-TRUST")
    text = "name;facet\nspeed;ADA-SPEED\nTrust;ECO-TIES\n"
    preview = preview_import(ecosystem=maker.ecosystem, reading=read_map(text), replace=False)
    assert (preview.tied, preview.added, preview.can_be_saved) == (("Speed",), (), True)
    bring(maker, text)
    assert [Factor.objects.get(pk=pk).facet for pk in (free, tied)] == ["ADA-SPEED", "ECO-TRUST"]
    bring(maker, text, replace=True)
    assert [Factor.objects.get(pk=pk).facet for pk in (free, tied)] == ["ADA-SPEED", "ECO-TIES"]


def test_votes_of_elsewhere_do_not_draw_over_votes_here(maker: MapMaker) -> None:
    trust, speed, _waste = drawn(maker)
    cast(maker.ecosystem, trust, speed, [1])
    text = "source,target,sign,strength,basis\nTrust,Speed,-,3,voted\nSpeed,Gone,-,3,voted\n"
    preview = preview_import(ecosystem=maker.ecosystem, reading=read_map(text), replace=False)
    assert (preview.passed_over, [one.source for one in preview.new_links]) == (1, ["Speed"])


def test_the_template_is_a_map_with_loops_of_both_kinds(maker: MapMaker) -> None:
    preview = preview_template(ecosystem=maker.ecosystem)
    assert (preview.there, len(preview.factors), preview.links) == (0, 20, 37)
    assert not Factor.objects.exists()
    edit = start_from_template(ecosystem=maker.ecosystem, by=maker.by, key=uuid4())
    assert (edit.kind, Factor.objects.exclude(facet="").count(), DrawnLink.objects.count()) == ("template", 20, 37)
    search = find_loops(map_of(maker.ecosystem).graph)
    assert (search.found, sum(loop.lowering % 2 for loop in search.loops)) == (20, 5)


def test_every_link_of_the_template_has_its_reason_and_known_facets() -> None:
    template = template_map()
    assert all(
        link.reason and link.source in template.names and link.target in template.names for link in template.links
    )
    assert len({(link.source, link.target) for link in template.links}) == len(template.links)
    assert {facet.partition("-")[0] for facet in template.names} == {
        *("INN", "ECO", "ADA", "SAT", "SUS"),
        *("PRI", "PRA", "CON"),
    }


def test_the_template_only_adds(maker: MapMaker) -> None:
    ours = maker.factor("What we call trust", "ECO-TRUST")
    ties = maker.factor("strength of RELATIONSHIPS")
    maker.link(ties, ours, -1, 3, 2)
    start_from_template(ecosystem=maker.ecosystem, by=maker.by, key=uuid4())
    assert Factor.objects.count() == 20
    assert list(DrawnLink.objects.filter(source=ties, target=ours).values_list("sign", "strength", "delay")) == [
        (-1, 3, 2)
    ]
    assert DrawnLink.objects.count() == 37
    with pytest.raises(NothingNew):
        start_from_template(ecosystem=maker.ecosystem, by=maker.by, key=uuid4())


def test_a_map_as_large_as_can_be_comes_in_at_once(maker: MapMaker) -> None:
    """More loops than anybody could count, in a bounded time and a fixed number of queries."""
    rows = [f"F{a},F{b},+" for a in range(200) for b in (a + 1, a + 2, a + 3, a + 5, a + 7) if b < 200]
    rows += [f"F{b},F{a},-" for a in range(200) for b in (a + 11,) if b < 200]
    text = "source,target,sign\n" + "\n".join(rows[:1000])
    bring(maker, text)
    assert (Factor.objects.count(), DrawnLink.objects.count()) == (200, 1000)


def test_codes_of_the_template_are_facets_of_the_default_instrument() -> None:
    text = (Path(__file__).parents[4] / "assessments/data/instrument.yaml").read_text(encoding="utf-8")
    assert [code for code in template_map().names if f"- code: {code}\n" not in text] == []
