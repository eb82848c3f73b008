"""People who want to know or do more than is theirs: what a page, a number or a second press would give away."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assessments.enums import ActivityKind, CommitmentState, RoundState, WorkshopState
from assessments.links import seat_token
from assessments.models import (
    Activity,
    AgendaTemplate,
    Breakout,
    Commitment,
    Idea,
    IdeaCluster,
    MinutesRequest,
    Round,
    Seat,
    Workshop,
    WorkshopNote,
)
from assessments.models.activity_plans import IdeasPlan
from assessments.projector_links import projector_path
from assessments.services import seat_pace
from assessments.views.console_acts import RUNS
from ecosystems.enums import Role
from ecosystems.models import Ecosystem, Organization, User
from tests.factories.ecosystems import make_ecosystem
from tests.factories.people import make_member
from tests.factories.workshops import make_activity, make_round, make_seats, make_workshop

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


def act(workshop: Workshop, name: str) -> str:
    return reverse("assessments:console-act", args=[workshop.organization.slug, workshop.pk, name])


def test_the_group_of_a_phone_is_nobodys_where_all_are_anonymous(
    ecosystem: Ecosystem, facilitator: User, client_of: LogIn
) -> None:
    for named in (True, False):
        workshop = make_workshop(ecosystem, named=named, asks_group=True)
        make_seats(workshop, group="partners", name="Ana" if named else "")
        args = [workshop.organization.slug, workshop.pk]
        page = client_of(facilitator).get(reverse("assessments:console-people", args=args)).content.decode()
        assert ("Partners" in page, '<th scope="col">Group</th>' in page) == (named, named)


def test_one_phone_asks_for_the_minutes_for_a_few(ecosystem: Ecosystem, client: Client) -> None:
    workshop = make_workshop(ecosystem)
    (seat,) = make_seats(workshop)
    where = reverse("assessments:room-minutes", args=[seat_token(seat)])
    answers = [client.post(where, {"email": f"somebody-{number}@example.org"}) for number in range(8)]
    assert [answer.status_code for answer in answers] == [302] * seat_pace.ADDRESSES_AT_ONCE + [429] * 3
    assert "many addresses for one phone" in answers[-1].content.decode()
    assert MinutesRequest.objects.count() == seat_pace.ADDRESSES_AT_ONCE


@pytest.mark.parametrize("page", ["", "state/", "own/"])
def test_a_phone_that_asks_without_end_is_answered_without_a_query(
    ecosystem: Ecosystem, client: Client, django_assert_num_queries: Callable[[int], AbstractContextManager], page: str
) -> None:
    one, other = make_seats(make_workshop(ecosystem), 2)
    where = reverse("assessments:phone", args=[seat_token(one)]) + page
    assert {client.get(where).status_code for _ask in range(seat_pace.BURST)} == {200}
    for _ask in range(100):
        seat_pace.may_look(one.pk)
    with django_assert_num_queries(0):
        answer = client.get(where)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert client.get(reverse("assessments:phone", args=[seat_token(other)]) + page).status_code == 200
    assert seat_pace.allowed(one.pk)


def test_a_rehearsal_promises_nothing_that_invented_people_break(ecosystem: Ecosystem, client: Client) -> None:
    """They fill up the minimum: a real person among them may stand alone, on the join page, a phone and the wall."""
    rehearsal = make_workshop(ecosystem, state=WorkshopState.LOBBY, rehearsal_of=make_workshop(ecosystem))
    (seat,) = make_seats(rehearsal)
    for where in (
        reverse("assessments:join-link", args=[rehearsal.key]),
        reverse("assessments:phone", args=[seat_token(seat)]),
        projector_path(rehearsal),
    ):
        page = client.get(where).content.decode()
        assert "This is a rehearsal: invented people answer beside you" in page, where
        assert "Nobody sees who said what" not in page


class Everything:
    """A workshop in the middle of everything, with one of each thing that an act can name."""

    def __init__(self, ecosystem: Ecosystem) -> None:
        self.workshop = workshop = make_workshop(ecosystem)
        self.ideas = make_activity(workshop, kind=ActivityKind.IDEAS, plan=IdeasPlan(), title="Ideas")
        self.commit = make_activity(workshop, kind=ActivityKind.COMMIT, title="Promises")
        self.rating = make_activity(workshop, title="Rating")
        self.seat, *_others = make_seats(workshop, 6)
        self.breakout = Breakout.objects.create(workshop=workshop, label="A")
        self.round = make_round(self.rating)
        make_round(self.ideas, state=RoundState.REVEALED, results={})
        shown = {"activity": self.ideas, "round": self.ideas.rounds.get(), "is_shown": True}
        self.idea, self.second = (Idea.objects.create(key=uuid4(), text=text, **shown) for text in ("One", "Two"))
        self.cluster = IdeaCluster.objects.create(activity=self.ideas, title="Cluster")
        self.note = WorkshopNote.objects.create(workshop=workshop, text="Said")
        self.commitment = Commitment.objects.create(
            organization=ecosystem.organization,
            ecosystem=ecosystem,
            workshop=workshop,
            activity=self.commit,
            text="Meet",
            owner_name="Ana",
            state=CommitmentState.OPEN,
        )
        self.template = AgendaTemplate.objects.create(organization=ecosystem.organization, title=str(uuid4()))

    def names(self) -> dict[str, object]:
        """What the fields of the console's forms would say of it."""
        return {
            "activity": self.rating.pk,
            "step": self.rating.pk,
            "round": self.round.pk,
            "seat": self.seat.pk,
            "breakout": self.breakout.pk,
            "note": self.note.pk,
            "commitment": self.commitment.pk,
            "idea": [self.idea.pk, self.second.pk],
            "cluster": self.cluster.pk,
            "text": "Changed",
            "title": "Changed",
            "owner": "Changed",
            "why": "Changed",
            "seen": "",
            "to": "0",
            "place": "0",
            "groups": "2",
            "seconds": "60",
            "locked": "yes",
            "parked": "yes",
        }

    def stored(self) -> object:
        """All that is in the database of it."""
        of_workshop = {"workshop": self.workshop}
        of_step = {"activity__workshop": self.workshop}
        rows = [
            Workshop.objects.filter(pk=self.workshop.pk),
            AgendaTemplate.objects.filter(pk=self.template.pk),
            *(model.objects.filter(**of_workshop) for model in (Activity, Breakout, Commitment, Seat, WorkshopNote)),
            *(model.objects.filter(**of_step) for model in (Idea, IdeaCluster, Round)),
        ]
        return [list(found.order_by("pk").values()) for found in rows]


