"""`manage.py import_wave INSTRUMENT.yaml RESPONSES.csv --organization SLUG --ecosystem SLUG [--group-column NAME]`."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.imports.answers import UnreadableFile
from assessments.services.instruments import InstrumentRefused, import_instrument
from assessments.services.rescore import rescore
from assessments.services.wave_imports import import_wave
from ecosystems.models import Ecosystem, Organization


class Command(BaseCommand):
    help = "Import a wide CSV of answers (one row a respondent, one column an item code) as a closed, scored wave."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", type=Path, help="the instrument, a YAML file")
        parser.add_argument("responses", type=Path, help="the answers, a CSV file")
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--ecosystem", required=True, metavar="SLUG")
        parser.add_argument("--group-column", default="", metavar="NAME", help="the column that names the group")
        parser.add_argument("--title", default="", help="the title of the wave")

    def handle(self, *args: Any, **options: Any) -> None:
        ecosystem = self._ecosystem(options["organization"], options["ecosystem"])
        for path in (options["instrument"], options["responses"]):
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        try:
            version = import_instrument(
                organization=ecosystem.organization, text=options["instrument"].read_bytes(), by=None
            )
            total = self._lines(options["responses"])
            wave = import_wave(
                path=options["responses"],
                version=version,
                ecosystem=ecosystem,
                group_column=options["group_column"],
                title=options["title"],
                progress=lambda rows: self._progress(rows, total),
            )
        except (InstrumentRefused, UnreadableFile) as problem:
            raise CommandError(f"Nothing was imported.\n{problem}") from problem
        rescore(wave_id=wave.pk)
        self.stdout.write(str(wave.pk))

    def _ecosystem(self, organization: str, ecosystem: str) -> Ecosystem:
        try:
            home = Organization.objects.get(slug=organization)
            return home.ecosystems.select_related("organization").get(slug=ecosystem)
        except Organization.DoesNotExist:
            known = ", ".join(Organization.objects.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"There is no organization “{organization}”. There are: {known}.") from None
        except Ecosystem.DoesNotExist:
            known = ", ".join(home.ecosystems.values_list("slug", flat=True)[:20]) or "none yet"
            raise CommandError(f"{home.name} has no ecosystem “{ecosystem}”. It has: {known}.") from None

    def _lines(self, path: Path) -> int:
        with path.open("rb") as file:
            return max(sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1, 1)

    def _progress(self, rows: int, total: int) -> None:
        if sys.stderr.isatty():
            share = min(rows / total, 1)
            bar = "█" * round(share * 30)
            self.stderr.write(f"\r{bar:<30} {share:4.0%}  {rows} rows", ending="" if rows < total else "\n")
