"""What became of commitments with a wave: targeted against untargeted change, told once (rule L5)."""

from datetime import timedelta
from statistics import mean

import pytest
from django.utils import timezone

from assessments.dashboards.replies import said_and_done
from assessments.enums import CommitmentState, WaveState
from assessments.models import Commitment, Score
from assessments.scoring.commitment_effect import Reading
from assessments.selectors.commitments import effects_of
from assessments.selectors.summaries import newest_summary
from assessments.services.replies import change_reply_page
from assessments.services.summaries import summarise
from assessments.services.summary_marks import mark_summaries_stale
from tests.factories.results import make_fallen_waves, make_scored_wave

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def waves(ecosystem):
    return make_fallen_waves(ecosystem, now=NOW)


def test_a_commitment_done_between_the_waves_gets_its_effect(ecosystem, waves):
    done = Commitment.objects.create(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        text="Meet every week",
        owner_name="Ana",
        facet="ADA",
        state=CommitmentState.DONE,
        closed_on=timezone.localdate(NOW - 100 * DAY),
    )
    late = Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text="Later", owner_name="Ana", facet="ADA"
    )
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    effects = effects_of(ecosystem).by_commitment
    assert effects[str(late.pk)].reading is Reading.TOO_EARLY
    effect = effects[str(done.pk)]
    assert effect.reading is Reading.NO_SIGN  # it fell, and was to rise
    assert effect.targeted < -10
    assert effect.n_untargeted == 4


def test_a_facet_stands_against_all_facets_that_nobody_aimed_at(ecosystem, waves):
    """Targeted and untargeted change, from the stored scores: each a difference of two waves."""

    def done(facet):
        return Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=facet,
            owner_name="Ana",
            facet=facet,
            state=CommitmentState.DONE,
            closed_on=timezone.localdate(NOW - 100 * DAY),
        )

    speed, flow = done("ADA-SPEED"), done("INN-FLOW")
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    told = effects_of(ecosystem).by_commitment
    before, after = (scores_of(wave) for wave in waves)
    change = {code: after[code] - before[code] for code in before}
    untargeted = [moved for code, moved in change.items() if code not in {"ADA-SPEED", "INN-FLOW"}]
    for one in (speed, flow):
        effect = told[str(one.pk)]
        assert effect.targeted == pytest.approx(change[one.facet], abs=0.02)
        assert effect.n_untargeted == len(untargeted)
        assert effect.untargeted == pytest.approx(mean(untargeted), abs=0.02)
        assert effect.difference.value == pytest.approx(change[one.facet] - mean(untargeted), abs=0.04)


def scores_of(wave):
    """Of the facets, by code."""
    rows = Score.objects.filter(wave=wave, level="facet", group_key="", value__isnull=False)
    return dict(rows.values_list("code", "value"))


def test_what_is_promised_later_changes_no_effect_that_was_told(ecosystem, waves):
    def promise(facet, *, made, **changes):
        found = Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=facet,
            owner_name="Ana",
            facet=facet,
            **changes,
        )
        Commitment.objects.filter(pk=found.pk).update(created_at=NOW - made * DAY)
        return str(found.pk)

    def told():
        mark_summaries_stale(ecosystem_id=ecosystem.pk)
        assert summarise(ecosystem_id=ecosystem.pk)
        return effects_of(ecosystem).by_commitment

    day = timezone.localdate(NOW)
    done = promise("ADA", made=150, state=CommitmentState.DONE, closed_on=day - 100 * DAY)
    before = told()[done]
    assert before.n_untargeted == 4
    later = promise("INN", made=2)
    dropped = promise("SUS", made=3, state=CommitmentState.DROPPED, closed_on=day - DAY, closing_note="No money")
    assert told()[done] == before
    assert told()[later].reading is Reading.TOO_EARLY
    stood = promise("ECO", made=120)
    given_up = promise("SAT", made=120, state=CommitmentState.DROPPED, closed_on=day - DAY, closing_note="No money")
    after = told()
    assert after[done].n_untargeted == 2
    assert after[done].targeted == before.targeted
    assert after.keys() == {done, later, stood}
    assert {dropped, given_up}.isdisjoint(after)


def test_an_effect_stays_told_when_later_waves_close_and_goes_with_its_own(ecosystem, waves):
    """The second wave tells of it; the third, which compares other answers, does not take that back."""
    first, second = waves
    done = Commitment.objects.create(
        organization=ecosystem.organization,
        ecosystem=ecosystem,
        text="Meet every week",
        owner_name="Ana",
        facet="ADA",
        state=CommitmentState.DONE,
        closed_on=timezone.localdate(NOW - 100 * DAY),
    )
    mark_summaries_stale(ecosystem_id=ecosystem.pk)
    summarise(ecosystem_id=ecosystem.pk)
    before = effects_of(ecosystem)
    assert set(before.waves) == {first, second}
    third = make_scored_wave(first.assessment, day=NOW - DAY, title="Winter", seed=5)
    summarise(ecosystem_id=ecosystem.pk)
    assert newest_summary(ecosystem).wave == third
    assert newest_summary(ecosystem).feedback.effects == ()
    after = effects_of(ecosystem)
    assert after == before
    page = change_reply_page(ecosystem=ecosystem, by=None, title="", intro="", is_on=True)
    Commitment.objects.update(is_public=True)
    assert said_and_done(page).waves == after.waves
    assert "no sign of an effect" in said_and_done(page).parts[0].answers[0].effect
    type(second).objects.filter(pk=second.pk).update(state=WaveState.OPEN, closed_at=None)
    assert str(done.pk) not in effects_of(ecosystem).by_commitment
