from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from competencies import scheme_file, selectors, transitions

SCHEMES = Path(__file__).resolve().parents[2] / "schemes"


class Command(BaseCommand):
    help = "Publishes schemes from their files, all or none: a new version of each that says something new."

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="*", type=Path, help="Scheme files; competencies/schemes/*.yaml if none is given."
        )

    def handle(self, *args, paths, **options):
        paths = paths or sorted(SCHEMES.glob("*.yaml"))
        try:
            schemes = scheme_file.read(paths, published=selectors.published_content)
        except scheme_file.BadFiles as bad:
            raise CommandError(f"Nothing was loaded.\n{bad}") from None
        now = timezone.now()
        with transaction.atomic():
            done = [(rules, *transitions.publish(rules, now=now)) for rules in schemes]
        if not options["verbosity"]:
            return
        for rules, scheme, new in done:
            kept = "left as published in the service" if scheme.published_by_id else "unchanged"
            what = "published" if new else kept
            self.stdout.write(
                f"{scheme.code}: version {scheme.version} {what}, {len(rules.competencies)} competencies"
            )
