"""Rows of the table for what people are told, and for the days on which offices are shut."""

from django.utils.timezone import localdate

from progression import selectors
from progression.closure_transitions import close_offices
from progression.deadlines import add_working_days
from progression.models import Notice
from tests.access.cast import (
    ADMINISTRATOR,
    ASSESSING_HEAD,
    HEAD,
    MANAGER,
    NOBODY,
    OUTSIDE_HEAD,
    SIGNED_IN,
)
from tests.access.row import Row

TOO_LARGE = 10**30
HEADS = HEAD | ASSESSING_HEAD | OUTSIDE_HEAD
TOLD = {"news": "daily", "waiting": "at_once", "reminders": "here_only"}


def _to_manager(world):
    return {"pk": Notice.objects.filter(recipient=world.place.manager).earliest("pk").pk}


def _a_day_to_come():
    return add_working_days(localdate(), 20, selectors.bank_holidays())


def _closure(case):
    day = _a_day_to_come()
    return {
        "service": case.team.service_id,
        "title": "The offices are being painted",
        "day_0": day.day,
        "day_1": day.month,
        "day_2": day.year,
    }


def _closed(world):
    closure, _ = close_offices(
        world.place.service,
        day=_a_day_to_come(),
        title="Moving house",
        actor=world.place.head,
        today=localdate(),
    )
    return {"pk": closure.pk}


ROWS = (
    Row("you/notices/", opens=SIGNED_IN, sends=TOLD),
    Row("notices/", opens=SIGNED_IN),
    Row("notices/read/", post_only=True, acts=SIGNED_IN, sends={}, empty=302, keeps=False),
    Row("notices/<int:pk>/open/", post_only=True, acts=MANAGER, sends={}, empty=302, args=_to_manager),
    Row("notices/<int:pk>/open/", post_only=True, acts=NOBODY, sends={}, args={"pk": TOO_LARGE}),
    Row("closures/", opens=HEADS | ADMINISTRATOR, refused=SIGNED_IN - HEADS - ADMINISTRATOR, sends=_closure),
    Row(
        "closures/<int:pk>/remove/",
        opens=(HEADS | ADMINISTRATOR) - OUTSIDE_HEAD,
        sends={},
        empty=302,
        args=_closed,
    ),
    Row("closures/<int:pk>/remove/", acts=NOBODY, sends={}, args={"pk": TOO_LARGE}),
)
