"""Pages of filling in, without the script: plain forms that lose nothing."""

import pytest
from django.test import Client

from assessments.enums import Anonymity
from assessments.links import invitation_token, no_more_mail_token
from assessments.models import Draft, Response
from assessments.selectors.fill_in import answers_of
from assessments.services.responses import submit_draft
from assessments.services.waves import close_wave
from tests.assessments.views.fill_in_pages import address, section, send, text_of
from tests.factories.assessments import invite, make_open_wave, make_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of

pytestmark = pytest.mark.django_db


# -- the first page -------------------------------------------------------------------------------------


def test_the_first_page_creates_nothing_and_start_makes_one_draft(client, wave):
    invitation = invite(wave, 1)[0]
    url = address(invitation_token(invitation))
    page = client.get(url)
    assert page.status_code == 200
    assert "Groups of fewer than 5 are never shown." in text_of(page)
    assert "14 November" in text_of(page)
    assert not Draft.objects.exists()
    for _twice in range(2):
        assert client.post(url).url == f"{url}1/"
    assert Draft.objects.get().invitation == invitation
    assert "Continue" in text_of(client.get(url))


def test_pages_are_kept_to_their_holder(client, draft):
    for url in (address(token_of(draft)), section(draft, 1), address("wrong")):
        headers = client.get(url).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("anonymity", "headline"), [(Anonymity.ANONYMOUS, "Anonymous."), (Anonymity.NAMED, "With your name.")]
)
def test_what_is_promised_fits_the_wave(client, ecosystem, anonymity, headline):
    draft = make_draft(make_open_wave(ecosystem, anonymity=anonymity))
    page = text_of(client.get(section(draft, 1)))
    assert f"<strong>{headline}</strong>" in page
    assert ("Nobody, not even an administrator" in page) is (anonymity == Anonymity.ANONYMOUS)
    review = text_of(client.get(address(token_of(draft), "-review")))
    assert ("no longer tied to you" in review) is (anonymity == Anonymity.ANONYMOUS)


def test_a_leaders_own_view_is_promised_no_anonymity(client, ecosystem, leader):
    from assessments.services.invitations import Person, add_people
    from tests.factories.assessments import make_assessment

    wave = make_open_wave(make_assessment(ecosystem, leader=leader), group="others")
    group = wave.groups.get(key="self")
    add_people(group=group, people=[Person(name=leader.name, email=leader.email)], by=None)
    token = invitation_token(group.invitations.get())
    page = text_of(client.get(address(token)))
    assert "Nobody, not even an administrator" not in page
    assert "It is shown as yours, to you and to those whom you let see your results" in page
    client.post(address(token))
    assert "no longer tied to you" not in text_of(client.get(address(token, "-review")))


# -- links that lead nowhere --------------------------------------------------------------------------


def test_a_mistyped_link_names_nothing_of_the_network(client, wave, ecosystem):
    token = invitation_token(invite(wave, 1)[0])
    other = "A" if token[20] != "A" else "B"
    forged = f"{token[:20]}{other}{token[21:]}"
    for wrong in (token[:-1], forged, f"d{token[1:]}", "x", no_more_mail_token(invite(wave, 1)[0])):
        for page in (client.get(address(wrong)), client.post(address(wrong)), send(client, wrong, {})):
            assert page.status_code in (404, 400)
            assert ecosystem.name not in text_of(page)
        assert client.get(address(wrong)).status_code == 404


def test_a_deleted_wave_is_gone(client, wave, ecosystem):
    token = token_of(make_draft(wave))
    wave.delete()
    page = client.get(address(token))
    assert (page.status_code, "has been deleted" in text_of(page), ecosystem.name in text_of(page)) == (
        410,
        True,
        False,
    )
    assert send(client, token, {"item": "a", "value": 1, "revision": 1}).status_code == 410


