"""The life of a wave: set up, opened, closed, opened again, deleted."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from assessments.enums import About, Anonymity, GroupKind, Rhythm, WaveState
from assessments.models import Wave
from assessments.services.assessments import AssessmentProblem, create_assessment, share_results
from assessments.services.wave_setup import (
    PrivacyFixed,
    change_wave,
    create_wave,
    set_groups,
    set_public_link,
    set_up_questions,
)
from assessments.services.waves import (
    NotReady,
    WaveNotOpen,
    WaveProblem,
    close_due_waves,
    close_wave,
    delete_wave,
    freeze_privacy,
    not_ready,
    open_wave,
    reopen_wave,
    today,
    usual_title,
)
from ecosystems.models import AuditEvent, Ecosystem, Organization, User
from tests.factories.assessments import (
    answer,
    invite,
    make_assessment,
    make_closed_wave,
    make_open_wave,
    make_version,
    make_wave,
)
from tests.factories.people import make_organization

pytestmark = pytest.mark.django_db


def groups(wave: Wave) -> list[tuple[str, str, str]]:
    return [(group.key, group.form, group.kind) for group in wave.groups.order_by("position")]


def test_a_system_wave_asks_leaders_in_full_and_four_groups_shortly(ecosystem: Ecosystem) -> None:
    assert groups(make_wave(ecosystem)) == [
        ("customers", "stakeholder", GroupKind.STAKEHOLDER),
        ("employees", "stakeholder", GroupKind.STAKEHOLDER),
        ("partners", "stakeholder", GroupKind.STAKEHOLDER),
        ("communities", "stakeholder", GroupKind.STAKEHOLDER),
        ("leaders", "full", GroupKind.LEADERS),
    ]


def test_a_360_asks_the_leader_and_others(ecosystem: Ecosystem, leader: User) -> None:
    wave = make_wave(make_assessment(ecosystem, leader=leader))
    assert groups(wave) == [("self", "full", GroupKind.SELF), ("others", "full", GroupKind.OTHERS)]
    assert [group.label for group in wave.groups.all()] == [leader.name, f"People who work with {leader.name}"]


def test_a_new_wave_takes_the_organizations_minimum(ecosystem: Ecosystem, organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(min_group_size=7, comment_min_group_size=9)
    wave = make_wave(Ecosystem.objects.get(pk=ecosystem.pk))
    assert (wave.min_group_size, wave.comment_min_group_size) == (7, 9)


def test_the_next_wave_copies_set_up_and_people_on_the_dates_of_the_rhythm(ecosystem: Ecosystem) -> None:
    assessment = make_assessment(ecosystem, rhythm=Rhythm.QUARTERLY)
    first = make_wave(assessment, people=2, subject="Hello", anonymity=Anonymity.NAMED)
    set_groups(wave=first, forms={"customers": "pulse", "leaders": "full"})
    opened = open_wave(wave=first, by=None)
    close_wave(wave=opened, by=None)
    second = create_wave(assessment=assessment, by=None)
    assert (second.number, second.subject, second.anonymity, second.state) == (2, "Hello", "named", WaveState.DRAFT)
    assert groups(second) == [("customers", "pulse", "stakeholder"), ("leaders", "full", "leaders")]
    assert second.groups.get(key="customers").invitations.count() == 2
    assert opened.opens_on
    assert opened.closes_on
    assert second.opens_on
    assert second.closes_on
    assert second.opens_on > opened.opens_on + timedelta(days=85)
    assert second.closes_on - second.opens_on == opened.closes_on - opened.opens_on


@pytest.mark.parametrize(
    ("start", "rhythm", "expected"),
    [
        (date(2031, 1, 31), Rhythm.MONTHLY, date(2031, 2, 28)),
        (date(2031, 11, 30), Rhythm.QUARTERLY, date(2032, 2, 29)),
        (date(2032, 2, 29), Rhythm.YEARLY, date(2033, 2, 28)),
        (date(2031, 8, 31), Rhythm.HALF_YEARLY, date(2032, 2, 29)),
    ],
)
def test_months_of_different_length(ecosystem: Ecosystem, start: date, rhythm: Rhythm, expected: date) -> None:
    assessment = make_assessment(ecosystem, rhythm=rhythm)
    make_wave(assessment, opens_on=start, closes_on=start + timedelta(days=5))
    assert create_wave(assessment=assessment, by=None).opens_on == expected


def test_an_instrument_without_a_published_version_makes_no_wave(
    ecosystem: Ecosystem, organization: Organization
) -> None:
    draft = make_version(organization, published=False)
    assessment = make_assessment(ecosystem, instrument=draft.instrument)
    with pytest.raises(NotReady, match="no published version"):
        create_wave(assessment=assessment, by=None)


def test_groups_with_people_do_not_vanish(ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=1)
    with pytest.raises(WaveProblem, match="“Customers” has people"):
        set_groups(wave=wave, forms={"leaders": "full"})
    assert wave.groups.count() == 5


@pytest.mark.parametrize("forms", [{"customers": "full"}, {"self": "full"}, {"martians": "pulse"}])
def test_a_form_that_does_not_ask_the_group_is_refused(ecosystem: Ecosystem, forms: dict[str, str]) -> None:
    with pytest.raises(WaveProblem, match="does not ask"):
        set_groups(wave=make_wave(ecosystem), forms=forms)


def test_questions_are_all_changed_or_none(ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=1)
    with pytest.raises(WaveProblem):
        set_up_questions(wave=wave, title="Other", version=wave.version, forms={"leaders": "full"}, by=None)
    wave.refresh_from_db()
    assert wave.title != "Other"


def test_what_is_missing_is_said_all_at_once(ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=1, message="no place for it", subject=" ", closes_on=None)
    assert not_ready(wave) == (
        "The closing day is missing.",
        "The invitation has no subject.",
        "The message must contain {link}, which becomes each person’s own link.",
    )
    with pytest.raises(NotReady):
        open_wave(wave=wave, by=None)


def test_a_wave_without_anybody_does_not_open_but_a_public_link_is_enough(ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem)
    assert not_ready(wave) == ("Nobody can answer yet. Add people, or switch on a public link.",)
    set_public_link(group=wave.groups.get(key="customers"), on=True, expected=40)
    assert open_wave(wave=wave, by=None).state == WaveState.OPEN


def test_a_passed_closing_day_does_not_open(ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=1, opens_on=None, closes_on=today() - timedelta(days=1))
    with pytest.raises(NotReady, match="closing day has passed"):
        open_wave(wave=wave, by=None)


def test_a_wave_opens_once(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    with pytest.raises(WaveProblem, match="opened already"):
        open_wave(wave=wave, by=None)


def test_a_wave_can_be_opened_and_closed_in_the_past(ecosystem: Ecosystem) -> None:
    then = timezone.now() - timedelta(days=400)
    wave = make_wave(ecosystem, people=1, opens_on=None, closes_on=then.date() + timedelta(days=10))
    opened = open_wave(wave=wave, by=None, now=then)
    closed = close_wave(wave=opened, by=None, now=then + timedelta(days=9))
    assert (closed.opens_on, closed.opened_at, closed.closed_at) == (then.date(), then, then + timedelta(days=9))


def test_a_wave_opened_earlier_than_planned_is_called_after_its_month(ecosystem: Ecosystem) -> None:
    later = today() + timedelta(days=100)
    wave = make_wave(ecosystem, people=1, title=usual_title(later), opens_on=later, closes_on=later)
    assert open_wave(wave=wave, by=None).title == usual_title(today())
    named = make_wave(ecosystem, people=1, title="Autumn", opens_on=later, closes_on=later)
    assert open_wave(wave=named, by=None).title == "Autumn"


def test_the_closing_day_itself_still_counts(ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    assert wave.closes_on
    assert close_due_waves(day=wave.closes_on) == 0
    assert close_due_waves(day=wave.closes_on + timedelta(days=1)) == 1
    wave.refresh_from_db()
    assert wave.state == WaveState.CLOSED
    assert wave.is_stale
    assert AuditEvent.objects.get(action="wave.closed").actor is None
    assert close_due_waves(day=wave.closes_on + timedelta(days=1)) == 0


def test_only_an_open_wave_closes(ecosystem: Ecosystem) -> None:
    with pytest.raises(WaveNotOpen):
        close_wave(wave=make_wave(ecosystem), by=None)


def test_a_wave_is_reopened_until_results_were_shown(ecosystem: Ecosystem) -> None:
    wave = make_closed_wave(ecosystem, answers=3)
    again = reopen_wave(wave=wave, by=None, closes_on=today())
    assert (again.state, again.closed_at, again.responses.count()) == (WaveState.OPEN, None, 3)
    close_wave(wave=again, by=None)
    Wave.objects.filter(pk=wave.pk).update(results_shown=True)
    with pytest.raises(WaveProblem, match="results have been seen"):
        reopen_wave(wave=wave, by=None, closes_on=today())


def test_an_imported_wave_is_never_reopened(ecosystem: Ecosystem) -> None:
    wave = make_closed_wave(ecosystem)
    Wave.objects.filter(pk=wave.pk).update(is_imported=True)
    with pytest.raises(WaveProblem, match="came from a file"):
        reopen_wave(wave=wave, by=None, closes_on=today())


def test_reopening_needs_a_day_to_come(ecosystem: Ecosystem) -> None:
    with pytest.raises(WaveProblem, match="today or later"):
        reopen_wave(wave=make_closed_wave(ecosystem), by=None, closes_on=today() - timedelta(days=1))


@pytest.mark.parametrize(
    "change",
    [{"anonymity": Anonymity.NAMED}, {"min_group_size": 3}, {"comment_min_group_size": 20}, {"live_results": False}],
)
def test_the_first_answer_fixes_the_privacy_rules(ecosystem: Ecosystem, change: dict[str, object]) -> None:
    wave = make_open_wave(ecosystem)
    freeze_privacy(wave=wave)
    with pytest.raises(PrivacyFixed):
        change_wave(wave=wave, by=None, **change)
    change_wave(wave=wave, by=None, subject="still free")


@pytest.mark.parametrize(
    "change", [{"closes_on": date(2020, 1, 1), "opens_on": date(2020, 1, 2)}, {"comment_min_group_size": 4}]
)
def test_what_the_database_would_refuse_is_said_in_words(ecosystem: Ecosystem, change: dict[str, object]) -> None:
    with pytest.raises(WaveProblem):
        change_wave(wave=make_wave(ecosystem), by=None, **change)


def test_freezing_again_costs_no_query(ecosystem: Ecosystem, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    wave = make_open_wave(ecosystem)
    with django_assert_num_queries(1):
        freeze_privacy(wave=wave)
    with django_assert_num_queries(0):
        freeze_privacy(wave=wave)


def test_a_draft_is_deleted_at_once_an_opened_wave_by_its_title(ecosystem: Ecosystem, admin: User) -> None:
    assessment = make_assessment(ecosystem)
    delete_wave(wave=make_wave(assessment), by=admin)
    wave = make_open_wave(assessment)
    answer(wave.groups.get(key="customers"), 1)
    with pytest.raises(WaveProblem, match="exactly"):
        delete_wave(wave=wave, by=admin, typed="something else")
    delete_wave(wave=wave, by=admin, typed=f" {wave.title} ")
    assert not Wave.objects.exists()
    assert AuditEvent.objects.filter(action="wave.deleted").first().details == {"state": "open", "responses": 1}  # type: ignore[union-attr]


def test_opening_wakes_the_mail_only_once_it_is_committed(
    ecosystem: Ecosystem,
    django_capture_on_commit_callbacks,
    monkeypatch: pytest.MonkeyPatch,  # type: ignore[no-untyped-def]
) -> None:
    woken: list[int] = []
    monkeypatch.setattr("assessments.tasks.wake_mail", woken.append)
    wave = make_wave(ecosystem, people=1)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        open_wave(wave=wave, by=None)
        assert woken == []
    assert woken == [wave.pk]


def test_an_assessment_needs_its_leader_and_a_foreign_instrument_is_refused(
    ecosystem: Ecosystem, leader: User, outsider: User
) -> None:
    instrument = make_version().instrument
    base = {"ecosystem": ecosystem, "instrument": instrument, "name": "A", "by": None}
    for wrong in ({"about": About.LEADER}, {"leader": leader}, {"about": About.LEADER, "leader": outsider}):
        with pytest.raises(AssessmentProblem):
            create_assessment(**base, **wrong)
    foreign = make_version(make_organization()).instrument
    with pytest.raises(AssessmentProblem, match="another organization"):
        create_assessment(**base | {"instrument": foreign})


def test_only_the_leader_shares_and_only_with_members(
    ecosystem: Ecosystem, leader: User, admin: User, outsider: User
) -> None:
    assessment = make_assessment(ecosystem, leader=leader)
    with pytest.raises(AssessmentProblem):
        share_results(assessment=assessment, people=[admin], by=admin)
    share_results(assessment=assessment, people=[admin, outsider, leader], by=leader)
    assert list(assessment.shared_with.all()) == [admin]


def test_people_can_be_added_to_a_wave_in_preparation_without_mail(ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem)
    assert [one.sent_at for one in invite(wave, 2)] == [None, None]
