"""Organizations: start page, creation, settings, audit trail, first run, demo."""

import pytest
from django.test import Client, override_settings

from ecosystems.enums import Role
from ecosystems.models import AuditEvent, Membership, Organization
from ecosystems.services import organizations
from ecosystems.services.audit import record
from ecosystems.services.organizations import TooManyOrganizations, create_organization, update_organization
from tests.factories.people import PASSWORD, make_member, make_organization, make_user


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Rivermark Growers’ Co-op", "rivermark-growers-co-op"), ("  Ö & K ", "o-k"), ("x" * 120, "x" * 50)],
)
def test_address_is_made_from_the_name(db, name, slug):
    assert create_organization(name=name, by=make_user()).slug == slug


@pytest.mark.parametrize("name", ["協同組合", "new", "---"])
def test_names_that_make_no_address_get_a_random_one(db, name):
    assert len(create_organization(name=name, by=make_user()).slug) >= 6


def test_same_name_gets_a_number(db):
    by = make_user()
    assert [create_organization(name="Co", by=by).slug for _ in range(3)] == ["co", "co-2", "co-3"]


def test_nobody_makes_organizations_without_end(db, monkeypatch):
    monkeypatch.setattr(organizations, "MOST_ORGANIZATIONS", 1)
    by = make_user()
    create_organization(name="One", by=by)
    with pytest.raises(TooManyOrganizations):
        create_organization(name="Two", by=by)


def test_person_without_organization_starts_one(db, client_of):
    user = make_user(name="Marta Lindqvist")
    client = client_of(user)
    page = client.get("/")
    assert "Welcome, Marta" in page.content.decode()
    answer = client.post("/organizations/new/", {"name": "Rivermark"})
    organization = Organization.objects.get()
    assert answer["Location"] == organization.get_absolute_url()
    assert Membership.objects.get().role == Role.ADMIN
    assert AuditEvent.objects.get().action == "organization.created"


def test_start_page_goes_where_the_person_was_last(client_of, organization, leader):
    other = make_organization(name="A first by name")
    Membership.objects.create(organization=other, user=leader, role=Role.VIEWER)
    client = client_of(leader)
    assert client.get("/")["Location"] == other.get_absolute_url()
    client.get(f"/o/{organization.slug}/ecosystems/")
    assert client.get("/")["Location"] == organization.get_absolute_url()
    leader.memberships.filter(organization=organization).delete()
    assert client.get("/")["Location"] == other.get_absolute_url()


def test_several_organizations_can_be_switched(client_of, organization, leader):
    url = f"/o/{organization.slug}/ecosystems/"
    assert 'aria-label="Organizations"' not in client_of(leader).get(url).content.decode()
    other = make_organization(name="Other")
    Membership.objects.create(organization=other, user=leader, role=Role.VIEWER)
    page = client_of(leader).get(url).content.decode()
    assert f'<nav aria-label="Organizations"><a href="{other.get_absolute_url()}">Other</a>' in page


def test_settings_are_saved_and_noted(client_of, organization, admin):
    url = f"/o/{organization.slug}/settings/"
    client = client_of(admin)
    client.post(url, {"name": "New name", "min_group_size": "6", "comment_min_group_size": "9"})
    organization.refresh_from_db()
    assert (organization.name, organization.min_group_size, organization.comment_min_group_size) == ("New name", 6, 9)
    assert AuditEvent.objects.get().details["min_group_size"] == [5, 6]
    client.post(url, {"name": "New name", "min_group_size": "6", "comment_min_group_size": "9"})
    assert AuditEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("numbers", "comments", "field", "message"),
    [
        ("2", "8", "min_group_size", "Ensure this value is greater than or equal to 3."),
        ("6", "5", "comment_min_group_size", "This must be at least the smallest group whose numbers are shown."),
        ("5", "1001", "comment_min_group_size", "At most 1,000: with more, nothing would ever be shown."),
        ("99999", "x", "comment_min_group_size", "Enter a whole number."),
    ],
)
def test_settings_that_would_break_privacy_are_refused(
    client_of, organization, admin, numbers, comments, field, message
):
    typed = {"name": "Kept", "min_group_size": numbers, "comment_min_group_size": comments}
    answer = client_of(admin).post(f"/o/{organization.slug}/settings/", typed)
    assert answer.context["form"].errors[field] == [message]
    assert answer.context["form"]["name"].value() == "Kept"
    assert "Kept" not in str(answer.context["organization"])
    organization.refresh_from_db()
    assert organization.min_group_size == 5


def test_service_refuses_what_the_page_would(organization, admin):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        update_organization(organization=organization, name="x", min_group_size=2, comment_min_group_size=8, by=admin)


def test_audit_trail_is_read_by_words(client_of, organization, admin, leader):
    record(organization=organization, actor=admin, action="wave.opened", subject="Autumn")
    record(
        organization=organization, actor=None, action="person.removed", subject="x" * 500, details={"role": "leader"}
    )
    record(organization=make_organization(), actor=admin, action="wave.opened", subject="Foreign")
    client, url = client_of(admin), f"/o/{organization.slug}/settings/audit/"
    page = client.get(url).content.decode()
    assert "opened the wave" in page
    assert "removed (leader)" in page
    assert "Foreign" not in page
    assert [event.subject for event in client.get(url, {"find": "priya"}).context["page"]] == ["Autumn"]


@pytest.mark.parametrize("count", [1, 80])
def test_audit_asks_the_same_number_of_questions(client_of, organization, admin, count, django_assert_num_queries):
    for _ in range(count):
        record(organization=organization, actor=make_user(), action="x.y")
    client = client_of(admin)
    with django_assert_num_queries(6):
        client.get(f"/o/{organization.slug}/settings/audit/")


