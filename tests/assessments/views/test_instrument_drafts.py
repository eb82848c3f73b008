"""Editing a draft in plain forms."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Instrument, InstrumentVersion
from assessments.selectors.definitions import items_of
from assessments.services.instrument_drafts import save_general
from assessments.services.instruments import (
    duplicate_instrument,
    load_default_instrument,
    publish_instrument,
)
from ecosystems.models import Organization, User
from tests.factories.instruments import make_instrument_draft

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def draft(organization: Organization) -> InstrumentVersion:
    return make_instrument_draft(organization)


@pytest.fixture
def browser(client_of: Browser, admin: User) -> Client:
    return client_of(admin)


def url(name: str, draft: InstrumentVersion, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[draft.instrument.organization.slug, draft.instrument_id, *args])


def saved(draft: InstrumentVersion) -> InstrumentVersion:
    draft.refresh_from_db()
    return draft


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """What the page's form would send, with some fields changed."""
    form = page.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (None, "", [], False)}
    return {**data, "revision": page.context["draft"].revision, **changes}


def test_every_part_of_the_default_instrument_survives_being_saved_unchanged(
    browser: Client, organization: Organization, admin: User
) -> None:
    original, _new = load_default_instrument()
    draft = duplicate_instrument(version=original, organization=organization, code="ours", name="Ours", by=admin)
    before = saved(draft).definition
    for name, codes in (
        ("instrument-item", ["INN-FLOW-1", "INN-FLOW-2", "SAT-CUST-1", "CON-POWR-1", "RES-EMOT-3"]),
        ("instrument-facet", ["INN-FLOW", "RES-EMOT"]),
        ("instrument-dimension", ["INN", "SAT", "CON", "RES"]),
        ("instrument-scale", ["frequency", "room"]),
    ):
        for code in codes:
            page = browser.get(url(name, draft, code))
            assert page.status_code == 200
            answer = browser.post(url(name, draft, code), filled(page))
            assert answer.status_code == 302, (code, answer.context["form"].errors)
    page = browser.get(url("instrument-general", draft))
    assert browser.post(url("instrument-general", draft), filled(page)).status_code == 302

    assert saved(draft).definition == before
    assert draft.revision == 14


def test_an_item_gets_new_words_scale_and_keying(browser: Client, draft: InstrumentVersion) -> None:
    page = browser.get(url("instrument-item", draft, "A1"))
    changes = {
        "text": "How often?",
        "scale": "spare",
        "keying": "reverse",
        "anchors": "a\nb\nc\nd\ne\n",
        "text__leaders": "And you?",
        "facet": "FC",
        "form__full": ["leaders"],
    }

    answer = browser.post(url("instrument-item", draft, "A1"), filled(page, **changes))

    assert answer.url == url("instrument-draft", draft)
    item = next(item for item in items_of(saved(draft).definition) if item.code == "A1")
    assert (item.facet, item.scale.code, item.reverse) == ("FC", "spare", True)
    assert item.text == {"all": "How often?", "leaders": "And you?"}
    assert item.anchors == {0: "a", 1: "b", 2: "c", 3: "d", 4: "e"}


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"text": ""}, "text", "There are no words yet for: Leaders."),
        ({"text": "x" * 301}, "text", "Ensure this value has at most 300 characters (it has 301)."),
        ({"text": "a\0b"}, "text", "Null characters are not allowed."),
        (
            {"anchors": "one\ntwo"},
            "anchors",
            "There are 2 lines for 5 answers. Write one line for each, or none at all.",
        ),
        ({"audiences": []}, "audiences", "Choose at least one audience."),
        ({"code": "B1"}, "__all__", "The code B1 belongs to another item already. Choose another code."),
        ({"code": "1 2"}, "code", "Start with a letter; then letters, digits, hyphen, underscore or dot."),
        ({"scale": "none"}, "scale", "Select a valid choice. none is not one of the available choices."),
        ({"facet": "none"}, "facet", "Select a valid choice. none is not one of the available choices."),
        ({"room_question": "How?"}, "room_low", "A room question needs words for its lowest and its highest answer."),
    ],
)
def test_a_refused_item_keeps_what_was_typed(
    browser: Client, draft: InstrumentVersion, changes: dict[str, Any], field: str, message: str
) -> None:
    page = browser.get(url("instrument-item", draft, "A1"))

    answer = browser.post(url("instrument-item", draft, "A1"), filled(page, **{"text": "typed", **changes}))

    assert answer.status_code == 200
    assert answer.context["form"].errors[field] == [message]
    assert answer.context["form"]["text"].value() == changes.get("text", "typed")
    assert saved(draft).revision == 0


