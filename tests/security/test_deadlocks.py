"""Two people of payroll at the same moment, on the same form."""

import pytest

from payroll import transitions
from payroll.models import DocumentKind
from progression.models import Application
from tests.at_once import at_once
from tests.walk import NOW, State, application_at, contract_accepted, payroll_of

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
