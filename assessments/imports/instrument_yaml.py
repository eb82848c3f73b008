"""Reading an instrument from YAML, strictly: every value keeps its line, and nothing can grow while it is read."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from assessments.imports.instrument_problems import Path, Problem

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml reads the same, more slowly
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

LARGEST_FILE = 1_000_000
MOST_VALUES = 60_000
DEEPEST = 20
TAG = "tag:yaml.org,2002:"


@dataclass
class YamlReading:
    """The plain document (None when unreadable), the line of every path, and what kept it from being read."""

    document: dict[str, Any] | None = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Unreadable(Exception):
    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_yaml(text: str) -> YamlReading:
    """Read one mapping. Keys become text; `yes`, `no` and dates stay the words that were typed."""
    reading = YamlReading()
    try:
        _check_shape(text)
        node = yaml.compose(text, Loader=Loader)
        if not isinstance(node, yaml.MappingNode):
            raise _Unreadable(_("The file is not a list of names with values, such as “code: my-instrument”."), 1)
        reading.document = _value(node, (), reading)
    except _Unreadable as problem:
        reading.problems.append(Problem(str(problem), row=problem.line))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        reading.problems.append(
            Problem(
                _("This is not valid YAML: %(what)s.") % {"what": problem.problem}, row=mark.line + 1 if mark else 1
            )
        )
    except yaml.reader.ReaderError as problem:
        row = text.count("\n", 0, problem.position) + 1 if isinstance(problem.position, int) else 1
        message = _("There is a control character that a text file cannot hold. Delete it and try again.")
        reading.problems.append(Problem(message, row=row))
    if reading.problems:
        reading.document = None
    return reading


def _check_shape(text: str) -> None:
    """Refuse what could exhaust the reader: depth, and references, which can double the document with every line."""
    depth = 0
    for count, event in enumerate(_events(text)):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise _Unreadable(_("References (*name) are not read. Write the text out in each place."), line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _Unreadable(_("Lists stand more than %(n)d deep in one another.") % {"n": DEEPEST}, line)
        if count > MOST_VALUES:
            raise _Unreadable(_("The file has more than %(n)d values.") % {"n": MOST_VALUES}, line)


def _events(text: str) -> Iterator[Any]:
    return yaml.parse(text, Loader=Loader)


def _value(node: yaml.Node, path: Path, reading: YamlReading) -> Any:
    reading.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, reading)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, at), reading) for at, child in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, reading: YamlReading) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise _Unreadable(_("A name must be a word, not a list."), line)
        key = key_node.value
        if key in found:
            message = _("“%(key)s” stands here twice. Keep one of them.") % {"key": key}
            reading.problems.append(Problem(message, path=(*path, key), row=line))
        reading.lines[(*path, key)] = line
        found[key] = _value(value_node, (*path, key), reading)
    return found


def _scalar(node: yaml.ScalarNode) -> Any:
    kind, text = node.tag.removeprefix(TAG), node.value
    if kind == "null":
        return None
    if kind == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        if kind == "int":
            return int(text.replace("_", ""))
        if kind == "float" and math.isfinite(number := float(text.replace("_", ""))):
            return number
    except ValueError:  # 0x10, 1:30 and the like, which nobody means as a number here
        return text
    if not node.tag.startswith(TAG) or kind not in ("str", "bool", "int", "float", "timestamp", "value", "merge"):
        raise _Unreadable(_("“%(tag)s” is not read. Write plain text.") % {"tag": node.tag}, node.start_mark.line + 1)
    return text
