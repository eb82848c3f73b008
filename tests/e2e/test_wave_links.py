"""Answering about links of the causal map on a phone: offline and back, two tabs, keyboard, and sent."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from assessments.enums import CANT_SAY
from assessments.models import Response
from assessments.selectors.asked_links import effect_code, late_code
from assessments.selectors.fill_in import answers_of, questionnaire_of
from assessments.services.wave_links import choose_links
from assessments.services.waves import open_wave
from ecosystems.models import Ecosystem
from metasystem.processes import wait_until
from tests.factories.assessments import make_wave
from tests.factories.fill_in import codes_of, give, make_draft, token_of
from tests.factories.maps import MapMaker

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = "#save-state[data-state=saved]"
WAITING = "#save-state[data-state=waiting]"


def test_links_are_answered_on_a_phone_like_everything_else(
    device: "Callable[..., BrowserContext]", live_server: Any, ecosystem: Ecosystem
) -> None:
    maker = MapMaker(ecosystem)
    quality, speed, trust = (maker.factor(name) for name in ("Quality", "Speed", "Trust"))
    wave = make_wave(ecosystem, people=1)
    choose_links(wave=wave, pairs=[(trust, speed), (speed, quality), (quality, trust)], by=None)
    draft = make_draft(open_wave(wave=wave, by=None))
    give(draft, dict.fromkeys(codes_of(draft)[:-3], 3))
    url = f"{live_server.url}{reverse('assessments:fill-in', args=[token_of(draft)])}"
    last = len(questionnaire_of(draft.group).sections)
    context = device()
    page, other = context.new_page(), context.new_page()
    page.goto(url)
    page.get_by_role("link", name="Continue").click()  # to what is left: the links
    page.wait_for_url(f"{url}{last}/")
    other.goto(f"{url}{last}/")
    late = page.locator(f"#late-{effect_code(0)}")
    assert not late.is_visible()

    # without a connection it waits, and goes out when that is back
    context.set_offline(True)
    first = page.get_by_role("group", name="Does more of “Trust” raise or lower “Speed”?")
    first.get_by_label("Lowers it clearly").check()
    late.get_by_label("Within months").check()
    page.wait_for_selector(WAITING)
    context.set_offline(False)
    page.wait_for_selector(SAVED)
    other.wait_for_selector(f"input[name='a-{effect_code(0)}'][value='-2']:checked")
    other.wait_for_selector(f"input[name='a-{late_code(0)}'][value='1']:checked")
    assert other.locator(f"#late-{effect_code(0)}").is_visible()

    # with the keyboard: no effect, so nothing is asked about when it shows
    page.locator(f"#q-{effect_code(1)}").focus()
    page.keyboard.press("Space")
    for _press in range(3):
        page.keyboard.press("ArrowDown")
    assert page.locator(f"input[name='a-{effect_code(1)}'][value='0']").is_checked()
    assert not page.locator(f"#late-{effect_code(1)}").is_visible()
    other.locator(f"input[name='a-{effect_code(2)}'][value='x']").check()
    page.wait_for_selector(f"input[name='a-{effect_code(2)}'][value='x']:checked")

    wanted = {effect_code(0): -2, late_code(0): 1, effect_code(1): 0, effect_code(2): CANT_SAY}
    assert wait_until(
        lambda: {item: one.value for item, one in answers_of(draft).items() if item in wanted} == wanted, seconds=10
    )
    small = page.evaluate(
        """() => [...document.querySelectorAll('.scale label, .blank-out, .fill-in-moves button')]
          .filter(e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.innerText)"""
    )
    assert (small, page.evaluate("document.documentElement.scrollWidth")) == ([], 390)
    page.locator("button:not(.visually-hidden)", has_text="Review").click()
    page.wait_for_url(f"{url}review/")
    page.get_by_role("button", name="Submit my answers").click()
    page.wait_for_url(f"{url}thanks/")
    assert Response.objects.get().link_values == [-2, 1, 0, None, CANT_SAY, None]
