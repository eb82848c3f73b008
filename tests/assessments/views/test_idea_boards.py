"""The ideas board: what it shows and to whom, its forms without a script, and its answers to one."""

import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.enums import ActivityKind
from assessments.models import Activity, Idea, IdeaCluster, Workshop
from assessments.models.activity_plans import IdeasPlan
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem)


@pytest.fixture
def activity(workshop: Workshop) -> Activity:
    activity = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="What slows us down?")
    make_round(activity, state="revealed", results={"shown": 9})
    return activity


def url(activity: Activity) -> str:
    workshop = activity.workshop
    return reverse("assessments:ideas-board", args=[workshop.organization.slug, workshop.pk, activity.pk])


def write(activity: Activity, text: str, **changes: object) -> Idea:
    values = {"is_shown": True, "order": Idea.objects.count(), **changes}
    return Idea.objects.create(key=uuid.uuid4(), activity=activity, round=activity.rounds.get(), text=text, **values)


def shown(page: Client, activity: Activity) -> dict[str, list[str]]:
    """Texts by the heading of their column."""
    html = page.get(url(activity)).content.decode()
    columns = re.findall(r'<section class="board-column.*?</section>', html, re.S)
    return {
        re.search(r'dir="auto">(.*?) <span', column, re.S)[1]: re.findall(r'<span dir="auto">([^<]*)', column)  # type: ignore[index]
        for column in columns
    }


def test_it_shows_what_was_revealed_and_nothing_else(page: Client, activity: Activity) -> None:
    made = IdeaCluster.objects.create(activity=activity, title="Suppliers")
    host = write(activity, "One supplier", cluster=made)
    write(activity, "Only one", merged_into=host, cluster=made)
    write(activity, "Too many forms")
    write(activity, "For later", is_parked=True)
    write(activity, "Hidden", is_shown=False)
    assert shown(page, activity) == {
        "In no cluster": ["Too many forms"],
        "Suppliers": ["One supplier", "Only one"],
        "Parked": ["For later"],
    }


def test_names_stand_there_only_in_named_workshops(page: Client, ecosystem: Ecosystem) -> None:
    for named in (False, True):
        workshop = make_workshop(ecosystem, named=named)
        activity = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan())
        make_round(activity, state="revealed", results={})
        write(activity, "One supplier", seat=make_seats(workshop, 1, name="Mira")[0])
        assert ("Mira" in page.get(url(activity)).content.decode()) is named


