"""Joining: by code, by link, once per phone, and with everything told before anything is given."""

import html
import re
import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import join_links
from assessments.enums import WorkshopState
from assessments.join_codes import new_code
from assessments.links import read_seat_token
from assessments.live import bus
from assessments.models import Seat, Workshop
from assessments.services import join_limits, join_pace
from assessments.services.pace import Pace
from assessments.views import devices
from assessments.views.devices import COOKIE, Device
from ecosystems.models import Ecosystem, User
from tests.factories.workshops import make_seats, make_workshop

pytestmark = pytest.mark.django_db
JOIN = "/j/"


@pytest.fixture(autouse=True)
def no_wrong_guesses(running_servers) -> None:
    keys = bus.connection().keys(f"{join_limits.EVERYBODY_KEY}*")
    if keys:
        bus.connection().delete(*keys)


@pytest.fixture
def workshop(ecosystem: Ecosystem, facilitator: User) -> Workshop:
    return make_workshop(
        ecosystem, state=WorkshopState.LOBBY, code=new_code(), created_by=facilitator, purpose="What next?"
    )


@pytest.fixture
def phone() -> Client:
    return Client()


def link(workshop: Workshop) -> str:
    return reverse("assessments:join-link", args=[workshop.key])


def seat_of(response) -> Seat:
    assert response.status_code == 302, response.content.decode()
    found = re.fullmatch(r"/w/([^/]+)/", response.url)
    assert found, response.url
    return Seat.objects.get(pk=read_seat_token(found[1]))


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def error(response) -> str:
    """The words at the first field that is wrong."""
    found = re.search(r'class="error-text"[^>]*><span[^>]*>Error: </span>(.*?)</p>', response.content.decode(), re.S)
    assert found, text(response)
    return " ".join(html.unescape(found[1]).split())


def come(phone: Client, workshop: Workshop, **data: str):
    phone.get(link(workshop))
    return phone.post(link(workshop), data)


def named(workshop: Workshop) -> None:
    Workshop.objects.update(anonymity="named")


@pytest.mark.parametrize("typed", ["{}", "  {} ", "{lower}", "{spaced}", "{joined}"])
def test_a_code_leads_to_its_doors_however_it_is_typed(phone, workshop, typed):
    code = workshop.code
    typed = typed.format(code, lower=code.lower(), spaced=code.replace("-", " "), joined=code.replace("-", ""))
    phone.get(JOIN)
    answer = phone.post(JOIN, {"code": typed})
    assert (answer.status_code, answer.url) == (302, link(workshop))
    again = Client().get(reverse("assessments:join-code", args=[typed.strip() or "x"]))
    assert (again.status_code, again.url) == (302, link(workshop))


def test_what_is_no_code_is_told_apart_and_is_no_guess(phone):
    told = {typed: error(phone.post(JOIN, {"code": typed})) for typed in ("", "hello", "QQQQ-XXXX-42", "KELP OTTER 4O")}
    assert len(set(told.values())) == 4
    assert told["KELP OTTER 4O"] == ("The words are fine. After them come two digits from 2 to 9: never 0, 1, O or l.")
    assert 'value="KELP OTTER 4O"' in phone.post(JOIN, {"code": "KELP OTTER 4O"}).content.decode()
    assert not bus.connection().exists(join_limits.EVERYBODY_KEY)


def test_a_code_of_no_open_workshop_says_the_same_whatever_it_is(phone, workshop):
    other = new_code()
    told = []
    for state in (WorkshopState.DRAFT, WorkshopState.ENDED, None):
        if state is None:
            workshop.delete()
        else:
            Workshop.objects.update(state=state, ended_at=timezone.now())
        answer = phone.post(JOIN, {"code": workshop.code})
        told.append((answer.status_code, error(answer)))
    told.append((404, error(phone.post(JOIN, {"code": other}))))
    assert (
        told
        == [
            (
                404,
                "No workshop is open with this code. Compare it with the screen. If the doors are not open yet, wait a "
                "moment and try again; after the end a code opens nothing any more.",
            )
        ]
        * 4
    )


