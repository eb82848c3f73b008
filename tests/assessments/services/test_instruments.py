"""Instruments come in, are published, copied, and get drafts."""

from pathlib import Path
from typing import Any

import pytest

from assessments.models import Instrument, InstrumentVersion
from assessments.scoring.blueprint import Blueprint
from assessments.services.instruments import (
    DEFAULT_INSTRUMENT,
    CodeTaken,
    DraftExists,
    InstrumentRefused,
    NotADraft,
    delete_draft,
    duplicate_instrument,
    import_instrument,
    load_default_instrument,
    publish_instrument,
    start_draft,
)
from ecosystems.models import AuditEvent, Organization, User

pytestmark = pytest.mark.django_db

SMALL = """
code: small
name: Small one
scales:
  plain: {lo: 0, hi: 4}
dimensions:
  - code: INN
    facets:
      - code: INN-A
        items:
          - {code: A1, text: First, scale: plain}
          - {code: A2, text: Second, scale: plain, keying: reverse}
"""


def test_the_default_instrument_is_loaded_once() -> None:
    first, is_new = load_default_instrument()
    again, is_new_again = load_default_instrument()

    assert (is_new, is_new_again, again) == (True, False, first)
    assert (first.number, first.label, len(first.item_codes)) == (1, "1.0.0", 97)
    assert (first.instrument.organization, first.instrument.code) == (None, "msla")
    assert InstrumentVersion.objects.count() == 1


def test_a_changed_file_makes_a_new_version_and_leaves_the_old_alone(tmp_path: Path) -> None:
    first, _new = load_default_instrument()
    changed = tmp_path / "changed.yaml"
    text = DEFAULT_INSTRUMENT.read_text(encoding="utf-8")
    changed.write_text(text.replace("title: New ideas", "title: Fresh ideas"), encoding="utf-8")

    second, is_new = load_default_instrument(path=changed)
    third, is_new_again = load_default_instrument(path=changed)
    first.refresh_from_db()

    assert (is_new, second.number, second.label) == (True, 2, "2")
    assert (is_new_again, third) == (False, second)
    assert first.definition["dimensions"][0]["title"] == "New ideas"
    assert second.definition["dimensions"][0]["title"] == "Fresh ideas"


def test_a_new_version_label_alone_makes_a_new_version(tmp_path: Path) -> None:
    load_default_instrument()
    changed = tmp_path / "changed.yaml"
    text = DEFAULT_INSTRUMENT.read_text(encoding="utf-8")
    changed.write_text(text.replace("version: 1.0.0", "version: 1.1.0"), encoding="utf-8")

    version, is_new = load_default_instrument(path=changed)

    assert (is_new, version.number, version.label) == (True, 2, "1.1.0")


def test_a_stored_definition_can_be_scored() -> None:
    load_default_instrument()
    stored = InstrumentVersion.objects.get()

    blueprint = Blueprint.from_definition(stored.definition)

    assert [item.code for item in blueprint.items] == stored.item_codes
    assert {(item.lo, item.hi) for item in blueprint.items} == {(1.0, 5.0)}
    assert sum(item.reverse for item in blueprint.items) == 29
    assert [part.code for part in (*blueprint.outcomes, *blueprint.blocks) if part.barrier] == ["CON"]


def test_an_imported_instrument_is_published_and_the_same_file_again_is_the_same_version(
    organization: Organization, admin: User
) -> None:
    version = import_instrument(organization=organization, text=SMALL.encode(), by=admin)
    again = import_instrument(organization=organization, text=SMALL, by=None)

    assert (version.number, version.label, version.published_by) == (1, "1", admin)
    assert again == version
    assert version.item_codes == ["A1", "A2"]
    assert AuditEvent.objects.get().action == "instrument.imported"


def test_an_import_can_wait_as_a_draft_but_not_beside_another(organization: Organization, admin: User) -> None:
    draft = import_instrument(organization=organization, text=SMALL, by=admin, publish=False)

    assert (draft.is_draft, draft.number) == (True, None)
    with pytest.raises(DraftExists, match="“Small one” already has a draft"):
        import_instrument(organization=organization, text=SMALL + "version: b\n", by=admin, publish=False)


def test_a_refused_document_leaves_nothing_behind(organization: Organization) -> None:
    with pytest.raises(InstrumentRefused) as refused:
        import_instrument(organization=organization, text=SMALL.replace("hi: 4", "hi: 0"), by=None)

    assert str(refused.value) == (
        "line 5, plain: The scale runs from 0 to 0. The lowest answer must be below the highest."
    )
    assert Instrument.objects.count() == 0


def test_publishing_freezes_under_the_next_number(organization: Organization, admin: User) -> None:
    first = import_instrument(organization=organization, text=SMALL, by=admin)
    draft = start_draft(version=first)
    assert start_draft(version=first) == draft
    draft.definition["name"] = "Small, renamed"
    draft.save()

    second = publish_instrument(draft=draft, by=admin, open_draft=True)

    assert (second.number, second.label, second.is_draft, second.published_by) == (2, "2", False, admin)
    assert second.instrument.name == "Small, renamed"
    assert Instrument.objects.get().versions.filter(published_at=None).count() == 1
    with pytest.raises(NotADraft):
        publish_instrument(draft=second, by=admin)


def test_an_unfit_draft_is_not_published(organization: Organization, admin: User) -> None:
    draft = import_instrument(organization=organization, text=SMALL, by=admin, publish=False)
    draft.definition["dimensions"][0]["facets"][0]["items"] = []
    draft.save()

    with pytest.raises(InstrumentRefused, match="The instrument has no items"):
        publish_instrument(draft=draft, by=admin)

    draft.refresh_from_db()
    assert draft.is_draft


def test_a_copy_is_a_draft_of_the_organization(organization: Organization, admin: User) -> None:
    original, _new = load_default_instrument()
    copied: dict[str, Any] = {"version": original, "organization": organization, "by": admin}

    draft = duplicate_instrument(**copied, code="ours", name="Our questions")

    assert (draft.is_draft, draft.instrument.organization, draft.item_codes) == (
        True,
        organization,
        original.item_codes,
    )
    assert (draft.definition["code"], draft.definition["name"], "status" in draft.definition) == (
        "ours",
        "Our questions",
        False,
    )
    with pytest.raises(CodeTaken, match="There is already an instrument with the code “ours”"):
        duplicate_instrument(**copied, code="ours", name="Again")


def test_deleting_the_only_draft_deletes_the_instrument(organization: Organization, admin: User) -> None:
    draft = import_instrument(organization=organization, text=SMALL, by=admin, publish=False)

    assert delete_draft(draft=draft, by=admin) is True
    assert Instrument.objects.count() == 0
    with pytest.raises(NotADraft):
        delete_draft(draft=draft, by=admin)


def test_deleting_a_draft_keeps_what_is_published(organization: Organization, admin: User) -> None:
    version = import_instrument(organization=organization, text=SMALL, by=admin)

    assert delete_draft(draft=start_draft(version=version), by=admin) is False
    assert list(InstrumentVersion.objects.all()) == [version]
