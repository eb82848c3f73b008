"""What differs between two versions of an instrument, in words of the questionnaire."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.selectors.definitions import Block, Definition, Facet, Item, Scale, Wording, blocks_of, scales_of

SILENT = ("version", "order", "audiences", "forms", "scales", "dimensions", "leadership")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` is '' for what is new, `after` for what was taken out."""

    noun: str
    place: str
    what: str
    before: str
    after: str


def changes_between(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Dimensions, facets, items, scales, audiences, forms and texts that were added, taken out or changed."""
    return (*_parts(old, new), *_scales(old, new), *_named(old, new), *_texts(old, new))


def _parts(old: Definition, new: Definition) -> Iterator[Change]:
    old_blocks, new_blocks = blocks_of(old), blocks_of(new)
    yield from _pairs(_("Dimension"), _by_code(old_blocks), _by_code(new_blocks), _block_fields)
    old_facets = [facet for block in old_blocks for facet in block.facets]
    new_facets = [facet for block in new_blocks for facet in block.facets]
    yield from _pairs(_("Facet"), _by_code(old_facets), _by_code(new_facets), _facet_fields)
    old_items = [item for facet in old_facets for item in facet.items]
    new_items = [item for facet in new_facets for item in facet.items]
    yield from _pairs(_("Item"), _by_code(old_items), _by_code(new_items), _item_fields)
    kept = {item.code for item in old_items} & {item.code for item in new_items}
    orders = [[item.code for item in items if item.code in kept] for items in (old_items, new_items)]
    if orders[0] != orders[1]:
        moved = [code for code, other in zip(*orders, strict=True) if code != other]
        yield Change(_("Item"), f"{moved[0]} … {moved[-1]}", _("order"), _("as before"), _("changed"))


def _by_code(entries: Any) -> dict[str, Any]:
    return {entry.code: entry for entry in entries}


def _pairs(noun: str, old: Mapping[str, Any], new: Mapping[str, Any], fields: Any) -> Iterator[Change]:
    for code, entry in new.items():
        if code not in old:
            yield Change(noun, code, _("new"), "", _headline(entry))
            continue
        before, after = fields(old[code]), fields(entry)
        for what in {**before, **after}:
            if before.get(what, "") != after.get(what, ""):
                yield Change(noun, code, what, before.get(what, ""), after.get(what, ""))
    for code in (code for code in old if code not in new):
        yield Change(noun, code, _("taken out"), _headline(old[code]), "")


def _headline(entry: Block | Facet | Item) -> str:
    return " / ".join(dict.fromkeys(_wordings(entry.text))) if isinstance(entry, Item) else entry.name


def _wordings(text: Wording) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def _worded(name: str, text: Wording) -> dict[str, str]:
    if isinstance(text, str):
        return {name: text}
    return {name if audience == "all" else f"{name} ({audience})": one for audience, one in sorted(text.items())}


def _block_fields(block: Block) -> dict[str, str]:
    return {
        _("name"): block.name,
        **_worded(_("title"), block.title),
        _("introduction"): block.intro,
        _("about"): block.about,
        _("a high score means"): block.higher_means,
    }


def _facet_fields(facet: Facet) -> dict[str, str]:
    return {
        _("name"): facet.name,
        **_worded(_("title"), facet.title),
        _("description"): facet.description,
        _("a high score"): facet.high,
        _("a low score"): facet.low,
        _("conversation starters"): " / ".join(facet.starters),
        _("dimension"): facet.block,
    }


def _item_fields(item: Item) -> dict[str, str]:
    room = item.room or {}
    return {
        **_worded(_("text"), item.text),
        _("facet"): item.facet,
        _("scale"): item.scale.code,
        _("keying"): _("reverse") if item.reverse else _("forward"),
        _("audiences"): ", ".join(sorted(item.audiences)),
        **{
            _("form %(form)s") % {"form": form}: ", ".join(sorted(audiences))
            for form, audiences in sorted(item.forms.items())
        },
        _("anchors"): " / ".join(item.anchors[level] for level in sorted(item.anchors)),
        _("room question"): " / ".join(room[key] for key in ("question", "low", "high") if key in room),
    }


def _scales(old: Definition, new: Definition) -> Iterator[Change]:
    before = {code: _scale_text(scale) for code, scale in scales_of(old).items()}
    after = {code: _scale_text(scale) for code, scale in scales_of(new).items()}
    yield from _entries(_("Scale"), before, after)


def _scale_text(scale: Scale) -> str:
    levels = " / ".join(scale.labels.values()) or f"{scale.lo}–{scale.hi}"
    return " · ".join(part for part in (scale.question, levels, scale.cant_say) if part)


def _named(old: Definition, new: Definition) -> Iterator[Change]:
    yield from _entries(_("Audience"), old.get("audiences", {}), new.get("audiences", {}))
    forms = [{code: form.get("title", code) for code, form in one.get("forms", {}).items()} for one in (old, new)]
    yield from _entries(_("Form"), *forms)


def _texts(old: Definition, new: Definition) -> Iterator[Change]:
    flat = [dict(_flat({key: value for key, value in one.items() if key not in SILENT})) for one in (old, new)]
    yield from _entries(_("Text"), *flat)


def _flat(entries: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in entries.items():
        name = f"{prefix}{key.replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}: ")
        else:
            yield name, str(value)


def _entries(noun: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for code in {**old, **new}:
        before, after = old.get(code, ""), new.get(code, "")
        if before != after:
            what = _("text") if before and after else _("new") if after else _("taken out")
            yield Change(noun, code, what, before, after)
