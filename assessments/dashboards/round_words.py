"""The figures of a revealed round in words (rule R5): what a facilitator can say aloud, numbers included."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.charts.votes import plain
from assessments.scoring.room.results import Bet, LinkVote, Order, Rating, Shift, Spread, Tally, Turnout
from ecosystems.numerals import number, signed

STRONG, WEAK = 0.7, 0.3
"""Kendall's W from which one speaks of a common order, and below which of none."""


def withheld_words(minimum: int) -> str:
    return _("Withheld: protects a small group. A result is shown from %(k)s people on.") % {"k": minimum}


def half(spread: Spread) -> str:
    """`5 to 6`, or `5` where both quartiles are the same."""
    low, high = plain(spread.lower_quartile), plain(spread.upper_quartile)
    return low if low == high else _("{low} to {high}").format(low=low, high=high)


def turnout_words(turnout: Turnout | None, minimum: int) -> tuple[str, ...]:
    """Who stands behind a result, and who waits to be added."""
    if turnout is None:
        return ()
    said = [ngettext("%(n)s person counts.", "%(n)s people count.", turnout.counted) % {"n": turnout.counted}]
    if turnout.standing > turnout.held:
        said[0] = ngettext(
            "%(n)s person counts; %(kept)s did not vote again and keeps the earlier vote.",
            "%(n)s people count; %(kept)s did not vote again and keep their earlier vote.",
            turnout.counted,
        ) % {"n": turnout.counted, "kept": turnout.standing - turnout.held}
    if turnout.cant_say:
        said.append(
            ngettext("%(n)s of them cannot say.", "%(n)s of them cannot say.", turnout.cant_say)
            % {"n": turnout.cant_say}
        )
    if turnout.waiting:
        said.append(
            ngettext(
                "%(n)s new person waits until at least %(k)s can be added together.",
                "%(n)s new people wait until at least %(k)s can be added together.",
                turnout.waiting,
            )
            % {"n": turnout.waiting, "k": minimum}
        )
    if turnout.held:
        said.append(
            ngettext(
                "%(n)s vote given again waits until at least %(k)s can be counted together; the earlier one counts.",
                "%(n)s votes given again wait until at least %(k)s can be counted together; the earlier ones count.",
                turnout.held,
            )
            % {"n": turnout.held, "k": minimum}
        )
    return tuple(said)


def spread_words(now: Spread, before: Spread | None) -> str:
    """The median and the middle half, and how they moved since the round before."""
    names = {"median": plain(now.median), "half": half(now)}
    if before is None:
        return _("The median is %(median)s; the middle half spans %(half)s.") % names
    names |= {"was": plain(before.median), "half_was": half(before)}
    if now.median == before.median:
        if now.iqr == before.iqr:
            return _("The median is still %(median)s, and the middle half still spans as much: %(half)s.") % names
        if now.iqr < before.iqr:
            return (
                _(
                    "The median is still %(median)s, and the room moved closer: the middle half now spans %(half)s, "
                    "before %(half_was)s."
                )
                % names
            )
        return (
            _(
                "The median is still %(median)s, and the room moved apart: the middle half now spans %(half)s, "
                "before %(half_was)s."
            )
            % names
        )
    if now.iqr < before.iqr:
        return (
            _(
                "The median moved from %(was)s to %(median)s and the room moved closer: the middle half now spans "
                "%(half)s, before %(half_was)s."
            )
            % names
        )
    if now.iqr > before.iqr:
        return (
            _(
                "The median moved from %(was)s to %(median)s and the room moved apart: the middle half now spans "
                "%(half)s, before %(half_was)s."
            )
            % names
        )
    return (
        _("The median moved from %(was)s to %(median)s; the middle half spans %(half)s, before %(half_was)s.") % names
    )


def consensus_words(spread: Spread, agree_from: int | None = None) -> str:
    if spread.consensus is None:
        return ""
    said = _("Consensus %(value)s on 0 (split in two) to 1 (all the same).") % {"value": number(spread.consensus, 2)}
    if spread.agree_share is not None and agree_from is not None:
        names = {"share": number(100 * spread.agree_share), "level": agree_from}
        said += " " + _("%(share)s %% chose %(level)s or more.") % names
    return said


def held(turnout: Turnout | None) -> int:
    """Votes given again that do not count yet: as long as there are some, nobody can say that nothing moves."""
    return turnout.held if turnout else 0


def seen_before(now: Rating | Bet, before: Rating | Bet | None) -> Spread | None:
    """What the result is compared with: nothing where all that was said in this round still waits."""
    waits = now.turnout is not None and now.turnout.held and not now.turnout.fresh
    return before.spread if before and not waits else None


