"""The steps of an agenda on their pages: added, changed, moved, removed; agendas kept as a whole."""

import pytest
from django.test import Client

from assessments.models import Activity, AgendaTemplate, Workshop
from assessments.services.agenda import MOST_STEPS
from ecosystems.models import Ecosystem, Organization
from tests.assessments.views.workshop_pages import text, titles, url
from tests.factories.people import make_organization
from tests.factories.workshops import make_activity, make_round, make_workshop

pytestmark = pytest.mark.django_db


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
