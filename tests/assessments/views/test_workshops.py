"""Preparing workshops on their pages, as people use them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.enums import WorkshopState
from assessments.models import Activity, AgendaTemplate, Workshop
from assessments.services.agenda import MOST_STEPS
from ecosystems.models import Ecosystem, Organization, User
from tests.factories.assessments import make_assessment, make_version, make_wave
from tests.factories.instruments import make_default_instrument
from tests.factories.people import make_organization
from tests.factories.results import make_scored_wave
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def url(name: str, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=["rivermark", *args])


@pytest.fixture
def workshop(ecosystem: Ecosystem) -> Workshop:
    return make_workshop(ecosystem, state="draft")


def text(page: Client, address: str) -> str:
    response = page.get(address)
    assert response.status_code == 200
    return response.content.decode()


def titles(workshop: Workshop) -> list[str]:
    return list(workshop.activities.order_by("position").values_list("title", flat=True))


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


def test_steps_are_added_changed_moved_and_removed(page: Client, workshop: Workshop) -> None:
    add = url("activity-new", workshop.pk)
    assert "Bet on a scenario" in text(page, add)
    assert page.get(add + "?kind=other").status_code == 404
    talk = {"title": "Talk", "minutes": "5", "place": "1", "prompt": "Look first", "notes": "Be quiet"}
    assert page.post(add + "?kind=talk", talk)["Location"] == url("workshop", workshop.pk) + "#agenda"
    rate = {"title": "Rate", "minutes": "6", "place": "1", "scale": "1-7", "written": "How ready?"}
    page.post(add + "?kind=rate", rate)
    assert titles(workshop) == ["Rate", "Talk"]
    step = workshop.activities.get(title="Talk")
    assert page.get(add + f"?kind=talk&after={step.pk}").context["form"]["place"].value() == 3
    assert page.get(add + "?kind=talk&after=9999999999999999999999").context["form"]["place"].value() == 3
    page.post(url("activity", workshop.pk, step.pk), {**talk, "title": "Listen", "place": "1"})
    assert titles(workshop) == ["Listen", "Rate"]
    page.post(url("activity-move", workshop.pk, step.pk), {"to": "down"})
    assert titles(workshop) == ["Rate", "Listen"]
    page.post(url("activity-move", workshop.pk, step.pk), {"to": "down"})
    page.post(url("activity-move", workshop.pk, step.pk), {"to": "sideways"})
    assert titles(workshop) == ["Rate", "Listen"]
    assert "Take “Listen” off the agenda?" in text(page, url("activity-remove", workshop.pk, step.pk))
    page.post(url("activity-remove", workshop.pk, step.pk))
    assert titles(workshop) == ["Rate"]


def test_nothing_typed_is_lost_on_a_wrong_step(page: Client, workshop: Workshop) -> None:
    typed = {
        "title": "Rate",
        "minutes": "600",
        "place": "1",
        "scale": "1-5",
        "written": "How ready are we?",
        "low_label": "barely",
        "prompt": "Think of last year",
        "notes": "Hear both ends",
    }
    response = page.post(url("activity-new", workshop.pk) + "?kind=rate", typed)
    form = response.context["form"]
    assert list(form.errors) == ["minutes"]
    assert {name: form[name].value() for name in typed} == typed
    assert workshop.activities.count() == 0


def test_a_step_of_another_workshop_is_not_found(page: Client, workshop: Workshop, ecosystem: Ecosystem) -> None:
    foreign = make_activity(make_workshop(ecosystem))
    for name in ("activity", "activity-remove"):
        assert page.get(url(name, workshop.pk, foreign.pk)).status_code == 404
    assert page.post(url("activity-move", workshop.pk, foreign.pk), {"to": "up"}).status_code == 404


def test_the_scale_is_fixed_once_a_round_was_open(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop)
    make_round(step)
    address = url("activity", workshop.pk, step.pk)
    shown = page.get(address)
    assert shown.context["fixed"]
    assert shown.context["form"].fields["scale"].disabled
    before = Activity.objects.get(pk=step.pk).settings
    words = {"title": "New words", "minutes": "9", "place": "1", "prompt": "", "notes": "n"}
    assert page.post(address, words).status_code == 302
    step.refresh_from_db()
    assert (step.title, step.minutes, step.notes, step.settings) == ("New words", 9, "n", before)
    assert "stays on the agenda" in text(page, url("activity-remove", workshop.pk, step.pk))
    assert page.post(url("activity-remove", workshop.pk, step.pk)).status_code == 200
    assert Activity.objects.filter(pk=step.pk).exists()


def test_what_was_typed_while_the_room_opened_the_step_stays_on_the_form(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    step = make_activity(workshop)
    address = url("activity", workshop.pk, step.pk)
    shown = page.get(address).context["form"]
    names = ("title", "minutes", "place", "written", "scale", "low_label", "high_label", "reasons")
    as_shown = {name: shown[name].value() for name in names}
    make_round(step)
    typed = {**as_shown, "scale": "1-5", "written": "A better question?"}
    form = page.post(address, typed).context["form"]
    assert form.non_field_errors() == [
        "This step has been opened in the room, so what it asks cannot be changed any more."
    ]
    assert (form["written"].value(), form["scale"].value()) == ("A better question?", "1-5")
    assert Activity.objects.get(pk=step.pk).plan == step.plan
    assert page.post(address, {**as_shown, "title": "Other words"}).status_code == 302
    assert Activity.objects.get(pk=step.pk).title == "Other words"


def test_from_the_console_and_back(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem)
    typed = {"title": "Talk", "minutes": "5", "place": "1", "from": "console"}
    response = page.post(url("activity-new", workshop.pk) + "?kind=talk&from=console", typed)
    assert response["Location"] == url("console", workshop.pk)


def test_nobody_changes_the_agenda_of_a_workshop_that_is_over(page: Client, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="ended")
    step = make_activity(workshop, current=False)
    typed = {"title": "Late", "minutes": "5", "place": "1", "scale": "1-10", "written": "x"}
    for address in (url("activity-new", workshop.pk) + "?kind=rate", url("activity", workshop.pk, step.pk)):
        response = page.post(address, {**typed, "place": "1"})
        assert response.context["form"].non_field_errors() == ["This workshop has ended. Its agenda stays as it was."]
    page.post(url("agenda-add", workshop.pk), {"agenda": "built-in:health-check"})
    page.post(url("activity-remove", workshop.pk, step.pk))
    assert titles(workshop) == [step.title]
    assert 'href="' + url("activity-new", workshop.pk) not in text(page, url("workshop", workshop.pk))


def test_an_agenda_that_is_full(page: Client, workshop: Workshop) -> None:
    Activity.objects.bulk_create(
        Activity(workshop=workshop, kind="talk", title=f"{n}", position=n) for n in range(MOST_STEPS)
    )
    typed = {"title": "One more", "minutes": "5", "place": "1"}
    form = page.post(url("activity-new", workshop.pk) + "?kind=talk", typed).context["form"]
    assert form.non_field_errors() == ["An agenda has at most 40 steps."]
    form = page.post(url("agenda-add", workshop.pk), {"agenda": "built-in:health-check"}).context["form"]
    assert form.non_field_errors() == ["An agenda has at most 40 steps."]


def test_agendas_are_saved_used_renamed_and_deleted(page: Client, workshop: Workshop, ecosystem: Ecosystem) -> None:
    make_activity(workshop, title="Ours", current=False)
    kept = {"title": "Our way", "description": "For mornings"}
    assert page.post(url("workshop-keep-agenda", workshop.pk), kept).status_code == 302
    form = page.post(url("workshop-keep-agenda", workshop.pk), kept).context["form"]
    assert form.non_field_errors() == ["There is an agenda with this title already. Choose another title."]
    template = AgendaTemplate.objects.get()
    assert "Our way, 10 minutes" in text(page, url("workshop-new") + f"?agenda=kept:{template.pk}")
    page.post(url("workshop-new"), {"title": "B", "ecosystem": ecosystem.pk, "agenda": f"kept:{template.pk}"})
    assert titles(Workshop.objects.get(title="B")) == ["Ours"]
    page.post(url("agenda-add", workshop.pk), {"agenda": f"kept:{template.pk}"})
    assert titles(workshop) == ["Ours", "Ours"]
    page.post(url("kept-agenda", template.pk), {"title": "Other way", "description": ""})
    assert "Other way" in text(page, url("kept-agendas"))
    page.post(url("kept-agenda-delete", template.pk))
    assert AgendaTemplate.objects.count() == 0
    assert Workshop.objects.count() == 2


def test_an_agenda_of_another_organization_cannot_be_used(page: Client, ecosystem: Ecosystem) -> None:
    other: Organization = make_organization(slug="somewhere", name="Somewhere")
    foreign = AgendaTemplate.objects.create(organization=other, title="Theirs", agenda=[])
    form = {"title": "B", "ecosystem": ecosystem.pk, "agenda": f"kept:{foreign.pk}"}
    assert list(page.post(url("workshop-new"), form).context["form"].errors) == ["agenda"]
    assert page.get(url("kept-agenda", foreign.pk)).status_code == 404


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


def test_helpers_are_members(page: Client, workshop: Workshop, leader: User, outsider: User) -> None:
    address = url("workshop-helpers", workshop.pk)
    assert list(page.post(address, {"people": [outsider.pk]}).context["form"].errors) == ["people"]
    page.post(address, {"people": [leader.pk]})
    assert list(workshop.co_facilitators.all()) == [leader]
    page.post(address, {})
    assert workshop.co_facilitators.count() == 0


def test_a_copy_and_a_rehearsal(page: Client, workshop: Workshop) -> None:
    make_activity(workshop, title="One", kind="talk", current=False)
    response = page.post(url("workshop-duplicate", workshop.pk), {"title": "Again", "starts_at": ""})
    copy = Workshop.objects.get(title="Again")
    assert response["Location"] == url("workshop", copy.pk)
    assert titles(copy) == ["One"]
    response = page.post(url("workshop-rehearse", workshop.pk))
    rehearsal = workshop.rehearsals.get()
    assert response["Location"] == url("console", rehearsal.pk)
    assert page.get(url("workshop", rehearsal.pk))["Location"] == url("workshop", workshop.pk)
    assert page.get(url("workshop-privacy", rehearsal.pk)).status_code == 404
    assert rehearsal.get_absolute_url() not in text(page, url("workshops"))


def test_a_rehearsal_of_nothing_says_what_to_do(page: Client, workshop: Workshop) -> None:
    response = page.post(url("workshop-rehearse", workshop.pk), follow=True)
    assert "Add at least one" in response.content.decode()


def test_deleting_says_what_is_lost(page: Client, workshop: Workshop, ecosystem: Ecosystem) -> None:
    assert "Nobody has joined." in text(page, url("workshop-delete", workshop.pk))
    page.post(url("workshop-delete", workshop.pk))
    held = make_workshop(ecosystem, title="Held", state="ended")
    form = page.post(url("workshop-delete", held.pk), {"typed": "held"}).context["form"]
    assert form.non_field_errors() == ["Type the title exactly as it is: Held"]
    assert page.post(url("workshop-delete", held.pk), {"typed": "Held"})["Location"] == url("workshops")
    live = make_workshop(ecosystem, title="Live")
    assert "End it on the console first." in text(page, url("workshop-delete", live.pk))
    page.post(url("workshop-delete", live.pk), {"typed": "Live"})
    assert list(Workshop.objects.all()) == [live]


def test_the_poster_shows_how_to_join_and_the_rules(page: Client, workshop: Workshop) -> None:
    shown = text(page, url("workshop-poster", workshop.pk))
    assert workshop.code in shown
    assert "<svg" in shown
    assert "at least 5 people stand behind it" in shown


def test_a_talking_point_goes_from_the_results_into_a_workshop(
    page: Client, client_of: LogIn, leader: User, ecosystem: Ecosystem
) -> None:
    make_default_instrument()
    assessment = make_assessment(ecosystem)
    make_scored_wave(assessment, title="Spring 2026", seed=1)
    wave = make_scored_wave(assessment, title="Autumn 2026", seed=2, shift={"ADA": -14.0}, spread=5.0)
    results = reverse("assessments:results", args=["rivermark", wave.pk])
    address = url("talking-point", wave.pk, "ADA")
    assert address in text(page, results)
    assert address not in text(client_of(leader), results)
    assert client_of(leader).get(address).status_code == 403
    assert page.get(url("talking-point", wave.pk, "NO-SUCH")).status_code == 404
    form = page.post(address, {"as_kind": "rate", "workshop": "new"}).context["form"]
    assert form.errors == {"title": ["Give the new workshop a title."]}
    page.post(address, {"as_kind": "rate", "workshop": "new", "title": "Debrief"})
    workshop = Workshop.objects.get()
    assert list(workshop.activities.values_list("kind", flat=True)) == ["rate", "talk"]
    page.post(url("talking-point", wave.pk, "INN"), {"as_kind": "talk", "workshop": str(workshop.pk)})
    assert workshop.activities.count() == 3


def test_what_is_said_about_a_leader_is_not_for_a_room(page: Client, ecosystem: Ecosystem, leader: User) -> None:
    wave = make_wave(make_assessment(ecosystem, leader=leader))
    assert page.get(url("talking-point", wave.pk, "INN")).status_code == 404


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
