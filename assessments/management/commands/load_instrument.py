"""Load the instrument that comes with the product."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.services.instruments import DEFAULT_INSTRUMENT, InstrumentRefused, load_default_instrument


class Command(BaseCommand):
    help = "Loads the default instrument. Running it again changes nothing unless the file has changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_INSTRUMENT, help="another YAML file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version, is_new = load_default_instrument(path=options["file"])
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from problem
        except InstrumentRefused as refused:
            raise CommandError(f"{options['file']} cannot be used:\n{refused}") from refused
        said = "published" if is_new else "is already loaded:"
        self.stdout.write(f"{version.instrument.name}: {said} version {version.label}, {len(version.item_codes)} items")
