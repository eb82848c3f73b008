"""Pages of a wave, used as people use them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import Anonymity, InvitationStatus, WaveState
from assessments.models import Assessment, Draft, Invitation, Wave
from assessments.services.waves import close_wave, freeze_privacy, today
from ecosystems.models import Ecosystem, Organization, User
from tests.assessments.views.wave_pages import url
from tests.factories.assessments import (
    answer,
    invite,
    make_assessment,
    make_closed_wave,
    make_open_wave,
    make_version,
    make_wave,
)

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def test_from_nothing_to_an_open_wave(page: Client, ecosystem: Ecosystem, organization: Organization) -> None:
    version = make_version()
    address = reverse("assessments:assessment-new", args=[organization.slug])
    assert page.get(address).status_code == 200
    response = page.post(
        address,
        {
            "name": "Network assessment",
            "ecosystem": ecosystem.pk,
            "instrument": version.instrument_id,
            "about": "system",
            "rhythm": "half-yearly",
        },
    )
    wave = Wave.objects.get()
    assert response["Location"] == url("wave-questions", wave)
    form = {"title": "Autumn", "version": version.pk, "group_customers": "pulse", "group_leaders": "full"}
    assert page.post(url("wave-questions", wave), form)["Location"] == url("wave", wave)
    assert sorted(wave.groups.values_list("key", "form")) == [("customers", "pulse"), ("leaders", "full")]
    assert "Nobody can answer yet" in page.get(url("wave", wave)).content.decode()
    text = "name;email\nIda;ida@x.example\nOn paper;\n"
    checked = page.post(url("wave-people-add", wave, "customers"), {"text": text})
    assert "2 new people" in checked.content.decode()
    assert Invitation.objects.count() == 0
    page.post(url("wave-people-add", wave, "customers"), {"text": text, "confirm": "yes"})
    assert list(Invitation.objects.values_list("name", "email")) == [("Ida", "ida@x.example"), ("On paper", "")]
    assert "1 invitation goes out" in page.get(url("wave-open", wave)).content.decode()
    page.post(url("wave-open", wave))
    wave.refresh_from_db()
    assert wave.state == WaveState.OPEN


def test_an_assessment_of_a_leader_names_the_leader(page: Client, ecosystem: Ecosystem, leader: User) -> None:
    version = make_version()
    address = reverse("assessments:assessment-new", args=[ecosystem.organization.slug])
    form = {"name": "360", "ecosystem": ecosystem.pk, "instrument": version.instrument_id, "rhythm": "once"}
    response = page.post(address, {**form, "about": "leader"})
    assert response.context["form"].errors == {"leader": ["Choose the leader whom the assessment is about"]}
    assert 'value="360"' in response.content.decode()
    page.post(address, {**form, "about": "leader", "leader": leader.pk})
    assert Assessment.objects.get().leader == leader


def test_a_foreign_ecosystem_or_leader_cannot_be_chosen(page: Client, ecosystem: Ecosystem, outsider: User) -> None:
    foreign = Ecosystem.objects.create(organization=Organization.objects.get(slug="elsewhere"), slug="x", name="X")
    address = reverse("assessments:assessment-new", args=[ecosystem.organization.slug])
    form = {"name": "A", "ecosystem": foreign.pk, "instrument": make_version().instrument_id, "rhythm": "once"}
    response = page.post(address, {**form, "about": "leader", "leader": outsider.pk})
    assert sorted(response.context["form"].errors) == ["ecosystem", "leader"]


def test_a_wrong_closing_day_keeps_what_was_typed(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    typed = {"subject": "New", "message": "without a link", "closes_on": str(today() - timedelta(days=1))}
    response = page.post(url("wave", wave), typed)
    errors = response.context["form"].errors
    assert errors["message"] == ["Write {link} where each person’s own link should stand"]
    assert errors["closes_on"][0].startswith("The closing day must be today, ")
    assert "without a link" in response.content.decode()
    wave.refresh_from_db()
    assert wave.subject != "New"


def test_a_planned_wave_does_not_close_before_it_opens(page: Client, ecosystem: Ecosystem) -> None:
    later = today() + timedelta(days=60)
    wave = make_wave(ecosystem, opens_on=later, closes_on=later)
    typed = {"subject": "S", "message": "{link}", "opens_on": str(later), "closes_on": str(today())}
    response = page.post(url("wave", wave), typed)
    assert response.context["form"].errors == {"closes_on": ["The closing day must not be before the opening day"]}
    assert page.post(url("wave", wave), {**typed, "opens_on": ""}).status_code == 302
    wave.refresh_from_db()
    assert (wave.opens_on, wave.closes_on) == (None, today())


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9999-12-31", "Check the year: 9999"),
        ("soon", "Write the day like this: 14 11 2026"),
        ("", "This field is required."),
    ],
)
def test_a_day_that_is_none_says_what_to_do(page: Client, ecosystem: Ecosystem, typed: str, said: str) -> None:
    response = page.post(url("wave", make_wave(ecosystem)), {"subject": "S", "message": "{link}", "closes_on": typed})
    assert response.context["form"].errors == {"closes_on": [said]}


def test_days_can_be_typed(page: Client, ecosystem: Ecosystem) -> None:
    wave, day = make_open_wave(ecosystem), today() + timedelta(days=40)
    page.post(url("wave", wave), {"subject": "S", "message": "{link}", "closes_on": day.strftime("%d %m %Y")})
    wave.refresh_from_db()
    assert wave.closes_on == day


@pytest.mark.parametrize(("groups", "answers"), [(("customers",), 1), (("customers", "partners", "employees"), 12)])
def test_a_waves_page_asks_the_database_the_same_number_of_times(
    page: Client,
    ecosystem: Ecosystem,
    groups: tuple[str, ...],
    answers: int,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    wave = make_open_wave(ecosystem, people=answers)
    for key in groups:
        invite(wave, 3, group=key)
        answer(wave.groups.get(key=key), answers)
    page.get(url("wave", wave))
    with django_assert_num_queries(11):
        page.get(url("wave", wave))


def test_progress_counts_and_names_nobody(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=8)
    group = wave.groups.get(key="customers")
    answer(group, 3)
    begun = group.invitations.filter(status=InvitationStatus.INVITED)[0]
    Draft.objects.create(group=group, invitation=begun)
    text = page.get(url("wave", wave)).content.decode()
    row = text[text.index(">Customers</a>") :].partition("</tr>")[0]
    assert [cell.rpartition(">")[2] for cell in row.split("</td>")][:6] == [
        "personal links",
        "8",
        "1",
        "3",
        "38&nbsp;%",
        "2 more needed",
    ]
    listed = page.get(url("wave-people", wave, "customers")).content.decode()
    assert "Submitted" not in listed
    assert "Started" not in listed


def test_a_named_waves_list_says_how_far_people_are(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=1, anonymity=Anonymity.NAMED)
    assert "Invited" in page.get(url("wave-people", wave, "customers")).content.decode()


def test_a_group_too_small_to_show_is_named(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem, people=2)
    assert "Customers cannot be shown." in page.get(url("wave", wave)).content.decode()


def test_privacy_is_fixed_by_the_first_answer(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    form = {"anonymity": "anonymous", "min_group_size": 6, "comment_min_group_size": 9}
    page.post(url("wave-privacy", wave), form)
    wave.refresh_from_db()
    assert (wave.min_group_size, wave.comment_min_group_size, wave.live_results) == (6, 9, False)
    freeze_privacy(wave=wave)
    assert "Fixed since the first answer" in page.get(url("wave", wave)).content.decode()
    page.post(url("wave-privacy", wave), {**form, "min_group_size": 20, "anonymity": "named"})
    wave.refresh_from_db()
    assert (wave.min_group_size, wave.anonymity) == (6, "anonymous")


@pytest.mark.parametrize(
    ("scores", "comments", "field"),
    [(2, 8, "min_group_size"), (4, 8, "min_group_size"), (9, 8, "comment_min_group_size")],
)
def test_minimum_sizes_are_never_below_the_rule(
    page: Client, ecosystem: Ecosystem, scores: int, comments: int, field: str
) -> None:
    wave = make_wave(ecosystem)
    form = {"anonymity": "anonymous", "min_group_size": scores, "comment_min_group_size": comments}
    assert list(page.post(url("wave-privacy", wave), form).context["form"].errors) == [field]


def test_a_refused_version_keeps_the_form(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem, people=1)
    form = {"title": "Mine", "version": wave.version_id, "group_leaders": "full"}
    response = page.post(url("wave-questions", wave), form)
    assert response.context["form"].non_field_errors() == ["“Customers” has people. Remove them first."]
    assert 'value="Mine"' in response.content.decode()


def test_closing_and_reopening(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_open_wave(ecosystem)
    assert url("results", wave) in page.get(url("wave", wave)).content.decode()
    assert page.get(url("wave-close", wave)).status_code == 200
    page.post(url("wave-close", wave))
    response = page.post(url("wave-reopen", wave), {"closes_on": "31 02 2031"})
    assert response.context["form"].errors == {"closes_on": ["Write the day like this: 14 11 2026"]}
    page.post(url("wave-reopen", wave), {"closes_on": str(today())})
    wave.refresh_from_db()
    assert wave.state == WaveState.OPEN
    close_wave(wave=wave, by=None)
    Wave.objects.update(results_shown=True)
    assert "results have been seen" in page.get(url("wave-reopen", wave)).content.decode()


def test_an_imported_waves_groups_may_have_any_name(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_closed_wave(ecosystem)
    Wave.objects.update(is_imported=True)
    wave.groups.filter(key="customers").update(key="Team A/B “x” ?", label="Team A/B", audience="")
    text = page.get(url("wave", wave)).content.decode()
    assert "from a file" in text
    assert "not in this version" not in text
    assert page.get(url("wave-people", wave, "Team A/B “x” ?")).status_code == 200


def test_two_people_closing_at_once_is_no_error_page(page: Client, ecosystem: Ecosystem) -> None:
    wave = make_closed_wave(ecosystem)
    response = page.post(url("wave-close", wave))
    assert response.context["form"].non_field_errors() == ["This wave is not open."]


def test_only_an_admin_deletes_what_was_opened_and_only_by_its_title(
    page: Client, client_of: LogIn, admin: User, ecosystem: Ecosystem
) -> None:
    wave = make_closed_wave(ecosystem, answers=1)
    assert page.get(url("wave-delete", wave)).status_code == 403
    assert page.post(url("wave-delete", wave), {"typed": wave.title}).status_code == 403
    browser = client_of(admin)
    assert "People have answered." in browser.get(url("wave-delete", wave)).content.decode()
    assert list(browser.post(url("wave-delete", wave), {"typed": "x"}).context["form"].errors) == ["typed"]
    assert browser.post(url("wave-delete", wave), {"typed": wave.title}).status_code == 302
    assert not Wave.objects.exists()


def test_other_organizations_waves_do_not_exist(client_of: LogIn, outsider: User, ecosystem: Ecosystem) -> None:
    wave = make_wave(ecosystem)
    browser = client_of(outsider)
    assert browser.get(url("wave", wave)).status_code == 404
    assert browser.get(reverse("assessments:wave", args=["elsewhere", wave.pk])).status_code == 404


def test_a_360_is_known_to_its_leader_and_those_who_run_it(
    client_of: LogIn, ecosystem: Ecosystem, leader: User, viewer: User, admin: User
) -> None:
    assessment = make_assessment(ecosystem, leader=leader)
    address = assessment.get_absolute_url()
    assert [client_of(one).get(address).status_code for one in (leader, admin, viewer)] == [200, 200, 404]
    assert "The results belong to" in client_of(admin).get(address).content.decode()
    sharing = reverse("assessments:assessment-sharing", args=[ecosystem.organization.slug, assessment.pk])
    assert client_of(admin).get(sharing).status_code == 403
    client_of(leader).post(sharing, {"people": [viewer.pk]})
    assert client_of(viewer).get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 6])
def test_lists_ask_the_database_the_same_number_of_times(
    page: Client,
    ecosystem: Ecosystem,
    count: int,
    django_assert_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    for _number in range(count):
        assessment = make_assessment(ecosystem)
        make_closed_wave(assessment, answers=count)
    address = reverse("assessments:assessments", args=[ecosystem.organization.slug])
    page.get(address)
    with django_assert_num_queries(8):
        page.get(address)
    for _number in range(count):
        make_closed_wave(assessment)
    with django_assert_num_queries(10):
        page.get(assessment.get_absolute_url())
