"""Edits of a causal map in words: who did what, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystems.enums import MapEditKind
from ecosystems.models import MapEdit


@dataclass(frozen=True, slots=True)
class Told:
    """One edit. `text` is a sentence without its full stop: Jonas Adeyemi added “Food wasted”."""

    key: str
    revision: int
    who: str
    text: str
    made_at: datetime
    undone: bool


def told(edit: MapEdit) -> Told:
    """An edit in words; its author is read from `by`, which the caller selects."""
    who = str(edit.by) if edit.by else _("Somebody")
    return Told(
        key=str(edit.pk),
        revision=edit.revision,
        who=who,
        text=_words(MapEditKind(edit.kind), edit.changes, who),
        made_at=edit.made_at,
        undone=edit.undone,
    )


def _words(kind: MapEditKind, changes: Sequence[dict[str, Any]], who: str) -> str:
    said = {"who": who}
    factors = [change for change in changes if change["of"] == "factor"]
    links = [change for change in changes if change["of"] == "link"]
    if kind == MapEditKind.MOVE and factors:
        if len(factors) == 1:
            return _("%(who)s moved “%(name)s”") % {**said, "name": factors[0]["names"][0]}
        return ngettext("%(who)s moved %(n)d factor", "%(who)s moved %(n)d factors", len(factors)) % {
            **said,
            "n": len(factors),
        }
    if kind in _FACTOR_WORDS and factors:
        return _factor_words(kind, factors[0], said)
    if kind in _LINK_WORDS and links:
        names = links[0]["names"]
        return str(_link_words()[kind]) % {**said, "source": names[0], "target": names[1]}
    return _("%(who)s %(act)s") % {**said, "act": kind.label}


_FACTOR_WORDS = (MapEditKind.ADD_FACTOR, MapEditKind.CHANGE_FACTOR, MapEditKind.REMOVE_FACTOR)
_LINK_WORDS = (MapEditKind.DRAW_LINK, MapEditKind.CHANGE_LINK, MapEditKind.REMOVE_LINK)


def _factor_words(kind: MapEditKind, change: dict[str, Any], said: dict[str, str]) -> str:
    named = {**said, "name": change["names"][0]}
    if kind == MapEditKind.ADD_FACTOR:
        return _("%(who)s added “%(name)s”") % named
    if kind == MapEditKind.REMOVE_FACTOR:
        return _("%(who)s took “%(name)s” off the map") % named
    before = (change["before"] or {}).get("name")
    if before and before != named["name"]:
        return _("%(who)s renamed “%(before)s” to “%(name)s”") % {**named, "before": before}
    return _("%(who)s changed “%(name)s”") % named


def _link_words() -> dict[MapEditKind, str]:
    return {
        MapEditKind.DRAW_LINK: _("%(who)s drew a link from “%(source)s” to “%(target)s”"),
        MapEditKind.CHANGE_LINK: _("%(who)s changed the link from “%(source)s” to “%(target)s”"),
        MapEditKind.REMOVE_LINK: _("%(who)s removed the link from “%(source)s” to “%(target)s”"),
    }