def test_a_closed_and_a_not_yet_open_wave_say_so(client, ecosystem, wave, draft):
    close_wave(wave=wave, by=None)
    for url in (address(token_of(draft)), section(draft, 1), address(token_of(draft), "-review")):
        page = client.get(url)
        assert (page.status_code, "This round is closed" in text_of(page)) == (410, True)
    early = make_wave(ecosystem, people=1).groups.get(key="customers").invitations.get()
    page = client.get(address(invitation_token(early)))
    assert (page.status_code, "Not open yet" in text_of(page)) == (403, True)


def test_a_used_link_says_so_and_shows_no_answer(client, draft):
    give(draft, dict.fromkeys(codes_of(draft), 3))
    submit_draft(draft=draft)
    for url in (address(token_of(draft)), section(draft, 1), address(token_of(draft), "-review")):
        page = client.get(url)
        assert (page.status_code, "already answered" in text_of(page)) == (410, True)
        assert client.post(url).url == address(token_of(draft), "-thanks")
    assert client.get(address(token_of(draft), "-thanks")).status_code == 200


def test_who_wants_no_more_mail_reads_so_and_can_answer(client, wave):
    invitation = invite(wave, 1)[0]
    invitation.mail_stopped = True
    invitation.save()
    page = client.get(address(invitation_token(invitation)))
    assert "You get no more e-mail about this round" in text_of(page)
    assert page.status_code == 200


# -- sections as plain forms --------------------------------------------------------------------------


def first_items(draft: Draft) -> list[str]:
    from assessments.selectors.fill_in import questionnaire_of

    return [question.code for question in questionnaire_of(draft.group).sections[0].questions]


def test_a_section_saves_all_and_goes_on(client, draft):
    items = first_items(draft)
    data = {f"a-{item}": "4" for item in items} | {f"c-{items[0]}": "Good\r\nenough", "go": "next"}
    assert client.post(section(draft, 1), data).url == section(draft, 2)
    told = answers_of(draft)
    assert {item: told[item].value for item in items} == dict.fromkeys(items, 4)
    assert told[items[0]].comment == "Good\nenough"


def test_back_saves_too_and_asks_for_nothing(client, draft):
    item = first_items(draft)[0]
    answer = client.post(section(draft, 1), {f"a-{item}": "x", "go": "back"})
    assert answer.url == address(token_of(draft))
    assert answers_of(draft)[item].value == -32768


def test_missing_answers_are_asked_for_once_and_never_compulsory(client, draft):
    items = first_items(draft)
    page = client.post(section(draft, 1), {f"a-{items[0]}": "2", "go": "next"})
    assert page.status_code == 422
    assert len(page.context["wrong"]) == len(items) - 1
    assert answers_of(draft)[items[0]].value == 2
    assert client.post(section(draft, 1), {"asked": "1", "go": "next"}).url == section(draft, 2)


def test_no_answer_takes_an_answer_back(client, draft):
    item = first_items(draft)[0]
    give(draft, {item: 4})
    client.post(section(draft, 1), {f"a-{item}": "", f"seen-{item}": "4", "asked": "1", "go": "next"})
    assert answers_of(draft)[item].value is None


def test_a_tab_left_open_does_not_undo_what_another_one_said(client, draft):
    item = first_items(draft)[0]
    old = client.get(section(draft, 1)).context["rows"][0]
    send(client, draft, {"item": item, "value": 5, "comment": "newer", "revision": 10})
    data = {f"a-{item}": old.chosen, f"seen-{item}": old.seen, f"c-{item}": "", f"seen-c-{item}": old.seen_comment}
    client.post(section(draft, 1), {**data, "asked": "1", "go": "next"})
    assert (answers_of(draft)[item].value, answers_of(draft)[item].comment) == (5, "newer")


def test_a_form_wins_over_answers_of_a_clock_that_is_ahead(client, draft):
    item = first_items(draft)[0]
    send(client, draft, {"item": item, "value": 5, "revision": 2**60})
    client.post(section(draft, 1), {f"a-{item}": "1", f"seen-{item}": "5", "asked": "1", "go": "next"})
    assert answers_of(draft)[item].value == 1


