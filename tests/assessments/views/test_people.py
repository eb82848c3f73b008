"""Bringing people: what a list may look like, and what is said of a bad one."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.forms.people import read_people
from assessments.models import Invitation, Wave
from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, User
from tests.factories.assessments import invite, make_open_wave, make_wave
from tests.factories.ecosystems import make_stakeholder

LogIn = Callable[[User], Client]


@pytest.mark.parametrize(
    "text",
    [
        "name,email\nIda,ida@x.example\nBo,bo@x.example",
        "E-Mail;Full name\nida@x.example;Ida\nbo@x.example;Bo\n",
        "Name\tE-mail\r\nIda\tIDA@x.example\r\n\r\nBo\tbo@x.example\r\n",
        "Ida;ida@x.example\nBo;bo@x.example",
        "ida@x.example\tIda\nbo@x.example\tBo",
        'Ida <ida@x.example>\n"Bo" <bo@x.example>,\n',
        "Ida, ida@x.example\n\nBo; BO@x.example",
        "Ida ida@x.example\nBo\tbo@x.example",
    ],
)
def test_lists_as_people_bring_them(text: str) -> None:
    table = read_people(text)
    assert table.problems == ()
    assert [(row["name"], row["email"]) for row in table.rows] == [("Ida", "ida@x.example"), ("Bo", "bo@x.example")]


def test_addresses_alone_are_a_list() -> None:
    table = read_people("ida@x.example\nbo@x.example\nwrong\nbo@x.example\n")
    assert [str(problem) for problem in table.problems] == [
        "Row 3: “wrong” is not an e-mail address",
        "Row 4: “bo@x.example” is also in row 2",
    ]


def test_a_list_that_mixes_its_ways_is_read_line_by_line() -> None:
    table = read_people(
        "Ida, ida@x.example\nbo@x.example\nCy\nDi di[at]x.example\nE <ida@x.example>\nf@x.example, g@x.example"
    )
    assert [(row["name"], row["email"]) for row in table.rows[:3]] == [
        ("Ida", "ida@x.example"),
        (None, "bo@x.example"),
        ("Cy", None),
    ]
    assert [str(problem) for problem in table.problems] == [
        "Row 4: “Di di[at]x.example” is neither a name nor an e-mail address",
        "Row 5: “ida@x.example” is also in row 1",
        "Row 6: “g@x.example” is neither a name nor an e-mail address",
    ]


def test_a_cell_of_any_length_is_a_problem() -> None:
    assert not read_people("ida@x.example\n" + 200_000 * "x").is_good


def test_an_address_in_the_cell_of_a_name_is_a_problem() -> None:
    table = read_people("name,email\nida@x.example,\n")
    assert [str(problem) for problem in table.problems] == [
        "Row 2: “ida@x.example” is neither a name nor an e-mail address"
    ]


def test_problems_say_their_row() -> None:
    table = read_people("name,email\nIda,ida@x\n,\n\nBo,bo@x.example\nBo again,BO@x.example\n,,\n")
    assert [str(problem) for problem in table.problems] == [
        "Row 2: “ida@x” is not an e-mail address",
        "Row 6: “BO@x.example” is also in row 5",
    ]


def test_a_row_with_nobody_is_a_problem() -> None:
    table = read_people("name,email,town\n,,Rivermark\n")
    assert [str(problem) for problem in table.problems] == ["Row 2: has neither a name nor an e-mail address"]


@pytest.fixture
def page(client_of: LogIn, facilitator: User) -> Client:
    return client_of(facilitator)


@pytest.mark.django_db
class TestPages:
    def address(self, name: str, ecosystem: Ecosystem, **kwargs: object) -> str:
        self.wave = make_wave(ecosystem, **kwargs)  # type: ignore[arg-type]
        return self.group_url(name, self.wave)

    def group_url(self, name: str, wave: Wave) -> str:
        group = wave.groups.get(key="customers")
        return reverse(f"assessments:{name}", args=[wave.assessment.organization.slug, wave.pk, group.pk])

    def test_all_or_nothing_and_nothing_typed_is_lost(self, page: Client, ecosystem: Ecosystem) -> None:
        address = self.address("wave-people-add", ecosystem)
        text = "name,email\nIda,ida@x.example\nBo,not an address\n"
        response = page.post(address, {"text": text, "confirm": "yes"})
        said = response.content.decode()
        assert "is not an e-mail address" in said
        assert "Bo,not an address" in said
        assert Invitation.objects.count() == 0

    def test_a_file_is_read_into_the_box(self, page: Client, ecosystem: Ecosystem) -> None:
        address = self.address("wave-people-add", ecosystem)
        data = "\ufeffName;E-Mail\nZoë;zoe@x.example\n".encode()
        response = page.post(address, {"text": "", "file": SimpleUploadedFile("people.csv", data)})
        assert "Zoë;zoe@x.example" in response.content.decode()
        assert "1 new person" in response.content.decode()
        assert Invitation.objects.count() == 0

    @pytest.mark.parametrize(
        ("data", "said"), [(b"PK\x03\x04rest", "Save the table as CSV"), (b"a\0b@x", "not a text file")]
    )
    def test_a_file_that_is_no_text_says_what_to_do(
        self, page: Client, ecosystem: Ecosystem, data: bytes, said: str
    ) -> None:
        address = self.address("wave-people-add", ecosystem)
        response = page.post(address, {"text": "", "file": SimpleUploadedFile("people.xlsx", data)})
        assert said in response.content.decode()

    def test_nothing_at_all(self, page: Client, ecosystem: Ecosystem) -> None:
        response = page.post(self.address("wave-people-add", ecosystem), {"text": " \n"})
        assert response.context["form"].errors == {"text": ["Paste a list or choose a file"]}

    def test_scripts_and_other_writing_are_text(self, page: Client, ecosystem: Ecosystem) -> None:
        address = self.address("wave-people-add", ecosystem)
        text = "name,email\n<script>x</script>,a@x.example\nمنى 🙂,b@x.example\n"
        said = page.post(address, {"text": text}).content.decode()
        assert "<script>x" not in said
        page.post(address, {"text": text, "confirm": "yes"})
        assert set(Invitation.objects.values_list("name", flat=True)) == {"<script>x</script>", "منى 🙂"}

    def test_ten_thousand_rows_are_taken_one_more_is_not(self, page: Client, ecosystem: Ecosystem) -> None:
        address = self.address("wave-people-add", ecosystem)
        lines = [f"p{number}@x.example" for number in range(10_001)]
        refused = page.post(address, {"text": "\n".join(lines)})
        assert "There are more than 10000 rows" in refused.content.decode()
        page.post(address, {"text": "\n".join(lines[:-1]), "confirm": "yes"})
        assert Invitation.objects.count() == 10_000
        listed = self.group_url("wave-people", self.wave)
        assert len(page.get(listed).content) < 100_000

    def test_known_stakeholders_are_added_with_one_button(self, page: Client, ecosystem: Ecosystem) -> None:
        make_stakeholder(ecosystem, StakeholderGroup.CUSTOMERS, email="shop@x.example")
        address = self.address("wave-people-known", ecosystem)
        page.post(address)
        assert Invitation.objects.get().email == "shop@x.example"

    def test_the_chosen_are_removed_or_left_in_peace(self, page: Client, ecosystem: Ecosystem) -> None:
        address = self.address("wave-people-act", ecosystem, people=3)
        first, second, third = Invitation.objects.order_by("pk")
        page.post(address, {"act": "remove", "person": [first.pk, "x", "9" * 30]})
        assert list(Invitation.objects.order_by("pk")) == [second, third]
        page.post(address, {"act": "stop", "person": [second.pk]})
        assert Invitation.objects.get(pk=second.pk).mail_stopped

    def test_searching_the_list(self, page: Client, ecosystem: Ecosystem) -> None:
        wave = make_open_wave(ecosystem, people=3)
        one = invite(wave, 1, domain="rare.example")[0]
        address = self.group_url("wave-people", wave)
        assert [person.pk for person in page.get(address, {"q": "RARE\0"}).context["object_list"]] == [one.pk]
        assert "Nobody found" in page.get(address, {"q": "zzz"}).content.decode()
