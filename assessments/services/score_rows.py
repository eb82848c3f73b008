"""A wave's results as rows, one number each: for trends, exports and questions across waves."""

from collections.abc import Iterator, Mapping

from django.db import connection

from assessments.models import Score, Wave
from assessments.scoring.results import Cell, ItemResult, WaveResults
from assessments.scoring.results import Score as ScoreResult


def score_rows(*, wave: Wave, results: WaveResults) -> list[Score]:
    """Unsaved rows for every number of the results; a withheld one holds nothing but that it is withheld."""
    agreement = {(result.code, group.group): group.rwg for result in results.agreement for group in result.groups} | {
        (result.code, ""): result.rwg_mean for result in results.agreement
    }
    coverage = {code: found.answered for code, found in results.facet_coverage.items()}
    rows = [Score(wave=wave, level="index", code="GVI", value=results.index.value, **_band(results))]
    for score in (*results.dimensions, *results.facets, *results.blocks, *results.constructs):
        rows += _rows_of(wave, score, agreement, coverage)
    rows += [_item_row(wave, item) for item in results.items]
    return rows


def insert(rows: list[Score]) -> None:
    """Save the rows in one statement of a dozen parameters; an ordinary bulk insert has thousands."""
    fields = [field for field in Score._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    lists = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    with connection.cursor() as cursor:
        # the names are those of our own model
        cursor.execute(
            f"INSERT INTO {Score._meta.db_table} ({columns}) SELECT * FROM unnest({lists})",  # noqa: S608
            [[getattr(row, field.attname) for row in rows] for field in fields],
        )


def _band(results: WaveResults) -> dict[str, float | int | None]:
    band = results.index.band
    return {"n": results.n, "low": band.low if band else None, "high": band.high if band else None}


def _rows_of(
    wave: Wave,
    score: ScoreResult,
    agreement: Mapping[tuple[str, str], float | None],
    coverage: Mapping[str, float | None],
) -> Iterator[Score]:
    for group_key, cell in {"": score.overall, **score.groups}.items():
        yield Score(
            wave=wave,
            level=score.level,
            code=score.code,
            group_key=group_key,
            agreement=None if cell.withheld else agreement.get((score.code, group_key)),
            coverage=None if cell.withheld or group_key else coverage.get(score.code),
            **_numbers(cell),
        )


def _numbers(cell: Cell) -> dict[str, float | int | bool | None]:
    if cell.withheld:
        return {"withheld": True}
    return {"value": cell.value, "n": cell.n, "low": cell.low, "high": cell.high, "sd": cell.sd}


def _item_row(wave: Wave, item: ItemResult) -> Score:
    if item.withheld:
        return Score(wave=wave, level="item", code=item.code, withheld=True)
    return Score(wave=wave, level="item", code=item.code, value=item.mean, n=item.n)
