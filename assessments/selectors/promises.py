"""What a person is told about privacy before they answer: rule D1 in plain words, fitted to how they are asked."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from assessments.enums import About, Anonymity, GroupKind
from assessments.models import Wave, WaveGroup


@dataclass(frozen=True)
class Promises:
    """`headline` and `short` stand on every page, the list on the first."""

    headline: str
    short: str
    told: tuple[str, ...]
    comment_hint: str


def promises_to(group: WaveGroup, *, by_personal_link: bool, on_paper: bool = False) -> Promises:
    """What may be promised to this group. Nothing is promised that the schema does not keep.

    `on_paper`: the personal link was handed over by somebody, who has seen it.
    """
    promises = _promises(group, by_personal_link=by_personal_link)
    if group.wave.map_links:
        promises = replace(promises, told=(*promises.told, _on_the_map(group.wave)))
    return replace(promises, told=(*promises.told, _handed_over())) if on_paper else promises


def _handed_over() -> str:
    return _(
        "Whoever handed you this link could open it, too: until you submit they could read your answers, and after "
        "that see that you have submitted, but not what. To leave nothing to read, fill in and submit in one go."
    )


def _on_the_map(wave: Wave) -> str:
    return _(
        "What you say about how things influence each other is counted on the causal map of %(ecosystem)s after this "
        "round is closed: without names, and on each link only if at least %(least)s people have answered."
    ) % {"ecosystem": wave.assessment.ecosystem.name, "least": wave.min_group_size}


def _promises(group: WaveGroup, *, by_personal_link: bool) -> Promises:
    if group.kind == GroupKind.SELF:
        return _own_view()
    if group.wave.anonymity == Anonymity.NAMED and by_personal_link:
        return _named(group)
    return _anonymous(group, by_personal_link=by_personal_link)


def _anonymous(group: WaveGroup, *, by_personal_link: bool) -> Promises:
    wave = group.wave
    organization = wave.assessment.organization.name
    others = wave.comment_min_group_size - 1
    short = _(
        "Nobody, not even an administrator, can see who gave which answer. "
        "Groups of fewer than %(least)s are never shown."
    ) % {"least": wave.min_group_size}
    told = [
        _("Nobody, not even an administrator, can see who gave which answer."),
        _("Results are shown for groups only. Groups of fewer than %(least)s are never shown.")
        % {"least": wave.min_group_size},
        _(
            "Comments are shown without names and apart from the answers, only where a group has written at least "
            "%(least)s. Your words are shown as you wrote them, so please name no one."
        )
        % {"least": wave.comment_min_group_size},
        _who_sees(group),
        _(
            "While you fill in, your answers are kept with your link so that you can stop and return. Once you submit, "
            "they are kept without your link, your name or the time."
        ),
    ]
    if by_personal_link:
        told.append(
            _(
                "That you have answered is noted apart from what you said, so that no reminder is sent. "
                "%(who)s sees counts."
            )
            % {"who": organization}
        )
    return Promises(
        headline=_("Anonymous."),
        short=short,
        told=tuple(told),
        comment_hint=_("Please name no one. Shown only with %(others)s or more other comments from your group.")
        % {"others": others},
    )


def _named(group: WaveGroup) -> Promises:
    short = _("Your answers are kept with your name. Those who run this assessment can see what you said.")
    return Promises(
        headline=_("With your name."),
        short=short,
        told=(
            short,
            _("Results are shown for groups. Groups of fewer than %(least)s are never shown.")
            % {"least": group.wave.min_group_size},
            _who_sees(group),
            _("While you fill in, your answers are kept with your link so that you can stop and return."),
        ),
        comment_hint=_("Kept with your name. Please name no one else."),
    )


def _own_view() -> Promises:
    short = _("It is shown as yours, to you and to those whom you let see your results.")
    return Promises(
        headline=_("Your own view."),
        short=short,
        told=(
            short,
            _("It stands beside the views of the people you work with, which are shown for groups only."),
            _("While you fill in, your answers are kept with your link so that you can stop and return."),
        ),
        comment_hint=_("Shown as yours. Please name no one else."),
    )


def _who_sees(group: WaveGroup) -> str:
    assessment = group.wave.assessment
    if assessment.about == About.LEADER:
        return _("The results are seen by %(leader)s, and by those whom %(leader)s lets see them.") % {
            "leader": assessment.leader
        }
    return _("The results are seen by the people of %(organization)s who have an account.") % {
        "organization": assessment.organization.name
    }
