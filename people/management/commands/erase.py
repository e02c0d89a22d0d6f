"""`manage.py erase`: what people who left have left behind for long enough goes. --dry-run only says what."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from people import erasing


class Command(BaseCommand):
    help = "Erase what people who left have left behind for long enough. Beat does it each day."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(self, *args, dry_run, **options):
        today = timezone.localdate()
        if dry_run:
            for one in erasing.due(today=today):
                self.stdout.write(f"Person {one.person}: {one.stage.label.lower()}")
            return
        self.stdout.write(f"Erased for {erasing.erase_due(today=today)}.")
