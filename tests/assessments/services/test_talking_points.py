"""From the results of a wave into a workshop: names and questions go along, numbers do not."""

import pytest

from assessments.models import Activity, Wave, Workshop
from assessments.models.activity_plans import RatePlan, TalkPlan
from assessments.services.talking_points import add_talking_point, talked_about
from assessments.services.workshops import WorkshopProblem
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import make_assessment, make_wave
from tests.factories.instruments import make_default_instrument
from tests.factories.results import make_scored_wave
from tests.factories.workshops import make_activity, make_workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(ecosystem: Ecosystem) -> Wave:
    return make_wave(ecosystem)


def test_a_new_workshop_talks_about_the_wave(wave: Wave, facilitator: User) -> None:
    workshop = add_talking_point(wave=wave, code="INN-FLOW", rate=False, title="Debrief", by=facilitator)
    step = workshop.activities.get()
    about = talked_about(wave, "INN-FLOW")
    assert about
    assert (workshop.title, workshop.wave, workshop.created_by) == ("Debrief", wave, facilitator)
    assert (step.title, step.plan, step.prompt) == (about.name, TalkPlan("INN-FLOW"), about.starters[0])


def test_a_vote_comes_before_the_talk_with_the_questions_made_for_a_room(wave: Wave, ecosystem: Ecosystem) -> None:
    workshop = make_workshop(ecosystem, state="draft")
    make_activity(workshop, title="Arrive", current=False)
    add_talking_point(wave=wave, code="INN", rate=True, workshop=workshop, by=None)
    steps = list(workshop.activities.all())
    plan = steps[1].plan
    assert isinstance(plan, RatePlan)
    assert [step.kind for step in steps] == ["rate", "rate", "talk"]
    assert (plan.lowest, plan.highest) == (1, 10)
    assert {item.dimension for item in plan.items} == {"INN"}
    assert all(item.text.endswith("?") and item.low and item.high for item in plan.items)
    assert Workshop.objects.get().wave == wave


def test_every_part_of_the_instrument_can_be_rated(wave: Wave, ecosystem: Ecosystem) -> None:
    for code in ("ECO", "SUS", "CON", "MND", "ADA-SENSE", "INN-FLOW"):
        if talked_about(wave, code) is None:
            continue
        workshop = make_workshop(ecosystem, state="draft")
        add_talking_point(wave=wave, code=code, rate=True, workshop=workshop, by=None)
        assert workshop.activities.count() == 2


def test_no_number_of_the_wave_goes_along(ecosystem: Ecosystem) -> None:
    make_default_instrument()
    assessment = make_assessment(ecosystem)
    waves = [make_wave(assessment), make_scored_wave(assessment, shift={"INN": -30.0})]
    told = []
    for wave in waves:
        workshop = make_workshop(ecosystem, state="draft")
        add_talking_point(wave=wave, code="INN", rate=True, workshop=workshop, by=None)
        told.append(list(workshop.activities.values("kind", "title", "prompt", "notes", "settings")))
    assert told[0] == told[1]


def test_what_is_refused(wave: Wave, ecosystem: Ecosystem) -> None:
    other = make_workshop(ecosystem, state="draft", wave=make_wave(ecosystem))
    over = make_workshop(ecosystem, state="ended", wave=wave)
    for refused, code, said in (
        (other, "INN", "another wave"),
        (over, "INN", "has ended"),
        (make_workshop(ecosystem), "NO-SUCH", "not a part"),
    ):
        with pytest.raises(WorkshopProblem, match=said):
            add_talking_point(wave=wave, code=code, rate=False, workshop=refused, by=None)
    assert Activity.objects.count() == 0
