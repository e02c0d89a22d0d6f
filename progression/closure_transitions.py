"""A council's own closures: no working days there. They only ever make a time limit later. R19, R21."""

from django.db import transaction

from people.models import Service
from people.policies import Blocked
from progression import closure_permissions, reminders, selectors
from progression.deadlines import Holidays, is_working_day
from progression.models import CouncilClosure


@transaction.atomic
def close_offices(service, *, day, title, actor, today):
    """Count `day` as no working day of this service. Returns the CouncilClosure and how many days moved.

    Open deadlines that run over it become a working day later: nobody loses a day by it.
    """
    closure_permissions.check_keeps_closures_of(actor, service)
    service = Service.objects.select_for_update(no_key=True).get(pk=service.pk)
    before = selectors.holidays_of(service)
    if why_not := blocks_on_closing(day, before, today=today):
        raise Blocked(why_not)
    closure = CouncilClosure.objects.create(service=service, day=day, title=title)
    after = Holidays(before.days | {day}, before.known_until)
    return closure, reminders.make_later(service, before=before, after=after)


@transaction.atomic
def open_offices(closure, *, actor, today):
    """Count the day as a working day again, for limits that begin from now on: no open one is shortened."""
    closure_permissions.check_keeps_closures_of(actor, closure.service)
    closure = CouncilClosure.objects.select_for_update().filter(pk=closure.pk).first()
    if closure is None:
        raise Blocked(["Somebody else has removed this closure."])
    if closure.day <= today:
        raise Blocked(["This day has come: time limits have been counted over it."])
    closure.delete()


def blocks_on_closing(day, holidays, *, today):
    """Sentences, each a reason why `day` cannot be added to these holidays."""
    if day < today:
        return ["This day has passed. A closure can only be of today or of a day to come."]
    if day.weekday() > 4:
        return ["This day is at a weekend, which is never a working day."]
    if not is_working_day(day, holidays):
        return ["This day is a bank holiday or a closure already."]
    return []
