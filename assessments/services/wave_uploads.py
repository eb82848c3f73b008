"""Importing a wave in the browser: keep the file, have a worker check it, have a worker import it."""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import redis
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from assessments import tasks
from assessments.enums import UploadState
from assessments.imports.answers import UnreadableFile
from assessments.models import InstrumentVersion, UploadPart, WaveUpload
from assessments.services.wave_imports import FileCheck, check_file, import_wave
from ecosystems.models import Ecosystem, User

PART_BYTES = 1 << 20
LEASE = timedelta(minutes=5)
KEPT_FOR = timedelta(days=1)
WORKING = (UploadState.CHECKING, UploadState.IMPORTING)

logger = logging.getLogger(__name__)


class UploadProblem(Exception):
    """Why something cannot be done with an upload, in words for the person who tried."""


class _GivenUp(Exception):
    """Somebody cancelled while a worker was at it."""


@transaction.atomic
def keep_upload(
    *,
    ecosystem: Ecosystem,
    version: InstrumentVersion,
    content: Iterable[bytes],
    file_name: str,
    group_column: str = "",
    title: str = "",
    by: User | None,
) -> WaveUpload:
    """Keep the file and have it checked by a worker; nothing is imported yet."""
    upload = WaveUpload.objects.create(
        ecosystem=ecosystem,
        version=version,
        by=by,
        file_name=file_name[-200:],
        group_column=group_column.strip(),
        title=title.strip(),
    )
    for position, part in enumerate(_parts(content)):
        UploadPart.objects.create(upload=upload, position=position, content=part)
    transaction.on_commit(lambda: wake(upload.pk), robust=True)
    return upload


@transaction.atomic
def start_import(*, upload: WaveUpload) -> None:
    """Import the checked file by a worker. Raises UploadProblem; pressed twice, it starts once."""
    upload = WaveUpload.objects.select_for_update().get(pk=upload.pk)
    if upload.state in (UploadState.IMPORTING, UploadState.DONE):
        return
    if upload.state != UploadState.CHECKED or upload.found.get("problems"):
        raise UploadProblem(_("This file cannot be imported as it is. Upload a corrected one."))
    WaveUpload.objects.filter(pk=upload.pk).update(state=UploadState.IMPORTING, lease_until=None)
    cache.delete(_progress_key(upload.pk))
    transaction.on_commit(lambda: wake(upload.pk), robust=True)


@transaction.atomic
def cancel_upload(*, upload: WaveUpload) -> bool:
    """Forget the file; a worker that is importing it keeps nothing. False where it had been imported already."""
    given_up = WaveUpload.objects.filter(pk=upload.pk).exclude(state=UploadState.DONE)
    cancelled = given_up.update(state=UploadState.CANCELLED, lease_until=None)
    if cancelled:
        UploadPart.objects.filter(upload=upload).delete()
    return bool(cancelled)


def advance_upload(*, upload_id: int) -> bool:
    """Do what is due with an upload, if nobody else is at it; True if this call did it."""
    due = due_uploads().filter(pk=upload_id)
    if not due.update(lease_until=timezone.now() + LEASE):
        return False
    upload = WaveUpload.objects.select_related("version__instrument", "ecosystem__organization", "by").get(pk=upload_id)
    try:
        with _file(upload) as path:
            (_check if upload.state == UploadState.CHECKING else _import)(upload, path)
    except _GivenUp:
        return False
    except OperationalError:
        WaveUpload.objects.filter(pk=upload_id).update(lease_until=None)
        raise
    except Exception:
        logger.exception("Upload %s failed", upload_id)
        WaveUpload.objects.filter(pk=upload_id, state__in=WORKING).update(state=UploadState.FAILED, lease_until=None)
    return True


