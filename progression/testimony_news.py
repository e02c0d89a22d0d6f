"""Tells workers that an observer has answered: once a day at most, and of no application."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate

from portfolios.observer_selectors import answered_since
from progression import outbox
from progression.notifications import TestimonyCame

LOOKS_BACK = timedelta(days=7)
"""A sweep that slept for a week loses nothing."""


@transaction.atomic
def tell(*, now):
    """Queue news for everybody to whom somebody answered, once for each day on which. Returns how many."""
    days = {(worker, localdate(at)) for worker, at in answered_since(now - LOOKS_BACK)}
    tellings = [
        outbox.Telling(recipient_id=worker, kind=TestimonyCame.kind, day=day) for worker, day in sorted(days)
    ]
    return outbox.put_in(tellings, now=now)