@pytest.mark.parametrize("chosen", ["9", "-1", "banana", "1e3", "٣٣", "99999999999999999999"])
def test_a_forged_choice_is_an_error_beside_its_question(client, draft, chosen):
    item = first_items(draft)[0]
    page = client.post(section(draft, 1), {f"a-{item}": chosen, "asked": "1"})
    assert (page.status_code, [row.step.question.code for row in page.context["wrong"]]) == (422, [item])
    assert answers_of(draft) == {}


def test_a_long_comment_stays_on_the_page_with_its_count(client, draft):
    item, other = first_items(draft)[:2]
    typed = "word " * 500
    page = client.post(section(draft, 1), {f"c-{item}": typed, f"a-{other}": "3", "asked": "1"})
    assert page.status_code == 422
    assert typed.strip() in text_of(page)
    assert "This comment has 2499 characters" in text_of(page)
    assert answers_of(draft)[other].value == 3


def test_hostile_text_is_shown_as_text(client, draft):
    item = first_items(draft)[0]
    client.post(section(draft, 1), {f"c-{item}": "</textarea><script>alert(1)</script>\x00", "asked": "1"})
    page = text_of(client.get(section(draft, 1)))
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_ten_megabytes_get_an_honest_page(client, draft):
    item = first_items(draft)[0]
    page = client.post(section(draft, 1), {f"c-{item}": "x" * 10_000_000})
    assert (page.status_code, "That is too much text" in text_of(page)) == (413, True)


def test_a_lost_cookie_costs_nothing_that_was_typed(draft):
    strict = Client(enforce_csrf_checks=True)
    item = first_items(draft)[0]
    page = strict.post(section(draft, 1), {f"a-{item}": "4", f"c-{item}": "My words", "go": "next"})
    assert page.status_code == 403
    assert "Press the button once more" in text_of(page)
    assert "My words" in text_of(page)
    again = {"csrfmiddlewaretoken": page.context["csrf_token"], f"a-{item}": "4", f"c-{item}": "My words", "asked": "1"}
    assert strict.post(section(draft, 1), again).url == section(draft, 2)
    assert answers_of(draft)[item].comment == "My words"


def test_a_form_sent_after_closing_keeps_what_was_typed_in_sight(client, wave, draft):
    item = first_items(draft)[0]
    close_wave(wave=wave, by=None)
    page = client.post(section(draft, 1), {f"c-{item}": "Too late", "go": "next"})
    assert page.status_code == 409
    assert "Too late" in text_of(page)
    assert "not open" in text_of(page)
    assert answers_of(draft) == {}


def test_a_section_that_does_not_exist_leads_to_the_first(client, draft):
    for number in (0, 99):
        assert client.get(section(draft, number)).url == section(draft, 1)


def test_query_counts_do_not_grow_with_the_answers(client, draft, django_assert_num_queries):
    client.get(section(draft, 1))
    for answers in ({}, dict.fromkeys(codes_of(draft), 3)):
        if answers:
            give(draft, answers)
        for url in (section(draft, 1), address(token_of(draft), "-review"), address(token_of(draft), "-answers")):
            with django_assert_num_queries(2):
                assert client.get(url).status_code == 200


# -- review, submit, thanks -----------------------------------------------------------------------------


def test_review_lists_what_is_missing_and_submits_once(client, draft):
    url = address(token_of(draft), "-review")
    items = codes_of(draft)
    give(draft, dict.fromkeys(items[1:], 3))
    page = client.get(url)
    assert [step.question.code for step, _url in page.context["unanswered"]] == [items[0]]
    assert f'{section(draft, 1)}#q-{items[0]}"' in text_of(page)
    for _twice in range(2):
        assert client.post(url).url == address(token_of(draft), "-thanks")
    assert Response.objects.count() == 1
    assert "14 November" in text_of(client.get(address(token_of(draft), "-thanks")))


def test_nothing_answered_is_refused_kindly(client, draft):
    page = client.post(address(token_of(draft), "-review"))
    assert page.status_code == 422
    assert "Answer at least one question" in text_of(page)
    assert client.get(address(token_of(draft), "-thanks")).url == address(token_of(draft))