def test_somebody_else_saved_meanwhile_and_saving_again_keeps_both(browser: Client, draft: InstrumentVersion) -> None:
    page = browser.get(url("instrument-item", draft, "A1"))
    save_general(draft=draft, revision=0, entry={"name": "Theirs"})
    sent = filled(page, text="Mine")

    refused = browser.post(url("instrument-item", draft, "A1"), sent)
    assert refused.context["form"].non_field_errors()[0].startswith("Somebody else changed this draft meanwhile.")
    again = browser.post(url("instrument-item", draft, "A1"), filled(refused))

    assert again.status_code == 302
    definition = saved(draft).definition
    assert (definition["name"], items_of(definition)[0].text) == ("Theirs", "Mine")


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "٣"])
def test_a_forged_revision_saves_nothing(browser: Client, draft: InstrumentVersion, revision: str) -> None:
    page = browser.get(url("instrument-item", draft, "A1"))

    assert browser.post(url("instrument-item", draft, "A1"), filled(page, revision=revision)).status_code == 200
    assert saved(draft).revision == 0


def test_a_preview_shows_the_question_and_saves_nothing(browser: Client, draft: InstrumentVersion) -> None:
    page = browser.get(url("instrument-item", draft, "A1"))
    sent = filled(page, text="How <i>often</i>?", preview="1")

    plain = browser.post(url("instrument-item", draft, "A1"), sent)
    fragment = browser.post(url("instrument-item", draft, "A1"), sent, headers={"HX-Request": "true"})

    ((audience, question),) = plain.context["previews"]
    assert (audience, question.text) == ("Everybody", "How <i>often</i>?")
    assert "<title>" not in fragment.content.decode()
    assert "How &lt;i&gt;often&lt;/i&gt;?" in fragment.content.decode()
    assert saved(draft).revision == 0


def test_new_parts_and_taking_them_out(browser: Client, draft: InstrumentVersion) -> None:
    def add(page: str, query: str = "", **data: Any) -> Any:
        return browser.post(url(page, draft) + query, {**data, "revision": saved(draft).revision})

    add("instrument-dimension-new", "?group=leadership", code="RES", name="Resources", about="leader")
    add("instrument-facet-new", code="FR", name="Calm", block="RES", starters="One?\nTwo?")
    add("instrument-scale-new", key="three", lo="1", hi="3", labels="Low\nMiddle\nHigh", cant_say="No idea")
    new = {
        "code": "R1",
        "facet": "FR",
        "text": "Calm?",
        "scale": "three",
        "keying": "forward",
        "audiences": ["leaders"],
    }
    answer = add("instrument-item-new", **new, form__full=["leaders"])

    assert answer.status_code == 302
    block = saved(draft).definition["leadership"][1]
    assert (block["code"], block["about"], block["constructs"][0]["starters"]) == ("RES", "leader", ["One?", "Two?"])
    assert draft.item_codes[-1] == "R1"
    for name, code in (("instrument-item", "R1"), ("instrument-scale", "three"), ("instrument-dimension", "RES")):
        gone = browser.post(url(name, draft, code), {"delete": "1", "revision": saved(draft).revision})
        assert gone.url == url("instrument-draft", draft)
    assert [one["code"] for one in saved(draft).definition["leadership"]] == ["MND"]
    assert "three" not in draft.definition["scales"]


def test_a_barrier_is_marked_and_unmarked(browser: Client, draft: InstrumentVersion) -> None:
    for barrier in ("on", ""):
        page = browser.get(url("instrument-dimension", draft, "MND"))
        browser.post(url("instrument-dimension", draft, "MND"), filled(page, name="M", barrier=barrier))
        block = saved(draft).definition["leadership"][0]
        assert (block.get("barrier", False), "lower is better" in block["higher_means"]) == (
            bool(barrier),
            bool(barrier),
        )


