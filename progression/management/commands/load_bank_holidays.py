from django.core.management.base import BaseCommand
from django.db import transaction
from govuk_bank_holidays.bank_holidays import BankHolidays

from progression import reminders
from progression.models import BankHoliday


class Command(BaseCommand):
    """Keeps the list of bank holidays that comes with the library; no network is asked."""

    help = "Load England's bank holidays, and date the deadlines that were waiting for them."

    @transaction.atomic
    def handle(self, *args, verbosity, **options):
        known = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
        BankHoliday.objects.bulk_create(
            [BankHoliday(day=holiday["date"], title=holiday["title"]) for holiday in known],
            update_conflicts=True,
            unique_fields=["day"],
            update_fields=["title"],
        )
        first, last = known[0]["date"], known[-1]["date"]
        moved = BankHoliday.objects.filter(day__range=(first, last))
        moved.exclude(day__in=[holiday["date"] for holiday in known]).delete()
        dated = reminders.date_what_was_unknown()
        if verbosity:
            self.stdout.write(
                f"{len(known)} bank holidays, until the end of {last.year}; {dated} deadlines dated"
            )