BOARD_ACTS = ("add", "rename", "apart", "place", "move", "merge", "split", "park", "take-up")


def posts(mine: Workshop, theirs: Everything) -> list[tuple[str, dict[str, object]]]:
    """Every form of a workshop of one's own, naming what belongs to another one."""
    slug, pk = mine.organization.slug, mine.pk
    board = mine.activities.get(kind=ActivityKind.IDEAS)
    steps = [(slug, pk, step) for step in (theirs.rating.pk, theirs.ideas.pk)]
    found = [(act(mine, name), theirs.names()) for name in RUNS if name not in ("end", "end-rehearsal", "start")]
    found += [
        (reverse("assessments:ideas-board", args=[slug, pk, board.pk]), {**theirs.names(), "act": one, "to": cluster})
        for one in BOARD_ACTS
        for cluster in (theirs.cluster.pk, "none", "parked")
    ]
    for args in steps:
        found += [
            (reverse("assessments:activity", args=args), {**theirs.names(), "place": 1}),
            (reverse("assessments:activity-move", args=args), {"to": "up"}),
            (reverse("assessments:activity-remove", args=args), {}),
            (reverse("assessments:ideas-board", args=args), {**theirs.names(), "act": "park"}),
        ]
    found.append((reverse("assessments:agenda-add", args=[slug, pk]), {"agenda": f"kept:{theirs.template.pk}"}))
    for name in ("kept-agenda", "kept-agenda-delete"):
        where = reverse(f"assessments:{name}", args=[slug, theirs.template.pk])
        found.append((where, {"title": "Changed", "description": "Changed", "typed": "Kept"}))
    return found


def test_nothing_of_another_workshop_can_be_named(
    ecosystem: Ecosystem, outsider: User, facilitator: User, client_of: LogIn
) -> None:
    """Neither by another organization nor from another workshop of the same one, whatever is put into the forms."""
    theirs = Everything(ecosystem)
    other = make_ecosystem(Organization.objects.get(slug="elsewhere"), slug="elsewhere", name="Elsewhere")
    for who, mine in ((outsider, Everything(other)), (facilitator, Everything(ecosystem))):
        browser, before = client_of(who), theirs.stored()
        for where, fields in posts(mine.workshop, theirs):
            if who == facilitator and ("agendas" in where or "agenda" in fields):
                continue  # agendas are the organization's
            answer = browser.post(where, fields)
            assert answer.status_code in (200, 302, 404, 422), (where, answer.status_code)
            if mine.workshop.organization != ecosystem.organization:
                assert not re.search(r"\bAna\b", answer.content.decode())  # a token may hold the letters
        assert theirs.stored() == before


def test_every_form_is_closed_to_whoever_may_not_run_the_workshop(
    ecosystem: Ecosystem, organization: Organization, leader: User, outsider: User, client_of: LogIn
) -> None:
    """A leader, somebody of elsewhere, and a helper from the moment at which they are none."""
    mine = Everything(ecosystem)
    helper = make_member(organization, Role.LEADER)
    mine.workshop.co_facilitators.add(helper)
    browsers = {user: client_of(user) for user in (leader, outsider, helper)}
    console = reverse("assessments:console", args=[organization.slug, mine.workshop.pk])
    assert [browsers[user].get(console).status_code for user in (leader, outsider, helper)] == [403, 404, 200]
    mine.workshop.co_facilitators.remove(helper)
    before = mine.stored()
    pages = [
        console,
        f"{console}?part=live",
        reverse("assessments:console-people", args=[organization.slug, mine.workshop.pk]),
    ]
    for user, status in ((leader, 403), (outsider, 404), (helper, 403)):
        assert {browsers[user].get(page).status_code for page in pages} == {status}
        for where, fields in posts(mine.workshop, mine):
            assert browsers[user].post(where, fields).status_code in (403, 404), where
    assert mine.stored() == before


@pytest.mark.parametrize("name", [str(name) for name in RUNS])
def test_strange_values_in_every_act_are_answered(
    ecosystem: Ecosystem, facilitator: User, client_of: LogIn, name: str
) -> None:
    browser = client_of(facilitator)
    mine = Everything(ecosystem)
    fields = mine.names()
    for strange in ("\0", "", "-1", "9" * 18, "9" * 400, "٣", "x" * 20_000, "=1+1\u202e<script>", "0001-01-01", "NaN"):
        for field in (None, "text"):
            sent = dict.fromkeys([*fields, "due", "facet", "closes_at", "minutes", "key"], strange)
            sent = sent if field is None else {**fields, field: strange}
            with transaction.atomic():
                answer = browser.post(act(mine.workshop, name), sent)
                transaction.set_rollback(True)
            assert answer.status_code in (200, 302, 404, 422), (strange[:20], field)
