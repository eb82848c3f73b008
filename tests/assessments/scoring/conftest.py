"""Published data that the pure core is proven against."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

VALIDATION = Path(__file__).resolve().parents[4] / "shared" / "validation"


class PublishedCases:
    """The published figures and the tables they were computed from."""

    def expected(self, case: str) -> dict[str, Any]:
        return json.loads((VALIDATION / "expected.json").read_text(encoding="utf-8"))[case]["expected"]

    def rows(self, file: str) -> list[dict[str, str]]:
        with (VALIDATION / file).open(encoding="utf-8-sig", newline="") as table:
            return list(csv.DictReader(table))

    def matrix(self, file: str, columns: list[str] | Callable[[str], bool]) -> NDArray[np.float64]:
        rows = self.rows(file)
        names = columns if isinstance(columns, list) else [name for name in rows[0] if columns(name)]
        return np.array(
            [[float(row[name]) if row[name] not in ("", "NA") else np.nan for name in names] for row in rows]
        )

    def column(self, file: str, name: str) -> NDArray[np.float64]:
        return self.matrix(file, [name])[:, 0]


@pytest.fixture(scope="session")
def published() -> PublishedCases:
    if not (VALIDATION / "expected.json").is_file():
        pytest.skip("the published validation tables are not beside this checkout")
    return PublishedCases()