def due_uploads() -> QuerySet[WaveUpload]:
    """Uploads that wait for a worker: never begun, or left by one that was killed."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    return WaveUpload.objects.filter(free, state__in=WORKING)


def forget_old_uploads() -> int:
    """Delete the files that nobody came back for, and the record of all old uploads. Returns how many."""
    old = WaveUpload.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).exclude(state=UploadState.IMPORTING)
    _deleted, by_model = old.delete()
    return by_model.get("assessments.WaveUpload", 0)


def progress_of(upload: WaveUpload) -> int:
    """Rows that the worker has taken in so far."""
    return int(cache.get(_progress_key(upload.pk), 0))


def wake(upload_id: int) -> None:
    """Ask a worker to go on with an upload; without a broker the sweep finds it."""
    try:
        tasks.advance_upload.apply_async((upload_id,), retry=False)
    except (redis.RedisError, BrokerError):
        logger.warning("No wake-up for upload %s: no broker; the sweep will find it", upload_id)


def _check(upload: WaveUpload, path: Path) -> None:
    try:
        found = _described(
            check_file(path=path, version=upload.version, group_column=upload.group_column, progress=_Progress(upload))
        )
    except UnreadableFile as refusal:
        found = {"problems": [str(problem) for problem in refusal.problems]}
    checked = WaveUpload.objects.filter(pk=upload.pk, state=UploadState.CHECKING)
    checked.update(state=UploadState.CHECKED, found=found, lease_until=None)


def _described(found: FileCheck) -> dict[str, object]:
    return {
        "rows": found.rows,
        "groups": list(found.groups.items()),
        "has_groups": found.layout.group_column is not None,
        "encoding": found.layout.encoding,
        "delimiter": found.layout.delimiter,
        "used": sum(column is not None for column in found.layout.columns),
        "ignored": list(found.layout.ignored),
        "missing": list(found.layout.missing),
        "problems": [str(problem) for problem in found.problems],
    }


def _import(upload: WaveUpload, path: Path) -> None:
    tell = _Progress(upload)
    try:
        with transaction.atomic():
            wave = import_wave(
                path=path,
                version=upload.version,
                ecosystem=upload.ecosystem,
                group_column=upload.group_column,
                title=upload.title,
                by=upload.by,
                progress=tell,
            )
            # whoever cancelled, or finished it meanwhile, has the last word
            done = WaveUpload.objects.filter(pk=upload.pk, state=UploadState.IMPORTING)
            if not done.update(state=UploadState.DONE, wave=wave, lease_until=None):
                raise _GivenUp
            UploadPart.objects.filter(upload=upload).delete()
    except UnreadableFile as refusal:
        found = {**upload.found, "problems": [str(problem) for problem in refusal.problems]}
        WaveUpload.objects.filter(pk=upload.pk).update(state=UploadState.CHECKED, found=found, lease_until=None)


class _Progress:
    """Says how far the worker is, and stops it where somebody cancelled."""

    def __init__(self, upload: WaveUpload) -> None:
        self.upload = upload

    def __call__(self, rows: int) -> None:
        cache.set(_progress_key(self.upload.pk), rows, 24 * 3600)
        if not WaveUpload.objects.filter(pk=self.upload.pk, state=self.upload.state).exists():
            raise _GivenUp


def _progress_key(upload_id: int) -> str:
    return f"upload:{upload_id}:rows"


def _parts(content: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in content:
        for start in range(0, len(chunk), PART_BYTES):
            yield chunk[start : start + PART_BYTES]


@contextmanager
def _file(upload: WaveUpload) -> Iterator[Path]:
    """The upload as a file that only this process can read, deleted afterwards."""
    with tempfile.NamedTemporaryFile(prefix="metasystem-upload-", suffix=".csv") as file:
        parts = UploadPart.objects.filter(upload=upload).order_by("position")
        for pk in list(parts.values_list("pk", flat=True)):
            file.write(UploadPart.objects.values_list("content", flat=True).get(pk=pk))
        file.flush()
        yield Path(file.name)
