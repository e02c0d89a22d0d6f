"""Two at the same moment, on the same form."""

from threading import Event

import pytest

from payroll import transitions
from payroll.models import DocumentKind
from progression.models import Application
from reviews import reversal_transitions
from tests.at_once import at_once
from tests.walk import NOW, State, application_at, contract_accepted, organisation, payroll_of

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
