"""What everybody is told before they say anything, rule D1 in plain words: who sees what of it.

The join page, the pages on which a workshop is prepared, phones and the wall all say it in these sentences. Nothing is
promised that the room does not keep.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Workshop
from assessments.selectors.shown_rooms import Room


@dataclass(frozen=True, slots=True)
class Rules:
    """`minimum`: people behind a result, `comment_minimum`: people who gave a reason, before either is shown."""

    is_anonymous: bool
    preview: bool
    asks_group: bool
    minimum: int
    comment_minimum: int
    is_rehearsal: bool = False


def rules_for(workshop: Workshop) -> Rules:
    return Rules(
        workshop.is_anonymous,
        workshop.preview,
        workshop.asks_group,
        workshop.min_group_size,
        workshop.comment_min_group_size,
        workshop.is_rehearsal,
    )


def rules_in(room: Room) -> Rules:
    return Rules(
        room.is_anonymous, room.preview, room.asks_group, room.minimum, room.comment_minimum, room.is_rehearsal
    )


def told(rules: Rules) -> tuple[str, ...]:
    """Everything, in whole sentences, the most important first."""
    if rules.is_rehearsal:
        return _rehearsal()
    return _all_anonymous(rules) if rules.is_anonymous else _all_named(rules)


def told_on_the_wall(rules: Rules) -> tuple[str, ...]:
    """The same with what can be read from the last row; everybody has been told the rest on their phone."""
    if rules.is_rehearsal:
        return _rehearsal()
    first = (_who_said_what(rules), _before_the_reveal(rules))
    return (*first, _few(rules), _commitments()) if rules.is_anonymous else (*first, _commitments())


def _rehearsal() -> tuple[str, ...]:
    """Invented people fill up the minimum, so that a real one may stand alone among them: nothing else can be kept."""
    return (
        _(
            "This is a rehearsal: invented people answer beside you, and whoever runs it may be able to tell which "
            "answer is yours. Try things out, and say nothing that is not for everybody."
        ),
        _("When the rehearsal is over, everything that was said in it is deleted."),
    )


def _all_anonymous(rules: Rules) -> tuple[str, ...]:
    sentences = [
        _who_said_what(rules),
        _before_the_reveal(rules),
        _few(rules),
        _(
            "What you write is shown in your words and without your name, reasons only where at least %(least)s "
            "people gave one. Please name no one."
        )
        % {"least": rules.comment_minimum},
    ]
    if rules.asks_group:
        sentences.append(
            _(
                "Of your group, the facilitator sees how many are here. With votes on links it goes onto the causal "
                "map only where each group has at least %(least)s people."
            )
            % {"least": rules.minimum}
        )
    sentences.append(
        _(
            "While the workshop runs, what you say is kept with your phone’s seat so that you can change it. When it "
            "ends, that link is cut for good."
        )
    )
    return (*sentences, _commitments())


def _all_named(rules: Rules) -> tuple[str, ...]:
    sentences = [
        _who_said_what(rules),
        _before_the_reveal(rules),
        _("While a round is open, the facilitator sees who has answered and who is still thinking."),
    ]
    if rules.asks_group:
        sentences.append(_("Your group stands beside your name."))
    return (*sentences, _commitments())


def _who_said_what(rules: Rules) -> str:
    if rules.is_anonymous:
        return _("Nobody sees who said what: not the facilitator, not an administrator.")
    return _("Everybody speaks by name: once a round is revealed, the room sees who chose and wrote what.")


def _before_the_reveal(rules: Rules) -> str:
    if not rules.preview:
        if rules.is_anonymous:
            return _("Before a round is revealed there is a count of who has answered, and nothing else, for anybody.")
        return _("Before a round is revealed nobody sees what anybody answered, only how many have.")
    if rules.is_anonymous:
        return _(
            "Before a round is revealed, the facilitator can see a result so far, from %(least)s answers on and "
            "without the latest ones. Everybody else sees a count."
        ) % {"least": rules.minimum}
    return _("Before a round is revealed, the facilitator can see a result so far. Everybody else sees a count.")


def _few(rules: Rules) -> str:
    return _("A result is shown only where at least %(least)s people stand behind it.") % {"least": rules.minimum}


def _commitments() -> str:
    return _("If you commit to something, that carries the name of who will do it.")
