"""Importing in the browser: kept, checked and imported by a worker, cancelled, forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.enums import UploadState
from assessments.models import Response, UploadPart, Wave, WaveUpload
from assessments.services import wave_imports
from assessments.services.wave_uploads import (
    PART_BYTES,
    UploadProblem,
    advance_upload,
    cancel_upload,
    due_uploads,
    forget_old_uploads,
    keep_upload,
    start_import,
)
from assessments.tasks import sweep_uploads
from ecosystems.models import Ecosystem, User
from metasystem.processes import wait_until
from tests.factories.instruments import make_instrument
from tests.servers import WorkerProcess

GOOD = b"team,A1,A2,note\n" + b"Sales,1,2,x\n" * 6 + b"Stores,5,4,y\n" * 3


def keep(ecosystem: Ecosystem, content: bytes = GOOD, by: User | None = None) -> WaveUpload:
    return keep_upload(
        ecosystem=ecosystem,
        version=make_instrument(ecosystem.organization),
        content=[content],
        file_name="answers.csv",
        group_column="team",
        title="Spring",
        by=by,
    )


def now(upload: WaveUpload) -> WaveUpload:
    return WaveUpload.objects.get(pk=upload.pk)


@pytest.mark.django_db
class TestOneUpload:
    def test_it_is_checked_without_importing_anything(self, ecosystem: Ecosystem) -> None:
        upload = keep(ecosystem)
        assert advance_upload(upload_id=upload.pk)
        assert (now(upload).state, now(upload).lease_until) == (UploadState.CHECKED, None)
        assert now(upload).found == {
            "rows": 9,
            "groups": [["Sales", 6], ["Stores", 3]],
            "has_groups": True,
            "encoding": "utf-8-sig",
            "delimiter": ",",
            "used": 2,
            "ignored": ["note"],
            "missing": ["B1", "C1", "D1"],
            "problems": [],
        }
        assert not Wave.objects.exists()
        assert not advance_upload(upload_id=upload.pk)

    def test_it_becomes_a_wave_once_and_its_file_is_deleted(self, ecosystem: Ecosystem, facilitator: User) -> None:
        upload = keep(ecosystem, by=facilitator)
        advance_upload(upload_id=upload.pk)
        start_import(upload=upload)
        start_import(upload=upload)
        assert advance_upload(upload_id=upload.pk)
        assert not advance_upload(upload_id=upload.pk)
        start_import(upload=upload)
        wave = Wave.objects.get()
        assert (now(upload).state, now(upload).wave, wave.title) == (UploadState.DONE, wave, "Spring")
        assert Response.objects.filter(wave=wave).count() == 9
        assert wave.is_stale
        assert not UploadPart.objects.exists()
        assert not cancel_upload(upload=upload)

    def test_what_is_wrong_is_kept_and_cannot_be_imported(self, ecosystem: Ecosystem) -> None:
        upload = keep(ecosystem, b"team,A1\nSales,9\n")
        advance_upload(upload_id=upload.pk)
        assert now(upload).found["problems"] == ["row 2, column A1: 9 is off the scale, which runs from 1 to 5."]
        with pytest.raises(UploadProblem, match="cannot be imported as it is"):
            start_import(upload=upload)
        assert due_uploads().count() == 0

    def test_a_file_that_is_no_table_says_so(self, ecosystem: Ecosystem) -> None:
        upload = keep(ecosystem, b"PK\x03\x04rest")
        advance_upload(upload_id=upload.pk)
        assert now(upload).found == {
            "problems": [
                "This is a spreadsheet file. In the spreadsheet, choose “Save as” and then CSV, and try again."
            ]
        }

    def test_large_files_are_kept_in_parts_and_put_together_again(self, ecosystem: Ecosystem) -> None:
        rows = (2 * PART_BYTES) // 8 + 1
        upload = keep(ecosystem, b"team,A1\n" + b"Sales,1\n" * rows)
        assert UploadPart.objects.filter(upload=upload).count() == 3
        advance_upload(upload_id=upload.pk)
        assert now(upload).found["rows"] == rows

    def test_cancelled_in_the_middle_nothing_is_kept(
        self, ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = keep(ecosystem)
        advance_upload(upload_id=upload.pk)
        start_import(upload=upload)
        original = wave_imports._Keeper.keep

        def cancelled_meanwhile(self: object, rows: list) -> None:
            original(self, rows)
            WaveUpload.objects.filter(pk=upload.pk).update(state=UploadState.CANCELLED)

        monkeypatch.setattr(wave_imports._Keeper, "keep", cancelled_meanwhile)
        assert not advance_upload(upload_id=upload.pk)
        assert not Wave.objects.exists()
        assert not Response.objects.exists()

    def test_cancelling_deletes_the_file(self, ecosystem: Ecosystem) -> None:
        upload = keep(ecosystem)
        assert cancel_upload(upload=upload)
        assert not UploadPart.objects.exists()
        assert not advance_upload(upload_id=upload.pk)

    def test_what_a_killed_worker_held_is_due_when_its_lease_is_over(self, ecosystem: Ecosystem) -> None:
        upload = keep(ecosystem)
        WaveUpload.objects.filter(pk=upload.pk).update(lease_until=timezone.now() + timedelta(minutes=1))
        assert not advance_upload(upload_id=upload.pk)
        WaveUpload.objects.filter(pk=upload.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        assert advance_upload(upload_id=upload.pk)

    def test_a_failure_of_ours_is_said_and_not_tried_for_ever(
        self, ecosystem: Ecosystem, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        upload = keep(ecosystem)
        monkeypatch.setattr("assessments.services.wave_uploads.check_file", lambda **options: 1 / 0)
        assert advance_upload(upload_id=upload.pk)
        assert now(upload).state == UploadState.FAILED
        assert due_uploads().count() == 0

    def test_files_nobody_came_back_for_are_deleted(self, ecosystem: Ecosystem) -> None:
        old, new = keep(ecosystem), keep(ecosystem)
        WaveUpload.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=25))
        assert forget_old_uploads() == 1
        assert list(WaveUpload.objects.all()) == [new]
        assert set(UploadPart.objects.values_list("upload_id", flat=True)) == {new.pk}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_does_it_also_where_the_wake_up_was_lost(ecosystem: Ecosystem, celery_worker: WorkerProcess) -> None:
    upload = keep(ecosystem)
    assert wait_until(lambda: now(upload).state == UploadState.CHECKED, seconds=60), celery_worker.output()
    WaveUpload.objects.filter(pk=upload.pk).update(state=UploadState.IMPORTING)
    sweep_uploads.delay()
    assert wait_until(lambda: now(upload).state == UploadState.DONE, seconds=60), celery_worker.output()
    wave = Wave.objects.get()
    assert wait_until(lambda: Wave.objects.filter(pk=wave.pk, result__isnull=False).exists(), seconds=60)
