"""Saving an edit of a causal map: one at a time, once a key, with what it takes to undo it."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystems.enums import MapEditKind
from ecosystems.models import CausalMap, DrawnLink, Ecosystem, Factor, MapEdit, User
from ecosystems.services.map_problems import FactorGone, LinkGone, MapProblem
from ecosystems.services.map_sheet import MapSheet
from ecosystems.services.map_states import FACTOR, LINK, FactorState, LinkState

_FACTOR_FIELDS: Final = ("name", "facet", "indicator", "x", "y", "on_map")


class Written(NamedTuple):
    """An edit; `is_new` is false where it had been saved before under the same key."""

    edit: MapEdit
    is_new: bool


Act = Callable[[MapSheet], object]


@transaction.atomic
def locked_map(*, ecosystem: Ecosystem) -> CausalMap:
    """The ecosystem's map, made where there is none, locked until the end of the transaction."""
    rows = CausalMap.objects.select_for_update(no_key=True).filter(ecosystem=ecosystem)
    found = rows.first()
    if found is None:
        CausalMap.objects.get_or_create(ecosystem=ecosystem)
        found = rows.get()
    return found


@transaction.atomic
def write_edit(
    *,
    ecosystem: Ecosystem,
    key: UUID,
    by: User | None,
    kind: MapEditKind,
    act: Act,
    about: MapEdit | None = None,
) -> Written:
    """Do `act` to the map as it is now and save what it changed; a key that is known does nothing.

    Raises MapProblem, of which FactorGone and LinkGone say who took it away; then nothing is saved.
    """
    drawn = locked_map(ecosystem=ecosystem)
    known = known_edit(drawn=drawn, key=key)
    if known is not None:
        return Written(known, is_new=False)
    sheet = MapSheet(ecosystem)
    try:
        act(sheet)
    except FactorGone as gone:
        raise _taken_by(gone, drawn) from gone
    except LinkGone as gone:
        raise _removed_by(gone, drawn) from gone
    sheet.place_the_rest()
    sheet.check()
    _save_rows(sheet)
    drawn.revision += 1
    drawn.save(update_fields=["revision"])
    edit = MapEdit.objects.create(
        key=key, map=drawn, revision=drawn.revision, kind=kind, by=by, changes=sheet.changes(), about=about
    )
    return Written(edit, is_new=True)


def known_edit(*, drawn: CausalMap, key: UUID) -> MapEdit | None:
    """The edit that was saved under this key. Raises MapProblem where it is one of another map."""
    known = MapEdit.objects.select_related("by").filter(pk=key).first()
    if known is not None and known.map_id != drawn.pk:
        raise MapProblem(_("This edit could not be saved. Reload the page and make it once more."))
    return known


def last_to_touch(*, drawn: CausalMap, of: str, pk: int, since: int = 0, **left: Any) -> MapEdit | None:
    """The latest edit, later than revision `since`, that touched this row, and `left` it so."""
    edits = MapEdit.objects.select_related("by").filter(map=drawn, revision__gt=since)
    return edits.filter(changes__contains=[{"of": of, "id": pk} | left]).order_by("revision").last()


def _who(edit: MapEdit | None) -> str:
    return str(edit.by) if edit and edit.by else ""


def _taken_by(gone: FactorGone, drawn: CausalMap) -> FactorGone:
    edit = last_to_touch(drawn=drawn, of=FACTOR, pk=gone.factor, after={"on_map": False})
    return FactorGone(gone.factor, gone.name, _who(edit))


def _removed_by(gone: LinkGone, drawn: CausalMap) -> LinkGone:
    edit = last_to_touch(drawn=drawn, of=LINK, pk=gone.link, after=None)
    if edit is None:
        return gone
    names = next(tuple(one["names"]) for one in edit.changes if (one["of"], one["id"]) == (LINK, gone.link))
    return LinkGone(gone.link, names, _who(edit))


def _save_rows(sheet: MapSheet) -> None:
    """Links that changed are written anew under their old keys, so that no order of writing meets a taken place."""
    rewritten = {pk for pk, one in sheet.links_before.items() if sheet.links.get(pk) != one}
    if rewritten:
        DrawnLink.objects.filter(ecosystem=sheet.ecosystem, pk__in=rewritten).delete()
    _save_factors(sheet)
    DrawnLink.objects.bulk_create(
        _link(sheet, pk, one) for pk, one in sheet.links.items() if pk in rewritten or pk not in sheet.links_before
    )


def _save_factors(sheet: MapSheet) -> None:
    known = sheet.factors_before
    changed = [_factor(sheet, pk, one) for pk, one in sheet.factors.items() if pk in known and known[pk] != one]
    new = [_factor(sheet, pk, one) for pk, one in sheet.factors.items() if pk not in known]
    renamed = [row for row in changed if row.name != known[row.pk].name]
    if renamed and len(renamed) + len(new) > 1:  # names may have been passed on
        for row in renamed:
            Factor.objects.filter(pk=row.pk).update(name=f"{uuid4()}")
    Factor.objects.bulk_update(changed, _FACTOR_FIELDS)
    Factor.objects.bulk_create(new)


def _factor(sheet: MapSheet, pk: int, one: FactorState) -> Factor:
    return Factor(pk=pk, ecosystem=sheet.ecosystem, **{name: getattr(one, name) for name in _FACTOR_FIELDS})


def _link(sheet: MapSheet, pk: int, one: LinkState) -> DrawnLink:
    return DrawnLink(
        pk=pk,
        ecosystem=sheet.ecosystem,
        source_id=one.source,
        target_id=one.target,
        sign=one.sign,
        strength=one.strength,
        delay=one.delay,
    )
