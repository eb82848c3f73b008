"""Who is told what before they say anything: the whole of it on phones, what can be read from afar on the wall."""

from dataclasses import replace

import pytest

from assessments.dashboards.rooms.rules import Rules, rules_for, rules_in, told, told_on_the_wall
from assessments.selectors.rooms import rooms
from ecosystems.models import Ecosystem
from tests.factories.workshops import make_workshop

ANONYMOUS = Rules(is_anonymous=True, preview=False, asks_group=False, minimum=5, comment_minimum=8)
NAMED = replace(ANONYMOUS, is_anonymous=False)
NOBODY = "Nobody sees who said what: not the facilitator, not an administrator."
COUNT = "Before a round is revealed there is a count of who has answered, and nothing else, for anybody."
ONLY_HOW_MANY = "Before a round is revealed nobody sees what anybody answered, only how many have."
FEW = "A result is shown only where at least 5 people stand behind it."
WRITTEN = (
    "What you write is shown in your words and without your name, reasons only where at least 8 people gave one. "
    "Please name no one."
)
CUT = (
    "While the workshop runs, what you say is kept with your phone’s seat so that you can change it. When it ends, "
    "that link is cut for good."
)
PROMISE = "If you commit to something, that carries the name of who will do it."
BY_NAME = "Everybody speaks by name: once a round is revealed, the room sees who chose and wrote what."
THINKING = "While a round is open, the facilitator sees who has answered and who is still thinking."


@pytest.mark.parametrize(
    ("rules", "everything", "wall"),
    [
        (ANONYMOUS, (NOBODY, COUNT, FEW, WRITTEN, CUT, PROMISE), (NOBODY, COUNT, FEW, PROMISE)),
        (NAMED, (BY_NAME, ONLY_HOW_MANY, THINKING, PROMISE), (BY_NAME, ONLY_HOW_MANY, PROMISE)),
    ],
)
def test_everybody_is_told_all_and_the_wall_the_most_important(
    rules: Rules, everything: tuple[str, ...], wall: tuple[str, ...]
) -> None:
    assert told(rules) == everything
    assert told_on_the_wall(rules) == wall


def test_a_preview_is_told_on_phones_and_on_the_wall() -> None:
    sentence = (
        "Before a round is revealed, the facilitator can see a result so far, from 5 answers on and without the latest "
        "ones. Everybody else sees a count."
    )
    rules = replace(ANONYMOUS, preview=True)
    assert (told(rules)[1], told_on_the_wall(rules)[1]) == (sentence, sentence)
    sentence = "Before a round is revealed, the facilitator can see a result so far. Everybody else sees a count."
    rules = replace(NAMED, preview=True)
    assert (told(rules)[1], told_on_the_wall(rules)[1]) == (sentence, sentence)


def test_who_is_asked_for_a_group_is_told_what_it_is_for() -> None:
    assert told(replace(ANONYMOUS, asks_group=True))[4] == (
        "Of your group, the facilitator sees how many are here. With votes on links it goes onto the causal map only "
        "where each group has at least 5 people."
    )
    assert told(replace(NAMED, asks_group=True))[3] == "Your group stands beside your name."


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("asks_group", [False, True])
def test_a_phone_tells_what_was_told_before_joining(ecosystem: Ecosystem, preview: bool, asks_group: bool) -> None:
    workshop = make_workshop(ecosystem, preview=preview, asks_group=asks_group)
    assert rules_in(rooms([workshop.pk])[workshop.pk]) == rules_for(workshop)
