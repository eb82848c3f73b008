"""An instrument as a YAML file that can be edited by hand and imported again."""

from collections.abc import Mapping
from typing import Any

import yaml

from assessments.selectors.definitions import Definition, ordered, schema

LINE = 130
LEVELS = ("levels", "anchors")


class _Dumper(yaml.SafeDumper):
    """Indents lists under their name, as people write them, and repeats a text rather than pointing to it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def instrument_yaml(definition: Definition) -> str:
    """The whole definition; keys stand in the schema's order, audiences, forms and scales in their author's."""
    named = {
        key: {code: definition[key][code] for code in ordered(definition, key)}
        for key in ("audiences", "forms", "scales")
        if key in definition
    }
    document = {key: value for key, value in {**definition, **named}.items() if key != "order"}
    return yaml.dump(
        _sorted(document, schema()), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE, indent=2
    )


def _sorted(value: Any, part: Mapping[str, Any], key: str = "") -> Any:
    part = _resolved(part)
    if isinstance(value, Mapping):
        if key in LEVELS:
            return {int(level): value[level] for level in sorted(value, key=int)}
        known = part.get("properties", {})
        other = part.get("additionalProperties")
        rest = other if isinstance(other, Mapping) else {}
        names = [name for name in known if name in value] + [name for name in value if name not in known]
        return {name: _sorted(value[name], known.get(name, rest), name) for name in names}
    if isinstance(value, list):
        return [_sorted(one, part.get("items", {})) for one in value]
    return value


def _resolved(part: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in part:
        return part
    target = schema()["$defs"][part["$ref"].rsplit("/", 1)[1]]
    return {**target, **part, "properties": {**target.get("properties", {}), **part.get("properties", {})}}
