"""Frozen dataclasses to plain JSON types and back, without loss."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def encode(value: Any) -> Any:
    """Dicts, lists, strings, numbers and None; a field at its default is left out. ValueError for NaN or infinity."""
    kind: Any = type(value)
    if value is None or kind is str or kind is int or kind is bool or (kind is float and math.isfinite(value)):
        return value  # most parts are one of these
    parts = _parts(kind)
    if parts is not None:
        return {
            name: encode(part)
            for name, default, factory in parts
            if (part := getattr(value, name)) is not default
            and not (part == default if factory is None else part == factory())
        }
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("A number that is not finite cannot be stored; give a reason instead.")
    if isinstance(value, Mapping):
        return {str(key): encode(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [encode(one) for one in value]
    if isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is not a plain type.")


def decode(kind: type[T], data: Any) -> T:
    """Build `kind` from what `encode` made of it. Raises TypeError or KeyError where the shape is another."""
    built: T = _decode(kind, data)
    return built


@cache
def _parts(kind: type) -> tuple[tuple[str, Any, Callable[[], Any] | None], ...] | None:
    """Name, default and default factory of each field, MISSING and None where there is none; None for other types."""
    if not is_dataclass(kind):
        return None
    return tuple(
        (one.name, one.default, None if one.default_factory is MISSING else one.default_factory) for one in fields(kind)
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _decode(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        if data is None:
            return None
        (inner,) = (one for one in get_args(kind) if one is not type(None))
        return _decode(inner, data)
    if origin is tuple:
        return tuple(_decode(get_args(kind)[0], one) for one in data)
    if origin is not None and _is_subclass(origin, Mapping):
        return {key: _decode(get_args(kind)[1], one) for key, one in data.items()}
    if origin is Literal:
        if data not in get_args(kind):
            raise TypeError(f"{data!r} is not one of {get_args(kind)}.")
        return data
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        unknown = set(data) - set(hints)
        if unknown:
            raise TypeError(f"{kind.__name__} has no field {sorted(unknown)[0]}.")
        return kind(**{name: _decode(hints[name], one) for name, one in data.items()})
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(data)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if isinstance(kind, type) and isinstance(data, kind):
        return data
    raise TypeError(f"{data!r} is not {kind}.")


def _is_subclass(kind: Any, parent: type) -> bool:
    return isinstance(kind, type) and issubclass(kind, parent)
