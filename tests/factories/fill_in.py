"""Somebody in the middle of filling in."""

from collections.abc import Mapping

from assessments.links import draft_token, invitation_token
from assessments.models import Draft, Invitation, Wave
from assessments.selectors.fill_in import find_target
from assessments.services.drafts import Given, save_answers, start_draft
from tests.factories.assessments import invite


def make_draft(wave: Wave, *, group: str = "customers", personal: bool = True) -> Draft:
    """A new person of the group who has pressed Start."""
    if not personal:
        return start_draft(group=wave.groups.get(key=group))
    invitation = invite(wave, 1, group=group)[0]
    return start_draft(group=invitation.group, invitation=invitation)


def token_of(draft: Draft) -> str:
    return invitation_token(draft.invitation) if draft.invitation else draft_token(draft)


def codes_of(draft: Draft | Invitation) -> list[str]:
    """The items that this person is asked, in the order of the pages."""
    from assessments.selectors.fill_in import questionnaire_of

    return list(questionnaire_of(draft.group).codes)


def give(draft: Draft, values: Mapping[str, int | None], *, revision: int = 1) -> None:
    """Save these answers as the page's script does."""
    answers = [Given(item=item, value=value, revision=revision) for item, value in values.items()]
    save_answers(target=find_target(token_of(draft)), answers=answers)