def test_who_guesses_waits_even_with_the_right_code_and_the_link_goes_on(phone, workshop):
    phone.get(JOIN)
    for _ in range(join_limits.DEVICE_GUESSES):
        assert phone.post(JOIN, {"code": new_code()}).status_code == 404
    for answer in (
        phone.post(JOIN, {"code": workshop.code}),
        phone.get(reverse("assessments:join-code", args=[workshop.code])),
    ):
        assert answer.status_code == 429
        assert "scan the QR code" in error(answer)
        assert 0 < int(answer.headers["Retry-After"]) <= join_limits.DEVICE_SECONDS
    assert phone.get(link(workshop)).status_code == 200
    other = Client()
    other.get(JOIN)
    assert other.post(JOIN, {"code": workshop.code}).status_code == 302


def test_what_is_told_before_anything_is_given(phone, workshop):
    page = text(phone.get(link(workshop)))
    for told in (
        "Jonas Adeyemi, Rivermark Growers’ Cooperative, invites you to a workshop",
        "What next?",
        "Nobody sees who said what: not the facilitator, not an administrator.",
        "Before a round is revealed there is a count of who has answered, and nothing else, for anybody.",
        "A result is shown only where at least 5 people stand behind it.",
        "reasons only where at least 8 people gave one.",
        "If you commit to something, that carries the name of who will do it.",
    ):
        assert told in page
    assert 'name="name"' not in phone.get(link(workshop)).content.decode()
    Workshop.objects.update(preview=True)
    assert "the facilitator can see a result so far, from 5 answers on" in text(phone.get(link(workshop)))
    named(workshop)
    page = text(phone.get(link(workshop)))
    assert "once a round is revealed, the room sees who chose and wrote what" in page
    assert "Nobody sees who said what" not in page


@pytest.mark.parametrize("change", [{"preview": True}, {"min_group_size": 4}, {"anonymity": "named"}])
def test_nobody_joins_under_other_rules_than_they_read(phone, workshop, change):
    """Until the first seat they may be changed: the first to join has read those that hold."""

    def rules() -> str:
        return re.findall(r'name="rules" value="(\w+)"', phone.get(link(workshop)).content.decode())[0]

    read = rules()
    Workshop.objects.update(**change)
    answer = phone.post(link(workshop), {"rules": read, "name": "Ana"})
    assert answer.status_code == 409
    assert "Who sees what has changed since you opened this page." in text(answer)
    assert not Seat.objects.exists()
    assert phone.post(link(workshop), {"rules": rules(), "name": "Ana"}).status_code == 302


