"""The causal map of a wave's close: noted when it closes; a worker counts the wave's votes and keeps both together."""

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.enums import WaveState
from assessments.models import Wave, WaveMap
from assessments.services.maps.recording import map_changed
from assessments.services.maps.versions import keep_content
from assessments.services.wave_link_votes import give_votes
from ecosystems.models import CausalMap, MapVersion, User
from ecosystems.selectors.map_versions import drawn_of, with_votes
from ecosystems.services.causal_votes import note_votes
from ecosystems.services.map_writing import locked_map


class _Overtaken(Exception):
    """Somebody else counted them meanwhile, or the wave was opened again or deleted."""


@transaction.atomic
def note_map(*, wave: Wave, by: User | None) -> None:
    """Note the map as it is drawn, in the transaction that closes the wave; nothing where nobody has begun it."""
    ecosystem = wave.assessment.ecosystem
    if wave.map_links or CausalMap.objects.filter(ecosystem=ecosystem, revision__gt=0).exists():
        revision = locked_map(ecosystem=ecosystem).revision
        WaveMap.objects.create(wave=wave, revision=revision, drawn=drawn_of(ecosystem), by=by)


def forget_map(*, wave: Wave) -> None:
    """Before the wave is opened again: the next closing has a map of its own."""
    WaveMap.objects.filter(wave=wave).delete()


def count_votes(*, wave_id: int) -> bool:
    """Give a closed wave's votes on links to the map and keep the map of its close with them; True if this call did it.

    All or nothing, and twice is the same as once: a worker that is killed leaves it to the next. Everything is written
    before something is locked, so that whoever looks at results or edits the map waits for a moment only.
    """
    due = (
        WaveMap.objects.filter(wave=wave_id, wave__state=WaveState.CLOSED, drawn__isnull=False)
        .select_related("wave__assessment__ecosystem", "by")
        .first()
    )
    if due is None:
        return False
    try:
        with transaction.atomic():
            _count(due)
    except _Overtaken:
        return False
    return True


def _count(due: WaveMap) -> None:
    assert due.drawn is not None
    wave, ecosystem = due.wave, due.wave.assessment.ecosystem
    voted = give_votes(wave=wave)
    read = CausalMap.objects.get(ecosystem=ecosystem).revision
    content = with_votes(ecosystem, due.drawn)
    if Wave.objects.select_for_update(no_key=True).filter(pk=wave.pk).first() is None:
        raise _Overtaken
    if not WaveMap.objects.filter(pk=due.pk, drawn__isnull=False).exists():
        raise _Overtaken
    now = locked_map(ecosystem=ecosystem)
    as_then = now.revision == read and drawn_of(ecosystem) == due.drawn
    if voted:
        revision = note_votes(ecosystem=ecosystem).revision
        map_changed(ecosystem=ecosystem, revision=revision)
        now.refresh_from_db()
    kept_as = now.revision if as_then else due.revision
    version = None if voted else MapVersion.objects.filter(map=now, revision=kept_as).order_by("number").last()
    if version is None:
        note = _("Kept when the wave was closed.")
        version = keep_content(drawn=now, by=due.by, name=wave.title, note=note, revision=kept_as, content=content)
    WaveMap.objects.filter(pk=due.pk).update(drawn=None, version=version)
