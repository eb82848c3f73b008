"""The page "You said, we did", for everybody and for those who write it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.enums import CommitmentState
from assessments.models import Commitment, FeedbackSummary, ReplyPage, Wave
from assessments.scoring.commitment_effect import Effect, Reading
from assessments.scoring.feedback import Feedback, Search
from assessments.scoring.learning_cycle import LearningCycle
from assessments.scoring.results import Difference
from assessments.services.replies import change_reply_page
from tests.factories.assessments import make_closed_wave

pytestmark = pytest.mark.django_db


def commitment(ecosystem, text, **changes):
    changes = {"is_public": True, "owner_name": "Marta Lindqvist", **changes}
    return Commitment.objects.create(organization=ecosystem.organization, ecosystem=ecosystem, text=text, **changes)


@pytest.fixture
def on(ecosystem):
    return change_reply_page(ecosystem=ecosystem, by=None, title="", intro="Thank you.", is_on=True)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_everybody_reads_what_follows_and_no_name(client, ecosystem, on):
    today = timezone.localdate()
    commitment(
        ecosystem,
        "Publish a forecast",
        heard="We <never> know",
        state=CommitmentState.DONE,
        closed_on=date(2026, 5, 3),
        came_of_it="Less waste",
    )
    commitment(ecosystem, "One number to call", due_on=today - timedelta(days=2))
    commitment(ecosystem, "Two seats", due_on=date(2030, 1, 15))
    commitment(ecosystem, "A new depot", state=CommitmentState.DROPPED, closing_note="No money this year")
    commitment(ecosystem, "Inside only", is_public=False)
    response = client.get(f"/said/{on.key}/")
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "no-store"
    body = text_of(response)
    parts = ("What we have done", "What we are doing", "What we decided not to do")
    assert [part for part in parts if part in body] == list(parts)
    for said in ("We &lt;never&gt; know", "3 May 2026", "Less waste", "later than planned", "until 15 January 2030"):
        assert said in body
    assert "No money this year" in body
    assert [said for said in ("Marta", "Inside only", "<never>") if said in body] == []


def test_an_effect_is_said_in_one_honest_sentence(client, ecosystem, on):
    one = commitment(ecosystem, "Seed fund", state=CommitmentState.DONE, closed_on=date(2026, 5, 3))
    other = commitment(ecosystem, "Hot line", state=CommitmentState.DONE, closed_on=date(2026, 5, 3))
    wave = make_closed_wave(ecosystem)

    def effect(made, reading, difference, *others):
        return Effect(str(made.key), "INN", reading, 6.0, 0.2, difference, 4, 30, 30, others)

    feedback = Feedback(
        waves=(wave.pk,),
        loops=(),
        search=Search(0, True, 8, 8),
        cycle=LearningCycle((), 0, 0, None, None, None),
        effects=(
            effect(one, Reading.CONSISTENT, Difference(5.8, 0.7, 10.9)),
            effect(other, Reading.NO_SIGN, Difference(withheld=True), "x"),
        ),
    )
    FeedbackSummary.objects.create(
        wave=wave, results=feedback.to_json(), method="1", mark_version=1, computed_at=timezone.now()
    )
    body = text_of(client.get(f"/said/{on.key}/"))
    assert (
        "consistent with an effect. The score it aimed at moved by +5.8 points against the others (+0.7 to +10.9). "
        "It was rated by 30 people before and 30 after." in body
    )
    assert "could be chance. Other things were done for the same score; they cannot be told apart." in body
    assert Wave.objects.get(pk=wave.pk).results_shown


def test_off_or_unknown_is_404(client, ecosystem, on):
    ReplyPage.objects.update(is_on=False)
    assert [client.get(f"/said/{key}/").status_code for key in (on.key, "nothing")] == [404, 404]


@pytest.mark.parametrize("number", [1, 30])
def test_query_counts_are_fixed(client, ecosystem, on, number, django_assert_num_queries):
    for at in range(number):
        commitment(ecosystem, f"Number {at}")
    with django_assert_num_queries(3):
        client.get(f"/said/{on.key}/")


def test_facilitators_write_the_page_and_renew_its_address(client_of, facilitator, leader, ecosystem):
    address = "/o/rivermark/ecosystems/food-network/reply/"
    one, two = commitment(ecosystem, "One", is_public=False), commitment(ecosystem, "Two")
    browser = client_of(facilitator)
    assert "Nobody can read the page while it is off." in text_of(browser.get(address))
    sent = {"title": "What became of it", "intro": "Thanks", "is_on": "on", "shown": [str(one.key)]}
    assert browser.post(address, sent).status_code == 302
    page = ReplyPage.objects.get()
    assert (page.title, page.intro, page.is_on) == ("What became of it", "Thanks", True)
    assert list(Commitment.objects.filter(is_public=True)) == [one]
    assert f"/said/{page.key}/" in text_of(browser.get(address))
    browser.post(f"{address}address/")
    assert ReplyPage.objects.get().key != page.key
    assert "maxlength" not in str(browser.get(address).context["form"])
    wrong = browser.post(address, {"title": "x" * 121, "intro": "Kept as typed", "shown": [str(two.key)]})
    assert wrong.status_code == 422
    assert "Kept as typed" in text_of(wrong)
    assert client_of(leader).get(address).status_code == 403
