"""`manage.py import_bank FILE --worker EMAIL`: brings an export back that is too large for the page."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.models import User
from people.permissions import NotAllowed
from portfolios import bring_back, export_reading

MOST_FILES = 3_000


class Command(BaseCommand):
    """Exits with 1 and one sentence when it is not taken; then nothing of it was kept."""

    help = "Brings an export back into a worker's evidence; what is there already stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--worker", required=True, metavar="EMAIL")
        parser.add_argument(
            "--whosever",
            action="store_true",
            help="Take it though it names somebody else: you know that it is the worker's own.",
        )

    def handle(self, *args, file, worker, whosever, **options):
        found = User.objects.filter(email__iexact=worker).first()
        if found is None:
            raise CommandError("Nobody has that e-mail address.")
        try:
            with file.open("rb") as opened:
                export = export_reading.read(
                    opened, largest=export_reading.LARGEST_BY_COMMAND, most_files=MOST_FILES
                )
                came = bring_back.bring_back(found, export, now=timezone.now(), whosever=whosever)
        except OSError as fault:
            raise CommandError(f"The file cannot be read: {fault.strerror}.") from None
        except (export_reading.NotTaken, NotAllowed) as refusal:
            raise CommandError(f"{refusal}.") from None
        for sentence in came.sentences:
            self.stdout.write(f"{sentence}.")
