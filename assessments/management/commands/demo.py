"""`manage.py demo`: a made-up organization with three waves of answers, labelled as such everywhere."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments.demo import build


class Command(BaseCommand):
    help = "Make the demo organization, unless it is there. --reset makes it anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="delete the demo first, with all that was done in it")
        parser.add_argument("--check", action="store_true", help="only say whether the demo is there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if build.existing() is None:
                raise CommandError("There is no demo. Make it with: manage.py demo")
            self.stdout.write("The demo is there.")
            return
        with transaction.atomic():
            if options["reset"]:
                build.remove()
            elif build.existing():
                self.stdout.write("The demo is there already. To make it anew: manage.py demo --reset")
                return
            organization = build.build(say=self.stdout.write)
        build.score(organization)
        self.stdout.write(f"{organization.name} is ready.")
