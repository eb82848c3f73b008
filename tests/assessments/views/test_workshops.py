"""Preparing workshops on their pages, as people use them."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.enums import WorkshopState
from assessments.models import AgendaTemplate, Workshop
from ecosystems.models import Ecosystem, User
from tests.assessments.views.workshop_pages import LogIn, text, url
from tests.factories.assessments import make_version, make_wave
from tests.factories.workshops import make_activity, make_seats, make_workshop

pytestmark = pytest.mark.django_db


def test_from_nothing_to_open_doors(page: Client, ecosystem: Ecosystem) -> None:
    assert "Prepare the first one" in text(page, url("workshops"))
    form = {
        "title": "Autumn",
        "ecosystem": ecosystem.pk,
        "agenda": "built-in:wave-debrief",
        "starts_at": "2026-11-24T09:30",
        "zone": "Europe/Berlin",
    }
    response = page.post(url("workshop-new"), form)
    workshop = Workshop.objects.get()
    assert response["Location"] == url("workshop", workshop.pk)
    assert workshop.starts_at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    agenda = page.get(url("workshop", workshop.pk)).context["agenda"]
    assert (len(agenda.rows), agenda.minutes, agenda.gaps) == (7, 60, 0)
    response = page.post(url("workshop-open", workshop.pk))
    assert response["Location"] == url("console", workshop.pk)
    workshop.refresh_from_db()
    assert workshop.state == WorkshopState.LOBBY


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"title": ""}, {"title": ["This field is required."]}),
        ({"agenda": "built-in:other"}, {"agenda": None}),
        ({"agenda": ""}, {"agenda": ["This field is required."]}),
        ({"starts_at": "soon"}, {"starts_at": ["Write day and time like this: 14.11.2026 09:30"]}),
        ({"starts_at": "9999-01-01T10:00"}, {"starts_at": ["Check the year: 9999"]}),
        ({"starts_at": "0001-01-01T00:00", "zone": "Asia/Tokyo"}, {"starts_at": None}),
        ({"starts_at": "9999-12-31T23:59", "zone": "America/New_York"}, {"starts_at": None}),
        ({"wave": "999"}, {"wave": None}),
    ],
)
def test_bad_input_is_said_and_stays(
    page: Client, ecosystem: Ecosystem, changed: dict[str, str], errors: dict[str, list[str] | None]
) -> None:
    good = {"title": "Autumn & spring", "ecosystem": ecosystem.pk, "agenda": "empty", "purpose": "Why we meet"}
    response = page.post(url("workshop-new"), {**good, **changed})
    assert list(response.context["form"].errors) == list(errors)
    for name, words in errors.items():
        assert words is None or response.context["form"].errors[name] == words
    assert "Why we meet" in response.content.decode()
    assert Workshop.objects.count() == 0


@pytest.mark.parametrize("zone", ["", "../../etc/passwd", "Mars/Olympus", "x" * 61])
def test_a_zone_that_is_none_is_utc(page: Client, ecosystem: Ecosystem, zone: str) -> None:
    form = {"title": "A", "ecosystem": ecosystem.pk, "agenda": "empty", "starts_at": "24.11.2026 09:30", "zone": zone}
    page.post(url("workshop-new"), form)
    assert Workshop.objects.get().starts_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def test_a_wave_of_another_ecosystem_cannot_be_talked_about(page: Client, ecosystem: Ecosystem) -> None:
    other = Ecosystem.objects.create(organization=ecosystem.organization, slug="other", name="Other")
    form = {"title": "A", "ecosystem": ecosystem.pk, "agenda": "empty", "wave": make_wave(other).pk}
    assert list(page.post(url("workshop-new"), form).context["form"].errors) == ["wave"]


def test_somebody_without_rights_sees_the_list_and_prepares_nothing(
    client_of: LogIn, viewer: User, leader: User, ecosystem: Ecosystem
) -> None:
    workshop = make_workshop(ecosystem, title="Live one")
    make_workshop(ecosystem, title="Secret draft", state="draft")
    shown = text(client_of(viewer), url("workshops"))
    assert "Live one" in shown
    assert "Secret draft" not in shown
    assert workshop.code not in shown
    assert workshop.key not in shown
    assert url("workshop", workshop.pk) not in shown
    workshop.co_facilitators.add(leader)
    helper = client_of(leader)
    assert url("console", workshop.pk) in text(helper, url("workshops"))
    assert helper.get(url("workshop", workshop.pk)).status_code == 200
    assert helper.get(url("activity-new", workshop.pk) + "?kind=rate").status_code == 200
    for name in ("workshop-helpers", "workshop-duplicate", "workshop-keep-agenda", "workshop-delete"):
        assert helper.get(url(name, workshop.pk)).status_code == 403


def test_the_past_has_pages_of_its_own(page: Client, ecosystem: Ecosystem) -> None:
    for number in range(31):
        make_workshop(ecosystem, title=f"Past {number}", state="ended")
    assert page.get(url("workshops")).context["object_list"].count() == 0
    assert len(page.get(url("workshops") + "?show=past").context["rows"]) == 30
    assert len(page.get(url("workshops") + "?show=past&page=2").context["rows"]) == 1


def test_a_script_in_a_title_stays_words(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft", title="<script>alert(1)</script>", purpose="<b>bold</b>")
    make_activity(workshop, title="<img src=x onerror=alert(2)>", current=False)
    for address in (url("workshops"), url("workshop", workshop.pk), url("workshop-poster", workshop.pk)):
        shown = text(page, address)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_title_time_and_wave_are_changed(page: Client, workshop: Workshop, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem)
    typed = {"title": "Winter", "purpose": "p", "starts_at": "2026-12-01T10:00", "zone": "UTC", "wave": wave.pk}
    page.post(url("workshop-change", workshop.pk), typed)
    workshop.refresh_from_db()
    assert (workshop.title, workshop.wave, workshop.starts_at) == (
        "Winter",
        wave,
        datetime(2026, 12, 1, 10, tzinfo=UTC),
    )
    shown = text(page, url("workshop-change", workshop.pk))
    assert 'value="2026-12-01T10:00"' in shown


def test_privacy_rules_are_fixed_by_the_first_seat(page: Client, workshop: Workshop) -> None:
    rules = {"anonymity": "named", "min_group_size": "6", "comment_min_group_size": "9", "preview": "on"}
    address = url("workshop-privacy", workshop.pk)
    too_few = {**rules, "min_group_size": "4", "comment_min_group_size": "7"}
    assert page.post(address, too_few).context["form"].errors == {
        "min_group_size": ["Your organization shows no group smaller than 5."],
        "comment_min_group_size": ["Reasons need at least 8 people."],
    }
    page.post(address, rules)
    workshop.refresh_from_db()
    assert (workshop.anonymity, workshop.min_group_size, workshop.preview) == ("named", 6, True)
    make_seats(workshop)
    shown = page.get(address)
    assert shown.context["fixed"]
    page.post(address, {**rules, "anonymity": "anonymous"})
    workshop.refresh_from_db()
    assert workshop.anonymity == "named"
    assert "Fixed, because 1 person has joined." in text(page, url("workshop", workshop.pk))


def test_query_counts_are_the_same_at_one_and_many(page: Client, ecosystem: Ecosystem, leader: User) -> None:
    make_version()
    workshop = make_workshop(ecosystem, state="draft")
    step = make_activity(workshop, current=False)
    addresses = [
        url("workshops"),
        url("workshop", workshop.pk),
        url("activity-new", workshop.pk) + "?kind=rate",
        url("activity", workshop.pk, step.pk),
        url("workshop-new"),
    ]

    def counted() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert page.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    counted()  # what is read once a process
    at_one = counted()
    for number in range(20):
        more = make_workshop(ecosystem, state="draft" if number % 2 else "live", title=f"More {number}")
        make_activity(more, current=False)
        ideas = make_activity(workshop, kind="ideas", current=False)
        make_activity(workshop, kind="dots", source=ideas, current=False)
        AgendaTemplate.objects.create(organization=ecosystem.organization, title=f"Kept {number}", agenda=[])
    workshop.co_facilitators.add(leader)
    make_seats(workshop, 30)
    assert counted() == at_one
    assert max(at_one) <= 14
