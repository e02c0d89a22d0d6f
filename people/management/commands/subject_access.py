"""`manage.py subject_access EMAIL FILE`: everything about one person, as a ZIP."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from people import audit, subject_access
from people.models import User


class Command(BaseCommand):
    help = "Writes everything that the service holds about a person into a ZIP file."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("file")

    @transaction.atomic
    def handle(self, *args, email, file, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError("Nobody signs in with this email address.")
        audit.note_read(person, about=[person.pk], words="everything about them, by command")
        rows = subject_access.write(person, file, now=timezone.now())
        self.stdout.write(f"{rows} rows about person {person.pk} are in the file.")
