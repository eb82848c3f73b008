"""`manage.py wave_report ID --json`: every score and quality figure of a wave that may be shown."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.enums import WaveState
from assessments.models import Wave
from assessments.scoring.results import Cell, WaveResults
from assessments.services.rescore import rescore
from assessments.services.scores import mark_results_shown


class Command(BaseCommand):
    help = "Print the results of a wave: disclosed numbers only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("wave", type=int, help="the wave's id")
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rescore(wave_id=options["wave"])
        wave = Wave.objects.select_related("assessment", "version__instrument").filter(pk=options["wave"]).first()
        if wave is None:
            raise CommandError(f"There is no wave {options['wave']}.")
        if not hasattr(wave, "result"):
            raise CommandError(f"“{wave.title}” has no results: it is {wave.get_state_display().lower()}.")
        results = WaveResults.from_json(wave.result.results)
        if wave.state == WaveState.CLOSED and results.n and not results.live:
            mark_results_shown(wave=wave)
        if options["json"]:
            about = {
                "wave": wave.pk,
                "title": wave.title,
                "assessment": wave.assessment.name,
                "instrument": str(wave.version),
                "method": wave.result.method,
            }
            self.stdout.write(json.dumps(about | {"results": wave.result.results}, indent=1, sort_keys=True))
            return
        self._summary(wave, results)

    def _summary(self, wave: Wave, results: WaveResults) -> None:
        self.stdout.write(f"{wave.title} · {wave.version} · n {results.n} · groups under {results.k} are withheld")
        index = results.index
        shown = f"{index.value:.1f}" if index.value is not None else f"none ({index.reason})"
        self.stdout.write(f"Generative Value Index  {shown}")
        for score in (*results.dimensions, *results.facets, *results.blocks, *results.constructs):
            self.stdout.write(f"{score.level:10} {score.code:12} {self._cell(score.overall)}")

    def _cell(self, cell: Cell) -> str:
        if cell.withheld:
            return "withheld: protects a small group"
        if cell.value is None:
            return f"none ({cell.reason})"
        interval = f"{cell.low:.1f} to {cell.high:.1f}" if cell.low is not None else "no interval"
        return f"{cell.value:5.1f}  ({interval}, n {cell.n})"
