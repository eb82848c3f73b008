"""The real input: 2,042 answers of 49 companies, imported and reported at the command line."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from ecosystems.models import Ecosystem

ANSWERS = Path(__file__).resolve().parents[4] / "shared" / "validation" / "lq2002.csv"
INSTRUMENT = Path(__file__).resolve().parents[2] / "data" / "lq2002_instrument.yaml"


@pytest.mark.skipif(not ANSWERS.exists(), reason="the published answers are not beside this checkout")
@pytest.mark.django_db(transaction=True)
def test_the_report_gives_the_published_figures(ecosystem: Ecosystem) -> None:
    out = StringIO()
    call_command(
        "import_wave",
        str(INSTRUMENT),
        str(ANSWERS),
        organization=ecosystem.organization.slug,
        ecosystem=ecosystem.slug,
        group_column="COMPID",
        stdout=out,
    )
    wave_id = int(out.getvalue())
    out = StringIO()
    call_command("wave_report", wave_id, json=True, stdout=out)
    results = json.loads(out.getvalue())["results"]
    alpha = {found["code"]: found["alpha"] for found in results["reliability"]}
    agreement = {found["code"]: found for found in results["agreement"]}
    assert round(alpha["LEAD"], 4) == 0.9022
    assert round(agreement["LEAD"]["icc1"], 4) == 0.0880
    assert round(agreement["LEAD"]["icc2"], 4) == 0.8008
    assert round(agreement["LEAD"]["rwg_mean"], 4) == 0.8678
    assert results["n"] == 2042
