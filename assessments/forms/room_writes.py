"""What phones in a workshop send: JSON from the page's script, or plain forms where there is none."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from assessments.enums import CANT_SAY
from assessments.services.ballots import GivenReason, GivenVote
from assessments.services.commitments import GivenCommitment
from assessments.services.drafts import now_in_ms
from assessments.services.ideas import GivenIdea

LARGEST_BODY: Final = 128 * 1024
LONGEST_LIST: Final = 100
CANT_SAY_WORD: Final = "cant-say"
OFF_EVERY_SCALE: Final = 10**9
"""Stands for what somebody typed in place of a number."""

T = TypeVar("T")


class BadBody(ValueError):
    """A body that no page of ours sends: made up, or cut off on the way."""

    def __init__(self) -> None:
        super().__init__(_("This could not be read. Reload the page and send it again."))


@dataclass(frozen=True, slots=True)
class VotesBody:
    round: int
    votes: list[GivenVote]
    reasons: list[GivenReason]


@dataclass(frozen=True, slots=True)
class IdeasBody:
    round: int
    ideas: list[GivenIdea]
    gone: list[UUID]


@dataclass(frozen=True, slots=True)
class CommitmentsBody:
    round: int
    commitments: list[GivenCommitment]
    gone: list[UUID]


def read_votes(body: bytes) -> VotesBody:
    """`{"round", "votes": [{item, value, revision, confidence?, delay?}], "reasons": [{item, text, revision}]}`."""
    document = _document(body)
    return VotesBody(_round(document), _list(document, "votes", _vote), _list(document, "reasons", _reason))


def read_ideas(body: bytes) -> IdeasBody:
    """`{"round", "ideas": [{key, text, revision}], "gone": [key]}`."""
    document = _document(body)
    return IdeasBody(_round(document), _list(document, "ideas", _idea), _list(document, "gone", _key))


def read_commitments(body: bytes) -> CommitmentsBody:
    """`{"round", "commitments": [{key, text, owner, due, facet, revision}], "gone": [key]}`; `due` as 2026-11-30."""
    document = _document(body)
    found = _list(document, "commitments", _commitment)
    return CommitmentsBody(_round(document), found, _list(document, "gone", _key))


def votes_of_form(data: QueryDict) -> VotesBody:
    """Fields `round`, and by item: `value-…` (or `sign-…` and `strength-…`), `confidence-…`, `delay-…`, `reason-…`.

    An empty field says nothing.
    """
    now = now_in_ms()
    votes = [
        GivenVote(item, value, now, _typed(data.get(f"confidence-{item}")), _typed(data.get(f"delay-{item}")))
        for item, value in _values(data)
    ]
    reasons = [GivenReason(item, text, now) for item, text in _fields(data, "reason-") if text.strip()]
    return VotesBody(_form_round(data), votes[:LONGEST_LIST], reasons[:LONGEST_LIST])


def ideas_of_form(data: QueryDict) -> IdeasBody:
    """Fields `round`, `idea-KEY` (emptied: taken back), `new-KEY` (empty: nothing), `gone` (a button with a key)."""
    now = now_in_ms()
    known = [(_uuid(key), text) for key, text in _fields(data, "idea-")]
    new = [(_uuid(key), text) for key, text in _fields(data, "new-") if text.strip()]
    gone = [_uuid(key) for key in data.getlist("gone")] + [key for key, text in known if not text.strip()]
    ideas = [GivenIdea(key, text, now) for key, text in [*known, *new] if text.strip() and key not in gone]
    return IdeasBody(_form_round(data), ideas[:LONGEST_LIST], gone[:LONGEST_LIST])


def commitments_of_form(data: QueryDict) -> CommitmentsBody:
    """Fields `round`, and either `gone` (a button with a key) or `key`, `text`, `owner`, `due`, `facet`."""
    round_id = _form_round(data)
    if "gone" in data:
        return CommitmentsBody(round_id, [], [_uuid(data.get("gone", ""))])
    one = GivenCommitment(
        _uuid(data.get("key", "")),
        data.get("text", ""),
        data.get("owner", ""),
        _date(data.get("due", "")),
        data.get("facet", ""),
        now_in_ms(),
    )
    return CommitmentsBody(round_id, [one], [])


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadBody from problem
    if not isinstance(document, dict):
        raise BadBody
    return document


def _list(document: dict[str, Any], name: str, read: Callable[[Any], T]) -> list[T]:
    entries = document.get(name, [])
    if not isinstance(entries, list) or len(entries) > LONGEST_LIST:
        raise BadBody
    return [read(entry) for entry in entries]


def _round(document: dict[str, Any]) -> int:
    number = document.get("round")
    if type(number) is not int or not 0 < number < 2**63:
        raise BadBody
    return number


def _entry(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise BadBody
    return entry


def _text(entry: dict[str, Any], name: str, default: str | None = None) -> str:
    text = entry.get(name, default)
    if not isinstance(text, str):
        raise BadBody
    return text


def _whole(entry: dict[str, Any], name: str) -> int:
    number = entry.get(name)
    if type(number) is not int:
        raise BadBody
    return number


def _revision(entry: dict[str, Any]) -> int:
    revision = _whole(entry, "revision")
    if revision <= 0:
        raise BadBody
    return revision


def _vote(given: Any) -> GivenVote:
    entry = _entry(given)
    value = CANT_SAY if entry.get("value") == CANT_SAY_WORD else _whole(entry, "value")
    if value == CANT_SAY and entry["value"] != CANT_SAY_WORD:
        raise BadBody
    confidence, delay = (None if entry.get(name) is None else _whole(entry, name) for name in ("confidence", "delay"))
    return GivenVote(_text(entry, "item"), value, _revision(entry), confidence, delay)


def _reason(given: Any) -> GivenReason:
    entry = _entry(given)
    return GivenReason(_text(entry, "item"), _text(entry, "text"), _revision(entry))


def _idea(given: Any) -> GivenIdea:
    entry = _entry(given)
    return GivenIdea(_key(entry.get("key")), _text(entry, "text"), _revision(entry))


def _commitment(given: Any) -> GivenCommitment:
    entry = _entry(given)
    return GivenCommitment(
        _key(entry.get("key")),
        _text(entry, "text"),
        _text(entry, "owner"),
        _date(entry.get("due")),
        _text(entry, "facet", ""),
        _revision(entry),
    )


def _key(given: Any) -> UUID:
    if not isinstance(given, str):
        raise BadBody
    return _uuid(given)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as problem:
        raise BadBody from problem


def _date(given: Any) -> date | None:
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        raise BadBody
    try:
        return date.fromisoformat(given)
    except ValueError as problem:
        raise BadBody from problem


def _fields(data: QueryDict, prefix: str) -> Iterator[tuple[str, str]]:
    return ((name.removeprefix(prefix), data.get(name, "")) for name in data if name.startswith(prefix))


def _values(data: QueryDict) -> Iterator[tuple[str, int]]:
    for item, text in _fields(data, "value-"):
        value = CANT_SAY if text == CANT_SAY_WORD else _typed(text)
        if value is not None:
            yield item, value
    for item, text in _fields(data, "sign-"):
        sign, strength = _typed(text), _typed(data.get(f"strength-{item}"))
        if text == CANT_SAY_WORD:
            yield item, CANT_SAY
        elif sign is not None and f"value-{item}" not in data:
            yield item, sign * (strength if strength is not None and strength > 0 else OFF_EVERY_SCALE)


def _typed(text: str | None) -> int | None:
    """A number that somebody typed or chose; None where they left it empty."""
    if text is None or not text.strip():
        return None
    number = OFF_EVERY_SCALE
    with suppress(ValueError):
        number = int(text.strip().replace("−", "-")[:12])
    return number if number != CANT_SAY else OFF_EVERY_SCALE


def _form_round(data: QueryDict) -> int:
    number = data.get("round", "")
    if not (number.isascii() and number.isdecimal() and 0 < len(number) < 19):
        raise BadBody
    return int(number)
