"""The demonstration reads like a council's year, on whichever day it is made."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import localdate

from config.demo.cases import make_cases
from config.demo.development import make_development
from config.demo.family_data import make_family_data
from config.demo.people import make_people
from people.models import Delegation
from portfolios.family_data_selectors import looked_through
from portfolios.models import Evidence
from progression.models import DeadlineKind, Event
from progression.states import State
from reviews.models import Hearing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("weekday", [2, 6], ids=["a Wednesday", "a Sunday"])
def test_the_dates_make_sense(weekday):
    today = localdate() - timedelta(days=(localdate().weekday() - weekday) % 7)
    call_command("load_bank_holidays", verbosity=0)
    call_command("load_schemes", verbosity=0)
    people = make_people(today=today)
    cases = make_cases(people, today=today)
    make_development(people, today=today)
    make_family_data(people, today=today)
    assert looked_through(Evidence.objects.get(worker=people["worker1"], complete=False)).unanswered
    for state, case in cases.items():
        case.refresh_from_db()
        assert case.state == state
    acted = [localdate(event.at) for event in Event.objects.exclude(actor=None)]
    assert max(acted) <= today and not [day for day in acted if day.weekday() > 4]
    for state in (State.UPHELD, State.DISMISSED):
        decided = cases[state].events.get(to_state=state)
        deadline = cases[state].deadlines.get(kind=DeadlineKind.DECIDE_REVIEW)
        assert localdate(decided.at) <= deadline.due_on
    away = Delegation.objects.get()
    hearing = Hearing.objects.get(appeal__application=cases[State.UNDER_APPEAL])
    assert away.last_day < localdate(hearing.starts_at)
