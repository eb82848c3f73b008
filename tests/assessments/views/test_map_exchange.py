"""Maps in and out, the list of links, and groups side by side, as pages."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.exports.map_files import MAP_FILES
from assessments.services.maps.templates import start_from_template
from ecosystems.models import DrawnLink, Ecosystem, Factor, User
from tests.factories.link_votes import cast
from tests.factories.maps import MapMaker

pytestmark = pytest.mark.django_db
FILE = "source,target,sign\nTrust,Speed,+\nSpeed,Waste,-\n"
LogIn = Callable[[User], Client]


@pytest.fixture
def maker(ecosystem: Ecosystem) -> MapMaker:
    return MapMaker(ecosystem)


def url(ecosystem: Ecosystem, name: str, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[ecosystem.organization.slug, ecosystem.slug, *more])


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# in


def test_a_file_is_looked_at_then_imported_once(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    client, address = client_of(facilitator), url(ecosystem, "map-import")
    file = SimpleUploadedFile("map.csv", FILE.encode("utf-16"))
    looked = client.post(address, {"file": file, "how": "merge", "check": "1"})
    assert "3 factors would be added, 2 links would be drawn." in text_of(looked)
    assert not Factor.objects.exists()
    carried = {name: looked.context[name] for name in ("key", "how")} | {"text": looked.context["carried"], "save": "1"}
    for _again in range(2):
        assert client.post(address, carried).headers["Location"] == url(ecosystem, "map")
    assert (Factor.objects.count(), DrawnLink.objects.count()) == (3, 2)
    looked = client.post(address, {"text": FILE, "how": "merge"})
    assert "there is nothing to import" in text_of(looked)


def test_mistakes_are_told_and_what_was_pasted_stays(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    pasted = "source,target,sign\nTrust,<b>Speed</b>,maybe\nTrust,Trust,+\n"
    page = client_of(facilitator).post(url(ecosystem, "map-import"), {"text": pasted, "how": "replace", "save": "1"})
    text = text_of(page)
    assert "<li>Row 2: “maybe” is no sign. Write + or −.</li>" in text
    assert "<li>Row 3: “Trust” is linked to itself. Take the link out of the file.</li>" in text
    assert "&lt;b&gt;Speed" in text
    assert "<b>Speed" not in text
    assert page.context["form"]["how"].value() == "replace"
    assert not Factor.objects.exists()


def test_nothing_given_is_said(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    page = client_of(facilitator).post(url(ecosystem, "map-import"), {"how": "merge"})
    assert page.context["form"].errors == {"file": ["Choose a file, or paste the map below."]}


def test_replacing_says_what_goes(client_of: LogIn, facilitator: User, ecosystem: Ecosystem, maker: MapMaker) -> None:
    maker.link(maker.factor("Gone"), maker.factor("Trust"))
    page = client_of(facilitator).post(url(ecosystem, "map-import"), {"text": FILE, "how": "replace"})
    assert "1 factor leaves the map: Gone. 1 drawn link goes." in text_of(page)


def test_an_import_that_no_longer_fits_says_so(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    client, address = client_of(facilitator), url(ecosystem, "map-import")
    maker.many(199)
    page = client.post(address, {"text": "name\nOne\nTwo\n", "how": "merge", "save": "1", "key": str(uuid4())})
    assert "A map holds up to 200 factors. Take some off first." in text_of(page)
    assert Factor.objects.count() == 199


# the template


def test_the_template_is_shown_with_reasons_and_asks_where_there_is_a_map(
    client_of: LogIn, facilitator: User, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    client, address = client_of(facilitator), url(ecosystem, "map-template")
    maker.factor("Ours")
    page = client.get(address)
    assert "Your map has 1 factor." in text_of(page)
    assert "Those who are close can decide at once." in text_of(page)
    assert client.post(address, {"key": page.context["key"]}).status_code == 200
    assert Factor.objects.count() == 1
    assert client.post(address, {"key": page.context["key"], "sure": "1"}).headers["Location"] == url(ecosystem, "map")
    assert Factor.objects.count() == 21
    assert "there is nothing to add" in text_of(client.get(address))


def test_an_empty_map_takes_the_template_at_once(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    assert client_of(facilitator).post(url(ecosystem, "map-template"), {"key": "no key"}).status_code == 302
    assert Factor.objects.count() == 20


# out


@pytest.mark.parametrize("kind", sorted(MAP_FILES))
def test_every_file_can_be_fetched(client_of: LogIn, viewer: User, ecosystem: Ecosystem, kind: str) -> None:
    start_from_template(ecosystem=ecosystem, by=None, key=uuid4())
    response = client_of(viewer).get(url(ecosystem, "map-export", kind))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == MAP_FILES[kind].content_type
    name = "food-network-map.graphml" if kind == "graphml" else f"food-network-{kind}"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    if "elements" not in kind and "connections" not in kind:
        assert "Psychological safety" in response.content.decode()


def test_no_other_file_is_there(client_of: LogIn, viewer: User, ecosystem: Ecosystem) -> None:
    assert client_of(viewer).get(url(ecosystem, "map-export", "exe")).status_code == 404


# the list of links


def votes(ecosystem: Ecosystem, maker: MapMaker) -> tuple[int, int, int]:
    trust, speed, waste = maker.factor("Trust"), maker.factor("Speed"), maker.factor("Waste")
    maker.link(trust, speed, 1, 3, 1)
    maker.link(trust, waste, -1, 1, 2)
    maker.link(trust, waste, 1, 1, 0)
    cast(ecosystem, trust, speed, [3, 3, 3, 2, 1], group="customers", delay=1)
    cast(ecosystem, trust, speed, [-3, -3, -2, -1, -1], group="employees", delay=1)
    cast(ecosystem, speed, waste, [2, 2, 2, 2], group="partners")
    return trust, speed, waste


def test_links_say_what_they_do_and_who_sees_it_otherwise(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    trust, speed, _waste = votes(ecosystem, maker)
    page = client_of(viewer).get(url(ecosystem, "loops-links"))
    split, both, withheld = page.context["rows"]
    assert (split.source, split.target, split.votes, split.raises, split.lowers) == ("Trust", "Speed", 10, 50, 50)
    assert (split.conflict, split.minority, split.basis) == (True, "5 see it otherwise", "drawn, then voted on")
    assert both.ways == ("raises it a little, at once", "lowers it a little, after a year or more")
    assert (both.standing, both.votes) == ("not on the map: both opinions are equally strong", None)
    assert (withheld.source, withheld.withheld, withheld.votes, withheld.ways) == ("Speed", True, None, ())
    chart = client_of(viewer).get(url(ecosystem, "loops-links") + f"?votes={trust}-{speed}").context["chart"]
    assert [row[0].text for row in chart.spec.rows] == ["Everybody → Speed", "Customers → Speed", "Employees → Speed"]


@pytest.mark.parametrize(
    ("show", "found"),
    [("conflict", 2), ("voted", 1), ("drawn", 1), ("minority", 1), ("not-held", 2), ("nonsense", 3)],
)
def test_links_are_filtered(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, maker: MapMaker, show: str, found: int
) -> None:
    votes(ecosystem, maker)
    page = client_of(viewer).get(url(ecosystem, "loops-links"), {"show": show, "order": "effect"})
    assert len(page.context["rows"]) == found


@pytest.mark.parametrize("order", ["name", "effect", "agreement", "votes"])
def test_links_are_ordered(client_of: LogIn, viewer: User, ecosystem: Ecosystem, maker: MapMaker, order: str) -> None:
    votes(ecosystem, maker)
    rows = client_of(viewer).get(url(ecosystem, "loops-links"), {"order": order}).context["rows"]
    first = {"name": "Speed", "effect": "Trust", "agreement": "Trust", "votes": "Trust"}[order]
    assert (len(rows), rows[0].source) == (3, first)


def test_an_empty_map_says_what_will_be_here(client_of: LogIn, viewer: User, ecosystem: Ecosystem) -> None:
    client = client_of(viewer)
    assert "No links yet" in text_of(client.get(url(ecosystem, "loops-links")))
    assert "There is nothing to compare yet" in text_of(client.get(url(ecosystem, "map-compare")))
    assert "votes on this link any more" not in text_of(client.get(url(ecosystem, "loops-links"), {"votes": "1-2"}))


# groups side by side


def test_groups_stand_beside_each_other(client_of: LogIn, viewer: User, ecosystem: Ecosystem, maker: MapMaker) -> None:
    votes(ecosystem, maker)
    comparison = client_of(viewer).get(url(ecosystem, "map-compare")).context["comparison"]
    assert [holder.name for holder in comparison.holders] == ["As drawn", "Customers", "Employees"]
    assert comparison.silent == ("Partners", "Communities")
    (only,) = comparison.differences
    assert (only.source, only.target, only.raised_by, only.lowered_by, only.opposed) == (
        "Trust",
        "Speed",
        "As drawn, Customers",
        "Employees",
        True,
    )
    distances = {(name, cell.other): cell.distance for name, cells in comparison.rows for cell in cells if cell}
    assert distances[("Customers", "Employees")] == pytest.approx(100 * (12 / 15 + 10 / 15) / 2)


def test_nothing_of_a_small_group_shows_in_any_way(
    client_of: LogIn, viewer: User, ecosystem: Ecosystem, maker: MapMaker
) -> None:
    """Four voices of a group, alone or beside enough others, leave every page as it is without their group."""
    trust, speed = maker.factor("Trust"), maker.factor("Speed")
    maker.link(trust, speed)
    client, pages = client_of(viewer), [url(ecosystem, "map-compare"), url(ecosystem, "loops-links")]
    cast(ecosystem, trust, speed, [3] * 6, group="customers")
    nobody = client.get(pages[0]).context["comparison"]
    cast(ecosystem, trust, speed, [-3] * 4, group="communities", origin="workshop:2")
    assert client.get(pages[0]).context["comparison"] == nobody
    (row,) = client.get(pages[1]).context["rows"]
    assert (row.votes, row.lowers) == (6, 0)


@pytest.mark.parametrize("size", [1, 30])
def test_pages_take_a_fixed_number_of_queries(
    client_of: LogIn,
    facilitator: User,
    ecosystem: Ecosystem,
    maker: MapMaker,
    django_assert_num_queries: Any,
    size: int,
) -> None:
    keys = maker.many(size + 1)
    for one, other in pairwise(keys):
        cast(ecosystem, one, other, [1, 2, 3, -1, 1], group="customers")
    client = client_of(facilitator)
    client.get(url(ecosystem, "loops-links"))  # the log-in is noted once a while
    for name, more, queries in (
        ("loops-links", {}, 10),
        ("loops-links", {"votes": f"{keys[0]}-{keys[1]}"}, 10),
        ("map-compare", {}, 9),
        ("map-import", {}, 5),
        ("map-template", {}, 13),
    ):
        with django_assert_num_queries(queries, info=name):
            assert client.get(url(ecosystem, name), more).status_code == 200
