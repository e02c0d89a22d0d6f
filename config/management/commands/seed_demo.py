"""`manage.py seed_demo`: the demo cast, and a case in every state."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config.demo.bank import make_banks
from config.demo.cases import make_cases
from config.demo.development import make_development
from config.demo.family_data import make_family_data
from config.demo.observers import make_observers
from config.demo.people import make_people
from config.demo.sharing import make_sharing
from people.models import User
from progression.models import Application


class Command(BaseCommand):
    help = "Makes the demo cast and leaves a case in every state, in an empty database."

    @transaction.atomic
    def handle(self, **options):
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError(
                "This makes people whose password is published. Set DEMO=1 if that is what you want."
            )
        if User.objects.exists():
            raise CommandError(
                "There are people here already. `make reset-demo` starts again from an empty database."
            )
        today = timezone.localdate()
        people = make_people(today=today)
        make_cases(people, today=today)
        make_development(people, today=today)
        make_family_data(people, today=today)
        make_banks(people, today=today)
        make_sharing(people, today=today)
        make_observers(people, today=today)
        self.stdout.write(
            f"Made {User.objects.count()} people and {Application.objects.count()} applications."
        )
