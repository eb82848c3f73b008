"""Accounts in a real browser: signing up, inviting and joining, the second step, passkeys, colours."""

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from django.core import mail
from playwright.sync_api import expect

from ecosystems.enums import Role
from ecosystems.models import Membership, Organization, User
from ecosystems.services.invitations import send_waiting_invitations
from tests.factories.people import PASSWORD, make_organization

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def log_in(page, live_server, email):
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def give_password_again(page):
    """What protects an account is changed only by who has just shown to know the password."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def link_in_last_mail(pattern):
    return re.search(pattern, mail.outbox[-1].body)[0]


def code_now(secret):
    """The six digits that an authenticator app would show (RFC 6238)."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def test_from_nothing_to_two_people_in_one_organization(live_server, page, browser):
    page.goto(f"{live_server.url}/")
    page.get_by_role("link", name="Create an account").click()
    page.get_by_label("Your name").fill("Marta Lindqvist")
    page.get_by_label("E-mail").fill("marta@rivermark.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.get_by_role("heading", name="Look into your mailbox").wait_for()
    page.goto(live_server.url + link_in_last_mail(r"/accounts/confirm-email/\S+"))
    page.get_by_role("button", name="Yes, confirm").click()
    page.get_by_role("heading", name="Welcome, Marta").wait_for()
    page.get_by_label("Name of the organization").fill("Rivermark Growers’ Cooperative")
    page.get_by_role("button", name="Start the organization").click()
    page.wait_for_url("**/o/rivermark-growers-cooperative/")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    page.get_by_role("link", name="Invite people").click()
    page.get_by_label("E-mail addresses").fill("Ana Kovač <ana@lab.example>\nnot an address")
    page.get_by_role("radio", name="Facilitator").check()
    page.get_by_role("button", name="Send the invitations").click()
    summary = page.locator(".error-summary")
    expect(summary).to_contain_text("Line 2: “not an address” is not an e-mail address")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Error: "))
    page.get_by_label("E-mail addresses").fill("Ana Kovač <ana@lab.example>")
    page.get_by_role("button", name="Send the invitations").click()
    page.get_by_text("1 person is invited.").wait_for()
    send_waiting_invitations()

    other = browser.new_context()
    guest = other.new_page()
    guest.goto(live_server.url + link_in_last_mail(r"/join/\S+"))
    guest.get_by_label("Your name").fill("Ana Kovač")
    guest.get_by_label("Choose a password").fill(PASSWORD)
    guest.get_by_role("button", name="Create the account and join").click()
    guest.wait_for_url("**/o/rivermark-growers-cooperative/")
    other.close()
    roles = Membership.objects.order_by("pk").values_list("user__email", "role")
    assert list(roles) == [("marta@rivermark.example", Role.ADMIN), ("ana@lab.example", Role.FACILITATOR)]


def test_second_step_with_an_app(live_server, page, browser, leader):
    log_in(page, live_server, leader.email)
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("link", name="Set up").click()
    page.locator("li", has_text="App").get_by_role("link", name="Set up").click()
    give_password_again(page)
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Code").fill(code_now(secret))
    page.get_by_role("button", name="Turn on").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    recovery = page.locator(".codes code").first.inner_text()

    other = browser.new_context()
    again = other.new_page()
    log_in(again, live_server, leader.email)
    again.get_by_role("heading", name="The second step").wait_for()
    again.get_by_label("Code").fill(recovery)
    again.get_by_role("button", name="Log in", exact=True).click()
    again.wait_for_url(f"**/o/{leader.organizations.get().slug}/")
    other.close()


def test_log_in_with_a_passkey(live_server, page, leader):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": options | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    log_in(page, live_server, leader.email)
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    give_password_again(page)
    page.get_by_label("What you call it").fill("This laptop")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Add").click()
    page.wait_for_url(re.compile(r"/accounts/2fa/(recovery-codes|webauthn)/$"))
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()
    page.wait_for_url(f"**/o/{leader.organizations.get().slug}/")


def test_one_click_into_the_demo(live_server, page, settings, organization, leader):
    settings.DEMO = True
    Organization.objects.update(is_demo=True)
    page.goto(f"{live_server.url}/")
    page.get_by_role("button", name="Enter as a leader").click()
    page.wait_for_url(f"**/o/{organization.slug}/")
    expect(page.get_by_text("Demo data.")).to_be_visible()


def test_menus_work_with_the_keyboard_and_colours_stay(live_server, page, admin):
    Membership.objects.create(organization=make_organization(name="Second"), user=admin, role=Role.VIEWER)
    log_in(page, live_server, admin.email)
    page.goto(f"{live_server.url}/account/")
    page.locator(".avatar-button").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.wait_for_load_state()  # the menus close by a script
    assert page.url == f"{live_server.url}/account/"
    page.locator(".avatar-button").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Log out")).to_be_hidden()
    expect(page.locator(".avatar-button")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("link", name="Log in").first.wait_for()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_pages_break_no_policy(live_server, page, admin, organization):
    """A strict content security policy reports every inline script and style."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    log_in(page, live_server, admin.email)
    for path in ("people/", "people/invite/", "settings/", "settings/audit/", "ecosystems/", "ecosystems/new/"):
        page.goto(f"{live_server.url}/o/{organization.slug}/{path}")
    for path in ("/account/", "/accounts/2fa/", "/accounts/2fa/webauthn/add/", "/accounts/email/"):
        page.goto(live_server.url + path)
    assert said == []
    assert User.objects.get(pk=admin.pk).last_seen_at is not None
