"""Extract every translatable string into a folder that is thrown away: what translators could not use shows here."""

import io
import shutil
import tempfile
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.test import override_settings

NOT_OURS = [".venv", "var", "tests", "static", "requirements", "deploy"]


class Command(BaseCommand):
    help = __doc__ or ""
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if shutil.which("xgettext") is None:
            self.stdout.write("Strings were not extracted: xgettext is missing (Debian: apt-get install gettext).")
            return
        warnings = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, override_settings(LOCALE_PATHS=[folder]):
            with redirect_stderr(warnings):
                call_command(
                    "makemessages",
                    locale=[settings.LANGUAGE_CODE],
                    ignore_patterns=NOT_OURS,
                    verbosity=0,
                    stdout=warnings,
                    stderr=warnings,
                )
            count = (Path(folder) / settings.LANGUAGE_CODE / "LC_MESSAGES" / "django.po").read_text().count("\nmsgid ")
        if warnings.getvalue().strip():
            raise CommandError(warnings.getvalue().strip())
        self.stdout.write(f"{count} translatable strings.")