@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("viewer", 403), ("outsider", 404), ("admin", 200)])
def test_who_may_open_it(
    client_of: LogIn, activity: Activity, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    assert client_of(request.getfixturevalue(who)).get(url(activity)).status_code == status


def test_it_exists_for_ideas_of_this_workshop_only(page: Client, workshop: Workshop, activity: Activity) -> None:
    rate = make_activity(workshop)
    assert page.get(url(rate)).status_code == 404
    other = make_workshop(workshop.ecosystem)
    address = reverse("assessments:ideas-board", args=[workshop.organization.slug, other.pk, activity.pk])
    assert page.get(address).status_code == 404


def test_everything_works_by_forms(page: Client, activity: Activity) -> None:
    one, two, three = (write(activity, text) for text in ("One supplier", "Only one", "Too many forms"))

    def send(**fields: object) -> str:
        answer = page.post(url(activity), fields, follow=True)
        assert answer.redirect_chain[-1][0] == url(activity)
        return " ".join(str(message) for message in answer.context["messages"])

    assert send(act="add", title="Suppliers", idea=[one.key]) == "The cluster “Suppliers” is there."
    assert shown(page, activity)["Suppliers"] == ["One supplier"]
    suppliers = IdeaCluster.objects.get()
    assert send(act="move", to=suppliers.pk, idea=[two.key]) == "1 idea is moved."
    assert send(act="merge", idea=[one.key, two.key]) == "They stand together under “One supplier”."
    assert shown(page, activity)["Suppliers"] == ["One supplier", "Only one"]
    assert send(act="split", idea=two.key) == "It stands by itself again."
    assert send(act="rename", cluster=suppliers.pk, title="Supply", seen="Suppliers") == (
        "The cluster is called “Supply”."
    )
    assert send(act="add", title="Forms") == "The cluster “Forms” is there."
    assert send(act="place", cluster=suppliers.pk, place=1) == "“Supply” stands there now."
    assert list(shown(page, activity)) == ["In no cluster", "Forms", "Supply", "Parked"]
    assert send(act="park", idea=[three.key]) == "1 idea is parked."
    assert send(act="take-up", idea=[three.key]) == "1 idea is back."
    assert send(act="move", to="parked", idea=[three.key]) == "1 idea is parked."
    assert send(act="apart", cluster=suppliers.pk) == "The cluster is taken apart; its ideas are still here."
    assert send(act="apart", cluster=suppliers.pk) == "The cluster is taken apart; its ideas are still here."
    assert shown(page, activity) == {
        "In no cluster": ["One supplier", "Only one"],
        "Forms": [],
        "Parked": ["Too many forms"],
    }


def test_a_name_that_is_refused_stays_in_its_field(page: Client, activity: Activity) -> None:
    answer = page.post(url(activity), {"act": "add", "title": "x" * 121})
    assert answer.status_code == 422
    assert answer.content.decode().count(f'value="{"x" * 121}"') == 1
    made = IdeaCluster.objects.create(activity=activity, title="Suppliers")
    fields = {"act": "rename", "cluster": made.pk, "title": "y" * 121, "seen": "Suppliers"}
    answer = page.post(url(activity), fields)
    assert re.findall(r'id="([a-z-]*)[0-9]*" name="title"[^>]*value="y{121}"', answer.content.decode()) == ["title-"]


def test_a_script_gets_the_board_as_it_is_with_what_there_is_to_say(page: Client, activity: Activity) -> None:
    idea = write(activity, "One supplier")
    told = page.post(url(activity), {"act": "merge", "idea": idea.key}, headers={"X-Requested-With": "fetch"})
    assert (told.status_code, told.json()["said"]) == (422, "Tick two ideas or more that say the same.")
    told = page.post(url(activity), {"act": "park", "idea": idea.key}, headers={"X-Requested-With": "fetch"})
    assert (told.status_code, told.json()["problem"]) == (200, False)
    part = page.get(f"{url(activity)}?part=live", headers={"If-None-Match": told.json()["etag"]})
    assert part.status_code == 304


@pytest.mark.parametrize("fields", [{"act": "burn"}, {}, {"act": ["place", "x"]}])
def test_unknown_acts_are_not_found(page: Client, activity: Activity, fields: dict[str, object]) -> None:
    assert page.post(url(activity), fields).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "move", "to": "9" * 40, "idea": ""},
        {"act": "move", "to": "x", "idea": str(uuid.uuid4())},
        {"act": "park", "idea": "not-a-key"},
        {"act": "rename", "cluster": "²", "title": "A"},
        {"act": "place", "cluster": "-1", "place": "-9"},
        {"act": "add", "title": "\x00"},
        {"act": "merge"},
    ],
)
def test_bad_input_is_answered_in_words(page: Client, activity: Activity, fields: dict[str, str]) -> None:
    told = page.post(url(activity), fields, headers={"X-Requested-With": "fetch"})
    assert (told.status_code, told.json()["problem"]) == (422, True)
    assert told.json()["said"]
    assert not IdeaCluster.objects.exists()


def test_a_text_is_text(page: Client, activity: Activity) -> None:
    write(activity, "<script>alert(1)</script>")
    assert "<script>alert" not in page.get(url(activity)).content.decode()


@pytest.mark.parametrize("number", [1, 80])
def test_it_takes_the_same_queries_for_few_and_many(
    page: Client, activity: Activity, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    cluster = IdeaCluster.objects.create(activity=activity, title="Suppliers")
    for _ in range(number):
        write(activity, "One supplier", cluster=cluster, seat=make_seats(activity.workshop)[0])
    page.get(url(activity))
    with django_assert_num_queries(8):
        page.get(url(activity))
