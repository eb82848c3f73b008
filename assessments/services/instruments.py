"""Instruments come in, are published, copied, and get drafts. Published versions are never touched."""

import hashlib
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.imports.instrument_documents import Reading, check_document, read_instrument
from assessments.imports.instrument_problems import Problem
from assessments.models import Instrument, InstrumentVersion
from assessments.selectors.definitions import item_codes_of
from ecosystems.models import Organization, User
from ecosystems.services import audit

DEFAULT_INSTRUMENT = Path(__file__).resolve().parents[1] / "data" / "instrument.yaml"


class InstrumentRefused(Exception):
    """A document that cannot be used; `problems` say where and why, and so does the message, a line for each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.as_line() for problem in problems))
        self.problems = problems


class NotADraft(Exception):
    """A published version was to be changed."""

    def __init__(self) -> None:
        super().__init__(_("This version is published and stays as it is. Start a draft to make changes."))


class CodeTaken(Exception):
    """The organization has another instrument with this code."""

    def __init__(self, code: str) -> None:
        super().__init__(_("There is already an instrument with the code “%(code)s”. Choose another.") % {"code": code})


class DraftExists(Exception):
    """An instrument has one draft at a time."""

    def __init__(self, instrument: Instrument) -> None:
        message = _("“%(name)s” already has a draft. Publish or delete that draft first.")
        super().__init__(message % {"name": instrument.name})


@transaction.atomic
def load_default_instrument(*, path: Path = DEFAULT_INSTRUMENT) -> tuple[InstrumentVersion, bool]:
    """Publish the instrument that comes with the product; again only when the shipped file has changed.

    Returns the current version and whether it is new. Raises `InstrumentRefused`.
    """
    definition = _accepted(read_instrument(path.read_bytes()))
    instrument = _instrument(None, definition)
    same = _published_as(instrument, definition)
    return (same, False) if same else (_publish_new(instrument, definition, by=None), True)


def import_instrument(
    *, organization: Organization, text: bytes | str, by: User | None, publish: bool = True
) -> InstrumentVersion:
    """Bring a YAML document in; see `import_definition`. Raises `InstrumentRefused`, `DraftExists`."""
    definition = _accepted(read_instrument(text))
    return import_definition(organization=organization, definition=definition, by=by, publish=publish)


@transaction.atomic
def import_definition(
    *, organization: Organization, definition: dict[str, Any], by: User | None, publish: bool
) -> InstrumentVersion:
    """A new version of the organization's instrument with this code, published or as its draft.

    The same document again gives the version that there is. Raises `InstrumentRefused`, `DraftExists`.
    """
    definition = _accepted(check_document(definition))
    instrument = _instrument(organization, definition)
    same = _published_as(instrument, definition)
    if same:
        return same
    if not publish and instrument.versions.filter(published_at=None).exists():
        raise DraftExists(instrument)
    version = (
        _publish_new(instrument, definition, by=by) if publish else instrument.versions.create(**_content(definition))
    )
    audit.record(organization=organization, actor=by, action="instrument.imported", subject=version)
    return version


@transaction.atomic
def publish_instrument(*, draft: InstrumentVersion, by: User | None, open_draft: bool = False) -> InstrumentVersion:
    """Freeze a draft under the next number; `open_draft` copies it on. Raises `NotADraft`, `InstrumentRefused`."""
    draft = locked_draft(draft)
    instrument = draft.instrument
    definition = _accepted(check_document(draft.definition))
    draft.number = _next_number(instrument)
    draft.label = _free_label(instrument, definition, draft.number)
    draft.definition = {**definition, "version": draft.label}
    draft.item_codes = item_codes_of(definition)
    draft.published_at, draft.published_by = timezone.now(), by
    draft.save()
    _rename(instrument, definition)
    _record(draft, by, "instrument.published")
    if open_draft:
        start_draft(version=draft)
    return draft


@transaction.atomic
def start_draft(*, version: InstrumentVersion) -> InstrumentVersion:
    """The instrument's draft: the one there is, or a copy of this version."""
    instrument = Instrument.objects.select_for_update().get(pk=version.instrument_id)
    draft = instrument.versions.filter(published_at=None).first()
    return draft or instrument.versions.create(**_content(deepcopy(version.definition)))


