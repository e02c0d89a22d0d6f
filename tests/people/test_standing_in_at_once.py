"""Two arrangements for the same days at the same moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import transitions
from people.models import Delegation
from people.policies import Blocked
from tests.at_once import at_once
from tests.council import organisation


@pytest.mark.django_db(transaction=True)
def test_two_arranged_at_the_same_moment_are_one():
    """Two tabs, two people chosen, the same days: one is made, and the other tab is told."""
    place, now = organisation(), timezone.now()
    days = {"first_day": timezone.localdate(now), "last_day": timezone.localdate(now) + timedelta(days=4)}

    def arrange(to):
        return transitions.delegate(place.manager, to=to, **days, actor=place.manager, now=now)

    chosen = (place.other_manager, place.service_manager)
    outcomes = at_once(*(lambda to=to: arrange(to) for to in chosen))
    assert Delegation.objects.count() == 1
    assert sum(isinstance(outcome, Blocked) for outcome in outcomes) == 1
