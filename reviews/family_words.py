"""Family data in what is written in a case: looked for in each form, and kept only with a reason. ADR 0023.

A reason and the words that it is about are kept in one transaction: there are never such words without one.
"""

from contextlib import contextmanager
from functools import cache

from django.db import transaction
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from people.written import Given, Written, given
from portfolios.family_data_words import written_about
from reviews.models import ReasonWordsStay


def look_through(form, application, *, part, by):
    """Have what was sent looked through, as somebody's words about the worker of this case. Two queries.

    What has a reason in this `part` of the case is asked about no more. Returns the form.
    """
    if form.is_bound:
        stay = ReasonWordsStay.objects.filter(application=application, part=part)
        form.written = written_about(
            application.worker, by=by, about=_about(application), stay=stay.values("digest", "reason")
        )
    return form


@contextmanager
def reasons_kept(form, application, *, part, by, now, of=""):
    """What is done within is kept together with why passages stay in a valid form, or neither is.

    `of` is put before what each of the form's places is called.
    """
    reasons = [
        ReasonWordsStay(
            application=application,
            part=part,
            where=f"{of}: {told['where']}" if of else told["where"],
            kind=told["kind"],
            digest=told["digest"],
            reason=told["reason"],
            declared_at=now,
            declared_by=by,
        )
        for told in form.stays()
    ]
    if not reasons:
        yield
        return
    with transaction.atomic():
        ReasonWordsStay.objects.bulk_create(reasons, ignore_conflicts=True)
        yield


def reasons_in(application, *parts):
    """Why something stays in these parts of a case, as rows, in their order. One query."""
    return _reasons().objects(application=application.pk, parts=[str(part) for part in parts])


@cache
def _reasons():
    of_parts = RawSQL("part = ANY(%s)", [Given("parts")], output_field=BooleanField())
    return Written(ReasonWordsStay.objects.filter(of_parts, application=given("application")).order_by("pk"))


def _about(application):
    return f"case {application.pk}"