@transaction.atomic
def delete_draft(*, draft: InstrumentVersion, by: User | None) -> bool:
    """Throw a draft away; an instrument that was never published goes with it. True where it went."""
    draft = locked_draft(draft)
    instrument = draft.instrument
    _record(draft, by, "instrument.draft-deleted")
    draft.delete()
    if instrument.versions.exists() or instrument.assessments.exists():
        return False
    instrument.delete()
    return True


@transaction.atomic
def duplicate_instrument(
    *, version: InstrumentVersion, organization: Organization, code: str, name: str, by: User | None
) -> InstrumentVersion:
    """A draft of the organization's own with the questions of a version. Raises `CodeTaken`."""
    definition = {**deepcopy(version.definition), "code": code, "name": name, "version": "1"}
    definition.pop("status", None)  # says how far the original was tested, not the copy
    try:
        with transaction.atomic():
            instrument = Instrument.objects.create(organization=organization, code=code, name=name)
    except IntegrityError as error:
        raise CodeTaken(code) from error
    draft = instrument.versions.create(**_content(definition))
    _record(draft, by, "instrument.duplicated")
    return draft


def locked_draft(draft: InstrumentVersion) -> InstrumentVersion:
    """The draft as it is now, with it and its instrument locked. Raises `NotADraft`, also when it was deleted."""
    instrument = Instrument.objects.select_for_update().filter(pk=draft.instrument_id).first()
    found = InstrumentVersion.objects.select_for_update().filter(pk=draft.pk, published_at=None).first()
    if instrument is None or found is None:
        raise NotADraft
    found.instrument = instrument
    return found


def fingerprint(definition: dict[str, Any]) -> str:
    """The same for two definitions exactly when they hold the same."""
    return hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()


def _accepted(reading: Reading) -> dict[str, Any]:
    if reading.definition is None:
        raise InstrumentRefused(reading.errors)
    return reading.definition


def _instrument(organization: Organization | None, definition: dict[str, Any]) -> Instrument:
    instrument, _created = Instrument.objects.select_for_update().get_or_create(
        organization=organization, code=definition["code"], defaults={"name": definition["name"]}
    )
    return instrument


def _published_as(instrument: Instrument, definition: dict[str, Any]) -> InstrumentVersion | None:
    """The latest published version, if it holds this document. Its label may differ: labels are made unique."""
    latest = instrument.versions.exclude(published_at=None).order_by("-number").first()
    if latest is None:
        return None
    unlabelled = {**definition, "version": latest.definition.get("version")}
    same_label = latest.label == definition.get("version", latest.label)
    renumbered = latest.label == str(latest.number)
    return latest if fingerprint(latest.definition) == fingerprint(unlabelled) and (same_label or renumbered) else None


def _publish_new(instrument: Instrument, definition: dict[str, Any], *, by: User | None) -> InstrumentVersion:
    number = _next_number(instrument)
    label = _free_label(instrument, definition, number)
    version = instrument.versions.create(
        **_content({**definition, "version": label}), number=number, published_at=timezone.now(), published_by=by
    )
    _rename(instrument, definition)
    return version


def _content(definition: dict[str, Any]) -> dict[str, Any]:
    return {
        "definition": definition,
        "item_codes": item_codes_of(definition),
        "label": str(definition.get("version", "")),
    }


def _rename(instrument: Instrument, definition: dict[str, Any]) -> None:
    if instrument.name != definition["name"]:
        instrument.name = definition["name"]
        instrument.save(update_fields=["name"])


def _next_number(instrument: Instrument) -> int:
    return (instrument.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def _free_label(instrument: Instrument, definition: dict[str, Any], number: int) -> str:
    """What a version is called: what its author wrote, unless an earlier version is called that."""
    label = str(definition.get("version", ""))
    taken = instrument.versions.exclude(published_at=None).filter(label=label).exists()
    return label if label and not taken else str(number)


def _record(version: InstrumentVersion, by: User | None, action: str) -> None:
    if version.instrument.organization is not None:
        audit.record(organization=version.instrument.organization, actor=by, action=action, subject=version)
