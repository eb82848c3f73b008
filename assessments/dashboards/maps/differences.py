"""How two versions of a causal map differ, in sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.dashboards.maps.words import DELAYS, STRENGTHS
from ecosystems.numerals import signed
from ecosystems.selectors.map_versions import Level, LinkOf, MapDifference, Retied, Voted


def difference_words(found: MapDifference, ties: Mapping[str, str]) -> tuple[str, ...]:
    """One sentence a change, places last. `ties`: the names of facets and indicators by their codes."""
    said: list[str] = []
    said += [_("“%(name)s” was added.") % {"name": name} for name in found.factors_added]
    said += [_("“%(name)s” was taken off the map.") % {"name": name} for name in found.factors_removed]
    said += [
        _("“%(before)s” is now called “%(after)s”.") % {"before": one.before, "after": one.after}
        for one in found.factors_renamed
    ]
    said += [_retied(one, ties) for one in found.factors_retied]
    said += [
        _link(one, _("“%(source)s” now raises “%(target)s”."), _("“%(source)s” now lowers “%(target)s”."))
        for one in found.links_added
    ]
    said += [
        _link(
            one,
            _("“%(source)s” no longer raises “%(target)s”."),
            _("“%(source)s” no longer lowers “%(target)s”."),
        )
        for one in (*found.links_removed, *found.gone_with_factors)
    ]
    said += [
        _link(
            one,
            _("“%(source)s” now raises “%(target)s” instead of lowering it."),
            _("“%(source)s” now lowers “%(target)s” instead of raising it."),
        )
        for one in found.links_reversed
    ]
    said += [
        _level(
            one, _("The link from “%(source)s” to “%(target)s” became stronger: %(before)s, now %(after)s."), STRENGTHS
        )
        for one in found.stronger
    ]
    said += [
        _level(
            one, _("The link from “%(source)s” to “%(target)s” became weaker: %(before)s, now %(after)s."), STRENGTHS
        )
        for one in found.weaker
    ]
    said += [
        _level(one, _("The link from “%(source)s” to “%(target)s” works later: %(before)s, now %(after)s."), DELAYS)
        for one in found.later
    ]
    said += [
        _level(one, _("The link from “%(source)s” to “%(target)s” works sooner: %(before)s, now %(after)s."), DELAYS)
        for one in found.sooner
    ]
    said += [_voted(one) for one in found.voted]
    if found.factors_moved:
        text = ngettext("%(n)d factor stands elsewhere.", "%(n)d factors stand elsewhere.", found.factors_moved)
        said.append(text % {"n": found.factors_moved})
    return tuple(said)


def _link(one: LinkOf, raises: str, lowers: str) -> str:
    return (raises if one.sign > 0 else lowers) % one.ends._asdict()


def _level(one: Level, text: str, words: tuple[tuple[int, object], ...]) -> str:
    said = dict(words)
    return text % {**one.ends._asdict(), "before": str(said[one.before]), "after": str(said[one.after])}


def _retied(one: Retied, ties: Mapping[str, str]) -> str:
    now = one.facet or one.indicator
    if not now:
        return _("“%(name)s” is no longer tied to a measure.") % {"name": one.name}
    return _("“%(name)s” is now tied to %(tie)s.") % {"name": one.name, "tie": ties.get(now, now)}


def _voted(one: Voted) -> str:
    told = {**one.ends._asdict()}
    if one.after is None:
        return _("The votes on the link from “%(source)s” to “%(target)s” no longer count.") % told
    if one.before is None:
        return _("The link from “%(source)s” to “%(target)s” was voted on: %(after)s on a scale from −1 to +1.") % {
            **told,
            "after": signed(one.after, 1),
        }
    return _("The votes on the link from “%(source)s” to “%(target)s” went from %(before)s to %(after)s.") % {
        **told,
        "before": signed(one.before, 1),
        "after": signed(one.after, 1),
    }