def test_demo_is_labelled_on_every_page(client_of, organization, leader):
    url = f"/o/{organization.slug}/ecosystems/"
    assert "Demo data." not in client_of(leader).get(url).content.decode()
    Organization.objects.update(is_demo=True)
    assert "Demo data." in client_of(leader).get(url).content.decode()


def test_one_click_log_in_is_for_the_demo_only(db):
    demo = make_organization(is_demo=True)
    account, real = make_member(demo, Role.ADMIN), make_member(make_organization(), Role.FACILITATOR)
    client = Client()
    assert client.post("/demo-login/", {"role": "admin"}).status_code == 404
    assert "demo-login" not in client.get("/").content.decode()
    with override_settings(DEMO=True):
        assert "demo-login" in client.get("/").content.decode()
        assert client.post("/demo-login/", {"role": "facilitator"}).status_code == 404  # only in a real organization
        assert client.post("/demo-login/", {"role": "viewer"}).status_code == 404
        assert client.post("/demo-login/", {"role": "admin"}).status_code == 302
        assert client.session["_auth_user_id"] == str(account.pk) != str(real.pk)


def test_log_in_tells_nobody_which_addresses_exist(db, mailoutbox):
    make_user(email="here@people.example", password=PASSWORD)
    client = Client()
    answers = [
        client.post("/accounts/login/", {"login": email, "password": "wrong password"}).context["form"].errors
        for email in ("here@people.example", "gone@people.example")
    ]
    assert answers[0] == answers[1] != {}
    answers = [
        client.post("/accounts/password/reset/", {"email": email})
        for email in ("here@people.example", "gone@x.example")
    ]
    assert {answer["Location"] for answer in answers} == {"/accounts/password/reset/done/"}
    answers = [
        Client().post("/accounts/signup/", {"name": "N", "email": email, "password1": PASSWORD})
        for email in ("here@people.example", "gone@people.example")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/confirm-email/")}


def test_sign_up_can_be_closed(db, settings):
    settings.SIGNUP_OPEN = False
    page = Client().get("/accounts/signup/")
    assert "Accounts are by invitation" in page.content.decode()
    assert "/accounts/signup/" not in Client().get("/").content.decode()


def test_sign_up_proves_the_address(db, mailoutbox):
    import re

    client = Client()
    client.post("/accounts/signup/", {"name": "Nia Ray", "email": "Nia@people.example", "password1": PASSWORD})
    assert client.get("/account/").status_code == 302
    link = re.search(r"/accounts/confirm-email/\S+", mailoutbox[0].body)[0]
    assert client.post(link).status_code == 302
    page = client.get("/")
    assert "Welcome, Nia" in page.content.decode()


def test_mail_server_that_is_down_is_said(db, monkeypatch):
    def fail(message):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", fail)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    answer = Client().post("/accounts/password/reset/", {"email": "gone@people.example"}, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "The e-mail could not be sent just now. Try again in a few minutes."
    ]


def test_name_is_changed_on_the_account_page(client_of, leader):
    client_of(leader).post("/account/", {"name": "Marta L."})
    leader.refresh_from_db()
    assert leader.name == "Marta L."


def test_guessing_a_password_is_slowed_down(db):
    make_user(email="here@people.example", password=PASSWORD)
    client, wrong = Client(), {"login": "here@people.example", "password": "wrong password"}
    for _ in range(5):
        assert client.post("/accounts/login/", wrong).status_code == 200
    answer = client.post("/accounts/login/", wrong | {"password": PASSWORD})
    assert answer.context["form"].non_field_errors() == ["Too many failed login attempts. Try again later."]
    for _ in range(60):
        answer = client.post("/accounts/password/reset/", {"email": "here@people.example"})
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()


def test_form_of_a_page_that_is_too_old(db):
    answer = Client(enforce_csrf_checks=True).post("/theme/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "The page had become too old" in answer.content.decode()


def test_new_address_counts_once_it_is_proven(client_of, leader, mailoutbox):
    import re

    client = client_of(leader)
    client.post("/accounts/email/", {"email": "new@rivermark.example", "action_add": ""})
    leader.refresh_from_db()
    assert leader.email == "marta@rivermark.example"
    sent = next(message for message in mailoutbox if message.to == ["new@rivermark.example"])
    assert sent.subject == "Confirm your e-mail address"
    client.post(re.search(r"/accounts/confirm-email/\S+", sent.body)[0])
    leader.refresh_from_db()
    assert leader.email == "new@rivermark.example"
    assert [one.email for one in leader.emailaddress_set.filter(verified=True)] == ["new@rivermark.example"]


def test_forgotten_password_is_replaced_by_a_link_that_works_once(db, mailoutbox):
    import re

    make_user(email="here@people.example", password=PASSWORD)
    client = Client()
    client.post("/accounts/password/reset/", {"email": "here@people.example"})
    link = re.search(r"/accounts/password/reset/key/\S+", mailoutbox[0].body)[0]
    form_page = client.get(link, follow=True)
    new = {"password1": "another fine long phrase", "password2": "another fine long phrase"}
    weak = client.post(form_page.redirect_chain[-1][0], {"password1": "1234567890", "password2": "1234567890"})
    assert "password1" in weak.context["form"].errors
    assert client.post(form_page.redirect_chain[-1][0], new).status_code == 302
    assert "This link no longer works" in Client().get(link, follow=True).content.decode()
    answer = Client().post("/accounts/login/", {"login": "HERE@people.example", "password": new["password1"]})
    assert answer.status_code == 302