def test_moving_by_buttons(browser: Client, draft: InstrumentVersion) -> None:
    address = url("instrument-draft", draft)

    answer = browser.post(address, {"move": "down:item:A1", "revision": "0"})
    stale = browser.post(address, {"move": "down:item:A1", "revision": "0"}, follow=True)
    forged = browser.post(address, {"move": "sideways:item:A1", "revision": "1"})

    assert (answer.url, forged.url) == (f"{address}#item-A1", address)
    assert "Somebody else changed this draft meanwhile" in stale.content.decode()
    assert saved(draft).item_codes == ["A2", "A1", "B1", "C1", "D1"]


def test_problems_stand_beside_what_they_are_about(browser: Client, draft: InstrumentVersion) -> None:
    draft.definition["dimensions"][0]["facets"][0]["items"][0]["audiences"] = ["strangers"]
    draft.definition["dimensions"][1]["facets"][0]["items"] = []
    draft.save()

    page = browser.get(url("instrument-draft", draft))
    first, second, _leadership = page.context["blocks"]

    assert [problem.message for problem in first.facets[0].items[0].problems][:1] == [
        "There is no audience “strangers”. There are: leaders."
    ]
    assert [problem.message for problem in second.facets[0].problems] == [
        "The facet “FC” has no items. Add one, or delete the facet."
    ]


def test_publishing_asks_first_and_names_what_is_to_be_mended(browser: Client, draft: InstrumentVersion) -> None:
    address = url("instrument-publish", draft)
    assert browser.get(address).context["reading"].errors == ()
    stale = browser.post(address, {"revision": "7"})
    assert stale.url == url("instrument-draft", draft)

    done = browser.post(address, {"revision": "0"})
    assert done.url == url("instrument", draft)
    assert saved(draft).number == 1
    assert browser.get(address).status_code == 404


def test_an_unfit_draft_is_not_published(browser: Client, draft: InstrumentVersion) -> None:
    draft.definition["dimensions"][1]["facets"][0]["items"] = []
    draft.save()

    assert len(browser.get(url("instrument-publish", draft)).context["reading"].errors) == 1
    assert browser.post(url("instrument-publish", draft), {"revision": "0"}).url == url("instrument-draft", draft)
    assert saved(draft).is_draft


def test_a_draft_is_started_and_deleted(browser: Client, draft: InstrumentVersion, admin: User) -> None:
    publish_instrument(draft=draft, by=admin)
    started = browser.post(url("instrument-draft-start", draft))
    assert started.url == url("instrument-draft", draft)
    assert browser.get(url("instrument-draft-delete", draft)).status_code == 200

    assert browser.post(url("instrument-draft-delete", draft)).url == url("instrument", draft)
    assert list(draft.instrument.versions.values_list("number", flat=True)) == [1]


def test_deleting_a_draft_that_was_never_published(browser: Client, draft: InstrumentVersion) -> None:
    gone = browser.post(url("instrument-draft-delete", draft))

    assert gone.url == reverse("assessments:instruments", args=[draft.instrument.organization.slug])
    assert Instrument.objects.count() == 0


def test_what_is_shared_or_gone_cannot_be_edited(
    browser: Client, organization: Organization, draft: InstrumentVersion
) -> None:
    shared, _new = load_default_instrument()
    slug, pk = organization.slug, shared.instrument_id

    assert browser.get(reverse("assessments:instrument-draft", args=[slug, pk])).status_code == 404
    assert browser.post(reverse("assessments:instrument-draft-start", args=[slug, pk])).status_code == 404
    assert browser.get(url("instrument-item", draft, "NONE")).status_code == 404
    assert browser.get(url("instrument-scale", draft, "none")).status_code == 404


@pytest.mark.parametrize("items", [1, 20])
def test_queries_of_the_draft_page(
    browser: Client, draft: InstrumentVersion, items: int, django_assert_num_queries: Any
) -> None:
    facet = draft.definition["dimensions"][0]["facets"][0]
    facet["items"] = [{**facet["items"][0], "code": f"Z{number}"} for number in range(items)]
    draft.save()

    with django_assert_num_queries(7):
        browser.get(url("instrument-draft", draft))