def shift_words(shift: Shift | None, stable: bool | None, turnout: Turnout | None = None) -> tuple[str, ...]:
    """What moved from the round before, and whether asking again promises anything new."""
    if shift is None or held(turnout):
        return ()
    said = []
    if shift.kept_share is not None:
        said.append(_("%(share)s %% kept their vote.") % {"share": number(100 * shift.kept_share)})
    if shift.kappa is not None:
        said.append(_("Agreement between the rounds (weighted κ): %(kappa)s.") % {"kappa": number(shift.kappa, 2)})
    if shift.kept_share is None:
        said.append(_("How many kept their vote is withheld: it would tell something about a few."))
    if stable is not None:
        said.append(
            _("Stable: another round is unlikely to change it.")
            if stable
            else _("Still moving: another round may change it.")
        )
    return tuple(said)


def rating_words(now: Rating, before: Rating | None, minimum: int, agree_from: int | None = None) -> tuple[str, ...]:
    """The median and middle half first, then the other figures."""
    if now.withheld:
        return (withheld_words(minimum),)
    if now.spread is None:
        return (*turnout_words(now.turnout, minimum), _("Nobody has given a rating."))
    said = [spread_words(now.spread, seen_before(now, before)), consensus_words(now.spread, agree_from)]
    said += shift_words(now.shift, now.stable, now.turnout)
    if now.confidence is not None:
        said.append(_("Mean confidence %(value)s on 1 to 5.") % {"value": number(now.confidence, 1)})
    return _held_first((*filter(None, said), *turnout_words(now.turnout, minimum)), now.turnout)


def _held_first(said: tuple[str, ...], turnout: Turnout | None) -> tuple[str, ...]:
    """Whoever voted again and finds nothing moved reads first why; the sentence about it is the last of the turnout."""
    return (f"{said[0]} {said[-1]}", *said[1:-1]) if held(turnout) else said


def bet_words(now: Bet, before: Bet | None, minimum: int) -> tuple[str, ...]:
    if now.withheld:
        return (withheld_words(minimum),)
    if now.spread is None:
        return (*turnout_words(now.turnout, minimum), _("Nobody has made a guess."))
    said = [spread_words(now.spread, seen_before(now, before)), *shift_words(now.shift, now.stable, now.turnout)]
    if now.median_error is not None:
        said.append(_("The middle guess was off by %(error)s.") % {"error": signed(now.median_error, 1)})
    if now.within_share is not None:
        said.append(_("%(share)s %% of the guesses were near.") % {"share": number(100 * now.within_share)})
    return _held_first((*said, *turnout_words(now.turnout, minimum)), now.turnout)


def link_words(now: LinkVote, minimum: int) -> tuple[str, ...]:
    if now.withheld:
        return (withheld_words(minimum),)
    if now.spread is None or now.raises is None or now.lowers is None or now.none is None:
        return (*turnout_words(now.turnout, minimum), _("Nobody has voted on this link."))
    names = {name: number(100 * share) for name, share in (("r", now.raises), ("l", now.lowers), ("n", now.none))}
    said = [_("%(r)s %% say it raises, %(l)s %% that it lowers, %(n)s %% no effect.") % names]
    if now.strength is not None:
        said.append(_("Strength, in the middle: %(strength)s.") % {"strength": _strength(now.strength)})
    if now.conflict:
        said.append(_("Opinions on the direction are split: talk about both."))
    said += shift_words(now.shift, now.stable, now.turnout)
    return _held_first((*said, *turnout_words(now.turnout, minimum)), now.turnout)


def _strength(median: float) -> str:
    """1 weak, 2 medium, 3 strong; a median may lie between two of them."""
    if median < 1.5:
        return _("weak")
    if median == 1.5:
        return _("between weak and medium")
    if median < 2.5:
        return _("medium")
    return _("between medium and strong") if median == 2.5 else _("strong")


def tally_words(now: Tally, minimum: int) -> tuple[str, ...]:
    if now.withheld:
        return (withheld_words(minimum),)
    said = [ngettext("%(n)s dot was given.", "%(n)s dots were given.", now.dots or 0) % {"n": now.dots or 0}]
    return _held_first((*said, *turnout_words(now.turnout, minimum)), now.turnout)


def order_words(now: Order, minimum: int) -> tuple[str, ...]:
    if now.withheld:
        return (withheld_words(minimum),)
    said = []
    if now.w is not None:
        names = {"w": number(now.w, 2)}
        if now.w >= STRONG:
            said.append(_("The room has one order in mind (Kendall’s W %(w)s).") % names)
        elif now.w < WEAK:
            said.append(_("The room has hardly any order in common (Kendall’s W %(w)s).") % names)
        else:
            said.append(_("The orders partly agree (Kendall’s W %(w)s).") % names)
    if now.tau is not None and not held(now.turnout):
        said.append(_("Against the round before: Kendall’s τ %(tau)s.") % {"tau": number(now.tau, 2)})
    return _held_first((*said, *turnout_words(now.turnout, minimum)), now.turnout)
