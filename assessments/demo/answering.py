"""Made-up people who answer like people: around what their group thinks, with a view and slips of their own."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assessments.demo import story, wave_links
from assessments.enums import CANT_SAY, InvitationStatus
from assessments.links import draft_token, invitation_token
from assessments.models import Invitation, WaveGroup
from assessments.selectors.definitions import Item, items_of
from assessments.selectors.fill_in import find_target
from assessments.selectors.questionnaires import questionnaire
from assessments.services.drafts import Given, now_in_ms, save_answers, start_draft
from assessments.services.responses import submit_draft


@dataclass
class Crowd:
    """Answers for the groups of one wave, drawn from `dice`. `wave`: 0 … WAVES−1; `offset`: by facet, for a 360°."""

    dice: random.Random
    wave: int = story.WAVES - 1
    offset: Mapping[str, float] = field(default_factory=dict)
    _comments: set[str] = field(default_factory=set)
    _of_links: random.Random = field(default_factory=lambda: random.Random(wave_links.SEED))  # noqa: S311 - made up

    def fill_in(
        self, group: WaveGroup, count: int, *, invitations: Sequence[Invitation] | None = None, share: float = 1.0
    ) -> None:
        """`count` people answer: those of `invitations`, or anybody by a public link. `share` < 1: they stop."""
        for number in range(count):
            self._one(group, invitations[number] if invitations is not None else None, share)

    def _one(self, group: WaveGroup, invitation: Invitation | None, share: float) -> None:
        draft = start_draft(group=group, invitation=invitation)
        target = find_target(invitation_token(invitation) if invitation else draft_token(draft))
        asked = questionnaire(
            version=group.wave.version, form=group.form, audience=group.audience, ecosystem_name=""
        ).codes
        items = {item.code: item for item in items_of(group.wave.version.definition)}
        person = self.dice.gauss(0, story.SPREAD_OF_PEOPLE)
        revision = now_in_ms()
        given = [
            Given(
                item=code,
                revision=revision,
                value=self._answer(items[code], group, person),
                comment=self._comment(items[code]),
            )
            for code in asked[: max(1, round(len(asked) * share))]
        ]
        if share >= 1:
            given += wave_links.said(group.wave.asked_links, dice=self._of_links, revision=revision)
        save_answers(target=target, answers=given)
        if share >= 1:
            submit_draft(draft=draft)

    def _answer(self, item: Item, group: WaveGroup, person: float) -> int:
        usual = story.CANT_SAY.get(group.key, 0.03)
        unsure = next(
            (
                share
                for (key, code), share in story.CANT_SAY_OF.items()
                if key == group.key and item.code.startswith(code)
            ),
            usual,
        )
        if self.dice.random() < unsure:
            return CANT_SAY
        score = self._level(item, group.key) + person + self.dice.gauss(0, story.SPREAD_OF_ANSWERS)
        low, high = item.scale.lo, item.scale.hi
        level = min(max(round(low + (high - low) * score / 100), low), high)
        return low + high - level if item.reverse else level

    def _level(self, item: Item, group: str) -> float:
        """What the group thinks of an item's facet on 0–100, before keying."""
        if item.block in story.LEADERSHIP:
            return story.LEADERSHIP[item.block] + self.offset.get(item.facet, 0)
        gain = story.FACET_GAIN.get(item.facet, story.WAVE_GAIN[item.block])[self.wave]
        return story.LEVEL[group][item.block] + story.FACET_LEVEL.get(item.facet, 0) + gain

    def _comment(self, item: Item) -> str | None:
        texts = [text for text in story.COMMENTS.get(item.block, ()) if text not in self._comments]
        if not texts or self.dice.random() > story.COMMENT_SHARE:
            return None
        text = self.dice.choice(texts)
        self._comments.add(text)
        return text


def not_answered(group: WaveGroup) -> list[Invitation]:
    """The people of a group who can still be asked, in a fixed order."""
    return list(group.invitations.filter(status=InvitationStatus.INVITED).order_by("name", "pk"))
