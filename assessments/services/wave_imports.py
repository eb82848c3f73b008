"""Taking a file of answers in as a closed wave: all of it, or nothing."""

import io
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.enums import Anonymity, GroupKind, Rhythm, WaveState
from assessments.imports.answers import (
    MOST_GROUPS,
    Layout,
    Problem,
    Row,
    UnreadableFile,
    group_key,
    read_layout,
    read_rows,
)
from assessments.models import Assessment, InstrumentVersion, Wave, WaveGroup
from assessments.scoring.blueprint import Blueprint, ItemSpec
from assessments.selectors.definitions import audiences_of, ordered
from assessments.services.scores import mark_stale
from ecosystems.enums import StakeholderGroup
from ecosystems.models import Ecosystem, User
from ecosystems.services import audit

MOST_PROBLEMS = 100
CHUNK = 5_000
EVERYONE = "everyone"
LEADERS = "leaders"

Progress = Callable[[int], None]


@dataclass(frozen=True)
class FileCheck:
    """What a file holds, read once from end to end; `groups`: name → respondents, in order of appearance."""

    layout: Layout
    rows: int = 0
    groups: dict[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def check_file(
    *, path: Path, version: InstrumentVersion, group_column: str = "", progress: Progress = lambda rows: None
) -> FileCheck:
    """Read a file without keeping it: what an import would do. Raises UnreadableFile if it is no table of answers."""
    items = Blueprint.from_definition(version.definition).items
    layout = read_layout(path, items=items, group_column=group_column)
    rows, groups, problems, names = 0, dict[str, int](), list[Problem](), dict[str, str]()
    for row in read_rows(path, layout, items=items):
        if isinstance(row, Problem):
            problems.append(row)
            if len(problems) >= MOST_PROBLEMS:
                break
        else:
            rows += 1
            name = names.setdefault(group_key(row.group), row.group)
            groups[name] = groups.get(name, 0) + 1
            if len(groups) > MOST_GROUPS:
                problems.append(_too_many_groups())
                break
            if rows % CHUNK == 0:
                progress(rows)
    if not rows and not problems:
        problems.append(Problem(_("The file has a header but no answers below it.")))
    return FileCheck(layout=layout, rows=rows, groups=groups, problems=tuple(problems))


@transaction.atomic
def import_wave(
    *,
    path: Path,
    version: InstrumentVersion,
    ecosystem: Ecosystem,
    group_column: str = "",
    title: str = "",
    by: User | None = None,
    progress: Progress = lambda rows: None,
) -> Wave:
    """Keep every row of the file as a response of a new closed wave and mark it for scoring.

    Memory does not grow with the file. Raises UnreadableFile with what is wrong in which row; then nothing is kept.
    """
    items = Blueprint.from_definition(version.definition).items
    layout = read_layout(path, items=items, group_column=group_column)
    wave = _closed_wave(version=version, ecosystem=ecosystem, title=title)
    keeper = _Keeper(wave=wave, version=version)
    rows = 0
    for chunk in _chunks(_sound_rows(path, layout, items)):
        keeper.keep(chunk)
        rows += len(chunk)
        progress(rows)
    if not rows:
        raise UnreadableFile(Problem(_("The file has a header but no answers below it.")))
    mark_stale(wave=wave)
    audit.record(
        organization=ecosystem.organization,
        actor=by,
        action="wave.imported",
        subject=wave.title,
        details={"rows": rows, "groups": len(keeper.groups)},
    )
    return wave


def _sound_rows(path: Path, layout: Layout, items: Sequence[ItemSpec]) -> Iterator[Row]:
    """Rows without problems; after the first problem it only collects further ones, and raises them at the end."""
    problems: list[Problem] = []
    for row in read_rows(path, layout, items=items):
        if isinstance(row, Problem):
            problems.append(row)
            if len(problems) >= MOST_PROBLEMS:
                break
        elif not problems:
            yield row
    if problems:
        raise UnreadableFile(*problems)


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _closed_wave(*, version: InstrumentVersion, ecosystem: Ecosystem, title: str) -> Wave:
    # one import at a time in an ecosystem: the assessment is made once, and its waves are numbered one after the other
    Ecosystem.objects.select_for_update(no_key=True).get(pk=ecosystem.pk)
    assessment, _made = Assessment.objects.get_or_create(
        ecosystem=ecosystem,
        instrument=version.instrument,
        about="system",
        name=version.instrument.name,
        defaults={"rhythm": Rhythm.ONCE},
    )
    last = assessment.waves.aggregate(last=Max("number"))["last"] or 0
    organization, now = ecosystem.organization, timezone.now()
    return Wave.objects.create(
        assessment=assessment,
        number=last + 1,
        title=title or _("Imported on %(day)s") % {"day": date.today().isoformat()},
        version=version,
        state=WaveState.CLOSED,
        opened_at=now,
        closed_at=now,
        anonymity=Anonymity.ANONYMOUS,
        min_group_size=organization.min_group_size,
        comment_min_group_size=organization.comment_min_group_size,
        privacy_frozen=True,
        is_imported=True,
    )


@dataclass
class _Keeper:
    """Writes rows of one wave, and makes its groups as they turn up."""

    wave: Wave
    version: InstrumentVersion
    groups: dict[str, WaveGroup] = field(default_factory=dict)

    def keep(self, rows: list[Row]) -> None:
        lines = io.StringIO()
        for row in rows:
            values = ",".join("NULL" if value is None else str(value) for value in row.values)
            lines.write(f"{uuid.uuid4()}\t{self.wave.pk}\t{self.group(row.group).pk}\t{{{values}}}\tt\tf\n")
        lines.seek(0)
        with connection.cursor() as cursor:
            cursor.copy_expert(
                "COPY assessments_response (key, wave_id, group_id, values, is_anonymous, released) FROM STDIN", lines
            )

    def group(self, name: str) -> WaveGroup:
        key = group_key(name)
        if key not in self.groups:
            if len(self.groups) >= MOST_GROUPS:
                raise UnreadableFile(_too_many_groups())
            self.groups[key] = WaveGroup.objects.create(
                wave=self.wave, position=len(self.groups), **self._description(name)
            )
        return self.groups[key]

    def _description(self, name: str) -> dict[str, str]:
        """A stakeholder group or the leaders are known by name; any other name is a team or unit."""
        definition = self.version.definition
        audiences, forms = list(audiences_of(definition)), ordered(definition, "forms")
        key = group_key(name)
        known = {**{group.value: GroupKind.STAKEHOLDER for group in StakeholderGroup}, LEADERS: GroupKind.LEADERS}
        kind = known.get(key, GroupKind.UNIT)
        return {
            "key": key or EVERYONE,
            "label": (name.capitalize() if key in known and name.islower() else name) or _("Everyone"),
            "kind": kind,
            "audience": key if key in audiences else (audiences or [""])[0],
            "form": (forms or [""])[0],
        }


def _too_many_groups() -> Problem:
    return Problem(
        _("There are more than %(most)s groups. Choose a column that names groups, not persons.")
        % {"most": MOST_GROUPS}
    )
