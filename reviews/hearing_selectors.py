"""Reads of a hearing for pages that are not the review's own."""

from django.urls import reverse
from django.utils.timezone import localdate

from progression.diary import Ahead
from reviews.models import Hearing


def hearing_ahead(application, *, today):
    """The hearing of an application under review as an Ahead; None without one, or once its day is over.

    One query. R20.
    """
    arranged = Hearing.objects.filter(appeal__application=application)
    hearing = arranged.order_by("-appeal", "-sequence").first()
    if hearing is None or localdate(hearing.starts_at) < today:
        return None
    href = reverse("reviews:review", args=[application.reference])
    return Ahead("Hearing", hearing.starts_at, hearing.place, href)
