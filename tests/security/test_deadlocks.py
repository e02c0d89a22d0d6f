"""Two at the same moment, on the same form."""

import time
from datetime import date
from threading import Event

import pytest
from django.db import connection, transaction

from payroll import transitions
from payroll.models import DocumentKind
from progression import closure_transitions, reminders
from progression.models import Application, DeadlineKind
from progression.transitions import lock
from reviews import reversal_transitions
from reviews import transitions as reviews
from tests.at_once import at_once
from tests.council import NOW, TODAY, organisation, payroll_of
from tests.walk import WHY_NOT, State, application_at, contract_accepted

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_takes_the_form_while_the_other_puts_it_in_pay():
    """Both lock the case and its form: in the same order, or each would wait for the other for good."""
    application = contract_accepted(application_at(State.SENT_TO_PAYROLL))
    form = application.pay_forms.get()
    document = form.documents.get(kind=DocumentKind.PAY_FORM)
    actor = payroll_of(application)
    taken, paid = at_once(
        lambda: transitions.download(document, actor=actor, now=NOW),
        lambda: transitions.put_in_pay(form, actor=actor, now=NOW),
    )
    assert isinstance(taken, bytes), taken
    assert not isinstance(paid, Exception), paid
    assert Application.objects.get(pk=application.pk).state == State.IMPLEMENTED


def test_a_form_is_made_while_its_authorisation_is_taken_back(monkeypatch):
    """Making it takes a second, in which somebody may stop it: one waits for the other, and neither fails."""
    place = organisation()
    application = application_at(State.AUTHORISED, place)
    reversal_transitions.ask_to_reverse(application, actor=place.head, reason="The wrong person.", now=NOW)
    form, begun, stopping = application.pay_forms.get(), Event(), Event()
    write, stop = transitions._write_documents, reversal_transitions.stop_form

    def write_slowly(pay_form, *, now):
        begun.set()
        stopping.wait(2)
        write(pay_form, now=now)

    def stop_and_say_so(*args, **about):
        stopping.set()
        return stop(*args, **about)

    monkeypatch.setattr(transitions, "_write_documents", write_slowly)
    monkeypatch.setattr(reversal_transitions, "stop_form", stop_and_say_so)

    def take_back():
        begun.wait(10)
        return reversal_transitions.confirm_reversal(application, actor=place.director, now=NOW)

    made, taken_back = at_once(lambda: transitions.issue(form, now=NOW), take_back)
    assert not isinstance(made, Exception), made
    assert not isinstance(taken_back, Exception), taken_back
    form.refresh_from_db()
    assert (form.issued_at, form.stopped_at) == (NOW, NOW)
    assert Application.objects.get(pk=application.pk).state == State.RECOMMENDED


CLOSED_ON = date(2026, 3, 18)


def until_somebody_waits(over):
    """Return once somebody waits for a lock of PostgreSQL, or `over` says that nobody will."""
    for _ in range(100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] or over.is_set():
                return
        time.sleep(0.05)


def close_offices(place, begun, over):
    """The head of service closes the offices for a day, while somebody else is in the middle of a case."""
    begun.wait(10)
    try:
        return closure_transitions.close_offices(
            place.service, day=CLOSED_ON, title="Moving house", actor=place.head, today=TODAY
        )
    finally:
        over.set()


@pytest.mark.rule("R19")
def test_offices_are_closed_while_a_case_s_deadlines_end_one_by_one():
    """Both lock the case before its deadlines, or each would hold one of two and wait for the other."""
    place = organisation()
    application = application_at(State.DECLINED, place)
    reminders.open_deadline(application, DeadlineKind.DECIDE_LATE_REQUEST, working_days=20, now=NOW)
    begun, over = Event(), Event()

    @transaction.atomic
    def end_them():
        locked = lock(application, State.DECLINED)
        reminders.close(locked, DeadlineKind.DECIDE_LATE_REQUEST, now=NOW)
        begun.set()
        until_somebody_waits(over)
        reminders.close_all(locked, now=NOW)

    ended, closed = at_once(end_them, lambda: close_offices(place, begun, over))
    assert ended is None, ended
    assert not isinstance(closed, Exception), closed
    assert not application.deadlines.filter(closed_on=None).exists()


@pytest.mark.rule("R19")
def test_a_right_that_begins_while_offices_are_closed_has_its_whole_time():
    """The refusal counted its days before the closure was there: nobody loses a day by it."""
    place = organisation()
    application = application_at(State.RECOMMENDED, place)
    begun, over = Event(), Event()

    @transaction.atomic
    def refuse():
        reviews.decline(application, actor=place.service_manager, **WHY_NOT, now=NOW)
        begun.set()
        until_somebody_waits(over)

    refused, closed = at_once(refuse, lambda: close_offices(place, begun, over))
    assert refused is None, refused
    assert not isinstance(closed, Exception), closed
    assert application.deadlines.get(closed_on=None).due_on == date(2026, 3, 25)
