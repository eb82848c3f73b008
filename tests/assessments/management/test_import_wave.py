"""The real input: 2,042 answers of 49 companies, imported and reported at the command line."""

import json
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import CommandError, call_command

from assessments.models import InstrumentVersion, Response, Score, Wave
from ecosystems.models import Ecosystem, Organization
from tests.factories.instruments import TWO_FACETS
from tests.factories.large_waves import sixty_items

ANSWERS = Path(__file__).resolve().parents[4] / "shared" / "validation" / "lq2002.csv"
INSTRUMENT = Path(__file__).resolve().parents[2] / "data" / "lq2002_instrument.yaml"
MEGABYTE = 1 << 20

real_answers = pytest.mark.skipif(not ANSWERS.exists(), reason="the published answers are not beside this checkout")


def run_import(home: Ecosystem, instrument: Path, answers: Path, **options: Any) -> int:
    out = StringIO()
    names = {"organization": home.organization.slug, "ecosystem": home.slug}
    call_command("import_wave", str(instrument), str(answers), stdout=out, **(names | options))
    return int(out.getvalue())


def report(wave_id: int) -> dict[str, Any]:
    out = StringIO()
    call_command("wave_report", wave_id, json=True, stdout=out)
    return json.loads(out.getvalue())["results"]  # type: ignore[no-any-return]


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, Path]:
    """An instrument and sound answers to it."""
    instrument, answers = tmp_path / "two.yaml", tmp_path / "answers.csv"
    instrument.write_text(TWO_FACETS)
    answers.write_text("A1,A2\n" + "1,2\n" * 6)
    return instrument, answers


@real_answers
@pytest.mark.django_db(transaction=True)
def test_the_report_gives_the_published_figures(ecosystem: Ecosystem) -> None:
    results = report(run_import(ecosystem, INSTRUMENT, ANSWERS, group_column="COMPID"))
    alpha = {found["code"]: found["alpha"] for found in results["reliability"]}
    agreement = {found["code"]: found for found in results["agreement"]}
    assert round(alpha["LEAD"], 4) == 0.9022
    assert round(agreement["LEAD"]["icc1"], 4) == 0.0880
    assert round(agreement["LEAD"]["icc2"], 4) == 0.8008
    assert round(agreement["LEAD"]["rwg_mean"], 4) == 0.8678
    assert results["n"] == 2042
    assert len(results["groups"]) == 49
    assert not any(group.get("withheld") for group in results["groups"])


@real_answers
@pytest.mark.django_db(transaction=True)
def test_groups_under_a_higher_minimum_are_nowhere_in_the_report(ecosystem: Ecosystem) -> None:
    Organization.objects.filter(pk=ecosystem.organization.pk).update(min_group_size=30, comment_min_group_size=30)
    wave_id = run_import(Ecosystem.objects.get(pk=ecosystem.pk), INSTRUMENT, ANSWERS, group_column="COMPID")
    results = report(wave_id)
    sizes = {group.key: group.responses.count() for group in Wave.objects.get(pk=wave_id).groups.all()}
    small = {key for key, size in sizes.items() if size < 30}
    assert 0 < len(small) < 49
    assert {group["key"] for group in results["groups"] if group.get("withheld")} == small
    assert all(group["n"] is None for group in results["groups"] if group["key"] in small)
    for row in (*results["dimensions"], *results["facets"]):
        assert {key for key, cell in row["groups"].items() if cell == {"withheld": True}} == small
        assert not small & set(row.get("common", {}))
    for found in results["agreement"]:
        assert not small & {group["group"] for group in found["groups"]}
    for item in results["items"]:
        assert not small & set(item.get("groups", ()))
    assert not Score.objects.filter(wave_id=wave_id, group_key__in=small, withheld=False).exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_instrument_again_is_the_same_version(ecosystem: Ecosystem, small: tuple[Path, Path]) -> None:
    instrument, answers = small
    first, second = run_import(ecosystem, *small), run_import(ecosystem, *small)
    assert InstrumentVersion.objects.count() == 1
    assert [wave.number for wave in Wave.objects.order_by("pk")] == [1, 2]
    instrument.write_text(TWO_FACETS.replace("text: a1", "text: another"))
    third = run_import(ecosystem, instrument, answers)
    assert InstrumentVersion.objects.count() == 2
    assert len({first, second, third}) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"organization": "nowhere"}, "There is no organization “nowhere”. There are: rivermark."),
        ({"ecosystem": "nowhere"}, "Rivermark Growers’ Cooperative has no ecosystem “nowhere”. It has: food-network."),
        ({"group_column": "team"}, "Nothing was imported.\nThere is no column “team”. The file has: A1, A2."),
    ],
)
def test_what_is_not_there_is_named(
    ecosystem: Ecosystem, small: tuple[Path, Path], options: dict[str, str], message: str
) -> None:
    with pytest.raises(CommandError) as refusal:
        run_import(ecosystem, *small, **options)
    assert str(refusal.value) == message
    assert not Wave.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_not_there_is_named(ecosystem: Ecosystem, small: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        run_import(ecosystem, small[0], tmp_path / "gone.csv")
    assert str(refusal.value) == f"There is no file {tmp_path / 'gone.csv'}."


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_hundred_thousand_rows_of_sixty_items_come_in_without_filling_the_memory(
    ecosystem: Ecosystem, tmp_path: Path
) -> None:
    from assessments.services.instruments import import_instrument
    from assessments.services.wave_imports import import_wave

    version = import_instrument(organization=ecosystem.organization, text=sixty_items(), by=None)
    answers = tmp_path / "many.csv"
    with answers.open("w") as file:
        file.write("group," + ",".join(version.item_codes) + "\n")
        for start in range(100):
            rows = (",".join(str((start + row + item) % 5 + 1) for item in range(60)) for row in range(1_000))
            file.writelines(f"team {row % 6},{cells}\n" for row, cells in enumerate(rows))
    process, done, told = psutil.Process(), threading.Event(), list[int]()
    before = peak = process.memory_info().rss

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.01):
            peak = max(peak, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        wave = import_wave(path=answers, version=version, ecosystem=ecosystem, progress=told.append)
    finally:
        done.set()
        watcher.join()
    assert Response.objects.filter(wave=wave).count() == 100_000
    assert told[-1] == 100_000
    assert len(told) == 20
    assert peak - before < 60 * MEGABYTE
