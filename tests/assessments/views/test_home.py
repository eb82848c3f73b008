"""The home page: what needs each of the cast, and what happened lately."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from assessments.enums import InvitationStatus
from assessments.links import invitation_token
from assessments.models import Commitment, Draft, DraftAnswer, Invitation, Wave
from assessments.selectors.asked_links import effect_code, late_code
from assessments.selectors.home import NewsKind, home_of
from assessments.services.invitations import add_people, members_to_add
from assessments.services.rescore import rescore
from assessments.services.waves import today
from ecosystems.models import Ecosystem, Organization, User
from ecosystems.permissions import Viewer, viewer_for
from tests.factories.assessments import answer, make_assessment, make_closed_wave, make_open_wave, make_wave
from tests.factories.ecosystems import make_stakeholder
from tests.factories.workshops import make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def seen_by(user: User) -> Viewer:
    viewer = viewer_for(user=user, slug="rivermark")
    assert viewer
    return viewer


def ask_leaders(wave: Wave) -> None:
    group = wave.groups.get(key="leaders")
    add_people(group=group, people=members_to_add(group), by=None)


def scored(wave: Wave) -> None:
    rescore(wave_id=wave.pk)


def test_a_new_organization_is_led_through_three_steps(
    client_of: LogIn, facilitator: User, leader: User, organization: Organization
) -> None:
    page = client_of(facilitator).get(organization.get_absolute_url()).content.decode()
    assert "Welcome, Jonas" in page
    assert "Name the ecosystem" in page
    assert "Nothing is being asked yet" in client_of(leader).get(organization.get_absolute_url()).content.decode()


def test_the_steps_move_on(client_of: LogIn, facilitator: User, ecosystem: Ecosystem) -> None:
    address, browser = ecosystem.organization.get_absolute_url(), client_of(facilitator)
    assert "Add the first ones" in browser.get(address).content.decode()
    make_stakeholder(ecosystem)
    assert ">Choose</a>" in browser.get(address).content.decode()
    wave = make_wave(ecosystem)
    assert f'href="{wave.get_absolute_url()}"' in browser.get(address).content.decode()


def test_an_own_invitation_is_one_press_away(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    ask_leaders(wave)
    invitation = Invitation.objects.get(user=leader)
    page = client_of(leader).get(ecosystem.organization.get_absolute_url()).content.decode()
    assert f'href="/a/{invitation_token(invitation)}/"' in page
    own = home_of(seen_by(leader)).own[0]
    assert (own.answered, own.questions, own.days_left) == (0, 93, 14)
    draft = Draft.objects.create(group=invitation.group, invitation=invitation)
    DraftAnswer.objects.bulk_create(DraftAnswer(draft=draft, item=f"I{n}", value=3) for n in range(31))
    DraftAnswer.objects.create(draft=draft, item="blank", value=None)
    later = home_of(seen_by(leader)).own[0]
    assert later.answered == 31
    DraftAnswer.objects.bulk_create(DraftAnswer(draft=draft, item=f"J{n}", value=3) for n in range(62))
    page = client_of(leader).get(ecosystem.organization.get_absolute_url()).content.decode()
    assert "All 93 questions are answered: only submitting is left." in page
    assert later.minutes < own.minutes


def test_questions_about_links_count_once_each(leader: User, ecosystem: Ecosystem) -> None:
    """The same number as on the first page of the questions; when an effect shows belongs to its question."""
    wave = make_open_wave(ecosystem)
    ask_leaders(wave)
    Wave.objects.filter(pk=wave.pk).update(map_links=[[1, 2, "Trust", "Speed"], [2, 1, "Speed", "Trust"]])
    invitation = Invitation.objects.get(user=leader)
    draft = Draft.objects.create(group=invitation.group, invitation=invitation)
    for code in (effect_code(0), late_code(0)):
        DraftAnswer.objects.create(draft=draft, item=code, value=1)
    own = home_of(seen_by(leader)).own[0]
    assert (own.answered, own.questions) == (1, 95)


@pytest.mark.parametrize("status", [InvitationStatus.SUBMITTED])
def test_what_is_submitted_needs_nobody(leader: User, ecosystem: Ecosystem, status: InvitationStatus) -> None:
    ask_leaders(make_open_wave(ecosystem))
    Invitation.objects.filter(user=leader).update(status=status)
    assert home_of(seen_by(leader)).own == ()


def test_who_runs_waves_sees_what_to_finish_and_what_closes_soon(
    facilitator: User, leader: User, ecosystem: Ecosystem
) -> None:
    assessment = make_assessment(ecosystem)
    calm = make_open_wave(assessment)
    soon = make_open_wave(make_assessment(ecosystem), people=2)
    Wave.objects.filter(pk=soon.pk).update(closes_on=today() + timedelta(days=2))
    draft = make_wave(make_assessment(ecosystem))
    home = home_of(seen_by(facilitator))
    assert [task.wave for task in home.tasks] == [soon, draft]
    assert home.tasks[0].days_left == 2
    assert "customers" in [group.group.key for group in home.tasks[0].thin]
    assert calm not in [task.wave for task in home.tasks]
    assert home_of(seen_by(leader)).tasks == ()


def test_news_of_a_360s_scores_is_only_for_those_who_may_see_them(
    leader: User, admin: User, viewer: User, ecosystem: Ecosystem
) -> None:
    scored(make_closed_wave(make_assessment(ecosystem, leader=leader), group="others"))
    kinds = {user.name: {one.kind for one in home_of(seen_by(user)).news} for user in (leader, admin, viewer)}
    both = {NewsKind.OPENED, NewsKind.CLOSED}
    assert kinds == {leader.name: both | {NewsKind.SCORED}, admin.name: both, viewer.name: set()}


def test_another_organizations_waves_are_no_news(outsider: User, leader: User, ecosystem: Ecosystem) -> None:
    make_closed_wave(ecosystem)
    viewer = viewer_for(user=outsider, slug="elsewhere")
    assert viewer
    assert home_of(viewer).news == ()


@pytest.mark.parametrize("count", [1, 4])
def test_the_home_page_asks_the_database_the_same_number_of_times(
    client_of: LogIn,
    admin: User,
    ecosystem: Ecosystem,
    count: int,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    for _number in range(count):
        assessment = make_assessment(ecosystem)
        scored(make_closed_wave(assessment))
        wave = make_open_wave(assessment)
        ask_leaders(wave)
        Wave.objects.filter(pk=wave.pk).update(closes_on=today())
        answer(wave.groups.get(key="customers"), count)
    browser, address = client_of(admin), ecosystem.organization.get_absolute_url()
    browser.get(address)
    with django_assert_num_queries(22):
        browser.get(address)


def test_home_leads_to_workshops_and_their_minutes(
    client_of: Callable[[User], Client], leader: User, facilitator: User, ecosystem: Ecosystem
) -> None:
    wave = make_open_wave(ecosystem)
    ended, live = make_workshop(ecosystem, title="Debrief", state="ended"), make_workshop(ecosystem, title="Loops")
    for number in range(2):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            workshop=ended,
            text=f"Do {number}",
            owner_name="A",
        )
    home = wave.assessment.organization.get_absolute_url()
    for person, leads_to in ((leader, f"{home}workshops/"), (facilitator, live.get_absolute_url())):
        page = client_of(person).get(home).content.decode()
        assert f'<a href="{ended.get_absolute_url()}minutes/">' in page
        assert "2 commitments" in page
        assert f'<a href="{leads_to}">Loops</a>' in page


def test_what_the_viewer_promised_stands_at_home(client_of: LogIn, leader: User, ecosystem: Ecosystem) -> None:
    make_closed_wave(ecosystem)
    for text, due_on in (("Late one", date(2026, 1, 2)), ("Some day", None)):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=text,
            owner_name="Marta",
            owner=leader,
            due_on=due_on,
        )
    Commitment.objects.create(
        organization=ecosystem.organization, ecosystem=ecosystem, text="Of another", owner_name="Lena"
    )
    page = client_of(leader).get(ecosystem.organization.get_absolute_url())
    assert [one.text for one in page.context["commitments"]] == ["Late one", "Some day"]
    assert "Late one</a>" in page.content.decode()
    assert "One thing needs you." in page.content.decode()


def test_facilitators_are_told_of_what_nobody_owns_any_more(
    client_of: LogIn, leader: User, facilitator: User, ecosystem: Ecosystem
) -> None:
    make_closed_wave(ecosystem)
    told = f"2 open commitments in “{ecosystem.name}” are nobody’s now"
    gone = User.objects.create_user("gone@example.org")
    for number, owner in enumerate((gone, gone, leader)):
        Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            text=f"Do {number}",
            owner_name="A",
            owner=owner,
        )
    home = ecosystem.organization.get_absolute_url()
    shown = client_of(facilitator).get(home).content.decode()
    assert (told in shown, "One thing needs you." in shown, "Nothing needs you now." in shown) == (True, True, False)
    assert told not in client_of(leader).get(home).content.decode()
