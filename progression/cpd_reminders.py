"""Reminds workers of the regulator's yearly renewal: a ladder of its own, of no application.

What is missing, and on which days, portfolios says; here it becomes a Notice, once a person and day.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef

from portfolios.cpd_selectors import missing_something
from portfolios.regulator import regulator
from progression import outbox
from progression.models import Notice
from progression.notifications import RemindOfCpd

A_BATCH = 5000


def remind(*, today, now):
    """Queue a notice for everybody who misses something on the latest day of the ladder. Returns how many.

    Run as often as one likes: nobody is told twice of one day, and of days that were slept through only the
    last is told.
    """
    day = regulator().reminder_due(today)
    if day is None:
        return 0
    told = Notice.objects.filter(kind=RemindOfCpd.kind, day=day, recipient=OuterRef("pk"))
    waiting = missing_something(regulator().year_ends(today)).filter(~Exists(told)).order_by("pk")
    queued, last_id = 0, 0
    while batch := list(waiting.filter(pk__gt=last_id).values_list("pk", flat=True)[:A_BATCH]):
        last_id = batch[-1]
        with transaction.atomic():
            tellings = [outbox.Telling(recipient_id=pk, kind=RemindOfCpd.kind, day=day) for pk in batch]
            queued += outbox.put_in(tellings, now=now)
    return queued