def test_too_many_at_once_are_asked_to_press_again_and_keep_their_name(phone, workshop, monkeypatch):
    named(workshop)
    monkeypatch.setattr(join_pace, "_pace", Pace(burst=1, a_second=0.001, most=9))
    assert join_pace.allowed(workshop.pk)
    phone.get(link(workshop))
    answer = phone.post(link(workshop), {"name": "Ana Kovač"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
    assert "Wait a few seconds, then press Join again." in text(answer)
    assert 'value="Ana Kovač"' in answer.content.decode()
    assert not Seat.objects.exists()


def test_join_gives_a_seat_and_one_cookie_remembers_it(phone, workshop):
    seat = seat_of(come(phone, workshop))
    assert (seat.workshop, seat.name, seat.group, seat.is_counted, seat.is_removed) == (workshop, "", "", True, False)
    cookie = phone.cookies[COOKIE]
    assert (cookie["httponly"], cookie["path"], cookie["samesite"], int(cookie["max-age"])) == (
        True,
        "/j/",
        "Lax",
        180 * 24 * 3600,
    )
    assert set(phone.cookies) == {COOKIE, settings.CSRF_COOKIE_NAME}
    for again in (phone.get(link(workshop)), phone.post(link(workshop))):
        assert seat_of(again) == seat
    phone.get(JOIN)
    assert phone.post(JOIN, {"code": workshop.code}, follow=False).url == link(workshop)
    assert Seat.objects.count() == 1


def test_join_pressed_twice_is_one_seat(phone, workshop):
    phone.get(link(workshop))
    cookies = phone.cookies.output()
    first = phone.post(link(workshop))
    twin = Client()
    twin.cookies.load(re.sub("Set-Cookie: ", "", cookies))
    assert seat_of(twin.post(link(workshop))) == seat_of(first)
    assert seat_of(come(Client(), workshop)) != seat_of(first)


def test_a_phone_without_the_cookie_is_told_and_a_forged_one_is_none(phone, workshop):
    assert phone.post(link(workshop)).status_code == 403
    careful = Client(enforce_csrf_checks=True)
    careful.get(link(workshop))
    assert careful.post(link(workshop)).status_code == 403
    other = seat_of(come(Client(), workshop))
    for forged in ("x", "e30:1:2", "e30"):
        stranger = Client()
        stranger.cookies[COOKIE] = forged
        assert stranger.get(link(workshop)).status_code == 200
    assert list(Seat.objects.all()) == [other]


def test_names_are_asked_for_in_named_workshops_only(phone, workshop):
    assert seat_of(come(phone, workshop, name="Ana", group="customers")).name == ""
    named(workshop)
    other = Client()
    assert error(come(other, workshop, name=" \n ")) == ("Say who you are: in this workshop everybody speaks by name.")
    long = come(other, workshop, name="x" * 200)
    assert error(long) == "Shorten your name to 60 characters or fewer."
    assert "x" * 200 in long.content.decode()
    seat = seat_of(come(other, workshop, name="  <script>alert(1)</script>\n Ana "))
    assert seat.name == "<script>alert(1)</script> Ana"


def test_a_script_in_a_name_is_text_again(phone, workshop):
    Workshop.objects.update(anonymity="named", asks_group=True)
    page = come(phone, workshop, name="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_group_is_asked_for_where_the_workshop_asks(phone, workshop):
    Workshop.objects.update(asks_group=True)
    for group in ("", "leaders", "x" * 5_000):
        assert error(come(phone, workshop, group=group)) == "Choose the group you belong to."
    assert seat_of(come(phone, workshop, group="employees")).group == "employees"


@pytest.mark.parametrize(
    ("changes", "status", "heading"),
    [
        ({"state": WorkshopState.DRAFT}, 403, "The doors are not open yet"),
        ({"state": WorkshopState.ENDED, "ended_at": timezone.now()}, 410, "This workshop has ended"),
        ({"is_locked": True}, 403, "The doors are closed"),
    ],
)
def test_doors_that_are_not_open(phone, workshop, changes, status, heading):
    known = Client()
    seat = seat_of(come(known, workshop))
    phone.get(link(workshop))
    Workshop.objects.update(**changes)
    for answer in (phone.get(link(workshop)), phone.post(link(workshop))):
        assert answer.status_code == status
        assert re.search(r"<h1>(.*?)</h1>", answer.content.decode())[1] == heading  # type: ignore[index]
    assert seat_of(known.get(link(workshop))) == seat  # who has a seat comes back to it
    assert Seat.objects.count() == 1


def test_doors_locked_in_the_moment_of_pressing(phone, workshop, monkeypatch):
    phone.get(link(workshop))
    original = join_links.is_own_phone

    def locked_meanwhile(workshop: Workshop, mark: str) -> bool:
        Workshop.objects.update(is_locked=True)
        return original(workshop, mark)

    monkeypatch.setattr(join_links, "is_own_phone", locked_meanwhile)
    answer = phone.post(link(workshop))
    assert (answer.status_code, "The doors are closed" in text(answer)) == (409, True)
    assert not Seat.objects.exists()


def test_a_full_room(phone, workshop, monkeypatch):
    monkeypatch.setattr("assessments.services.seats.MOST_SEATS", 2)
    make_seats(workshop, 2)
    answer = come(phone, workshop)
    assert (answer.status_code, "The room is full" in text(answer)) == (409, True)


def test_a_seat_that_was_taken_out_is_led_back_to_what_says_so(phone, workshop):
    seat = seat_of(come(phone, workshop))
    Seat.objects.update(is_removed=True)
    assert seat_of(come(phone, workshop)) == seat


def test_a_seat_that_expired_is_joined_anew(phone, workshop):
    seat = seat_of(come(phone, workshop))
    Seat.objects.all().delete()
    assert phone.get(link(workshop)).status_code == 200
    assert seat_of(phone.post(link(workshop))).pk != seat.pk


def test_a_facilitators_own_phone_is_not_counted(phone, workshop):
    Workshop.objects.update(anonymity="named", asks_group=True)
    url = join_links.own_phone_url(workshop).removeprefix(settings.PUBLIC_URL)
    page = phone.get(url)
    assert "This phone shows what the room sees. It does not vote and is not counted." in text(page)
    mark = re.search(r'name="own" value="([^"]+)"', page.content.decode())[1]  # type: ignore[index]
    seat = seat_of(phone.post(link(workshop), {"own": mark}))
    assert (seat.is_counted, seat.name, seat.group, seat.breakout) == (False, "", "", None)


def test_a_forged_mark_or_that_of_another_workshop_makes_no_own_phone(ecosystem, phone, workshop):
    other = make_workshop(ecosystem)
    mark = join_links.own_phone_url(other).partition("own=")[2]
    for wrong in (mark, "1:x:y", "x" * 5_000):
        assert 'name="own"' not in phone.get(link(workshop), {"own": wrong}).content.decode()
    assert seat_of(phone.post(link(workshop), {"own": mark})).is_counted


@pytest.mark.parametrize("key", ["x", "0" * 5_000, "%00", "a%2Fb"])
def test_links_that_lead_nowhere(phone, key):
    assert phone.get(f"/j/k/{key}/").status_code == 404


def test_the_cookie_keeps_the_latest_seats_and_its_join_keys_do_not_tell_of_each_other():
    device = Device("name", 1)
    for workshop in range(30):
        device = device.with_seat(workshop, uuid.UUID(int=workshop))
    device = device.with_seat(12, uuid.UUID(int=99))
    assert list(device.seats) == [str(n) for n in (*range(10, 12), *range(13, 30), 12)]
    assert device.join_key("a") == device.join_key("a") != device.join_key("b")
    assert device.join_key("a") != Device("other").join_key("a")


def test_standing_is_held_by_seats_and_by_time(monkeypatch):
    monkeypatch.setattr(devices.time, "time", lambda: 1_000.0)
    assert [
        Device().has_standing,
        Device("a", 998).has_standing,
        Device("a", 997).has_standing,
        Device("a", 999, {"1": "x"}).has_standing,
    ] == [False, False, True, True]


def test_query_counts_are_fixed(phone, workshop, django_assert_num_queries):
    for seats in (0, 50):
        make_seats(workshop, seats)
        with django_assert_num_queries(1):
            assert phone.get(link(workshop)).status_code == 200
    with django_assert_num_queries(0):
        phone.get(JOIN)
    come(phone, workshop)
    with django_assert_num_queries(2):
        phone.get(link(workshop))


def test_a_seat_is_moved_by_its_own_link(phone, workshop, django_assert_num_queries):
    at = come(phone, workshop).url
    with django_assert_num_queries(1):
        page = phone.get(f"{at}move/")
    assert f"{settings.PUBLIC_URL}{at}" in page.content.decode()
    assert 'class="qr"' in page.content.decode()
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    Seat.objects.update(is_removed=True)
    assert phone.get(f"{at}move/").url == at
    assert phone.get("/w/x/move/").url == "/w/x/"
