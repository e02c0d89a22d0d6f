"""Forms issued by several workers at once, by a real Celery worker, and with the queue down. R13, R16."""

import time

import pytest

from config.celery import app
from payroll import issuing, tasks, transitions
from payroll.models import DocumentKind, Download, IssuedDocument, Letter, LetterKind, PayForm
from people.models import Post
from people.policies import Blocked
from progression.models import Application, Event
from reviews.models import Authorisation
from tests import council, walk
from tests.at_once import at_once
from tests.council import NOW, TODAY, organisation, payroll_of
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_four_sweepers_make_each_document_once():
    place = organisation()
    applications = [application_at(State.AUTHORISED, place) for _ in range(3)]
    declined = application_at(State.DECLINED, place)
    assert at_once(*[tasks.issue_documents] * 4) == [None] * 4
    assert PayForm.objects.filter(issued_at__isnull=False, attempts=1).count() == 4
    assert IssuedDocument.objects.filter(letter=None).count() == 8
    assert not Letter.objects.filter(issued_at=None).exclude(attempts=0).exists()
    assert Letter.objects.filter(kind=LetterKind.VARIATION, attempts__lte=1).count() == 3
    assert set(
        Application.objects.filter(pk__in=[one.pk for one in applications]).values_list("state", flat=True)
    ) == {State.SENT_TO_PAYROLL}
    assert Event.objects.filter(to_state=State.SENT_TO_PAYROLL).count() == 3
    declined.refresh_from_db()
    assert declined.state == State.DECLINED


def test_the_same_form_issued_by_two_at_once_is_made_once():
    form = application_at(State.AUTHORISED).pay_forms.get()
    first, second = at_once(*[lambda: transitions.issue(form, now=NOW)] * 2)
    assert first.issued_at == second.issued_at == NOW
    assert IssuedDocument.objects.count() == 2


def test_a_form_that_another_worker_holds_is_passed_over():
    place = organisation()
    for _ in range(2):
        application_at(State.AUTHORISED, place)
    first, second = at_once(*[lambda: issuing.claim(now=NOW)] * 2)
    assert {first, second} == set(PayForm.objects.all())


def test_put_in_pay_twice_at_once():
    application = walk.contract_accepted(application_at(State.SENT_TO_PAYROLL))
    form, payroll = application.pay_forms.get(), payroll_of(application)
    answers = at_once(*[lambda: transitions.put_in_pay(form, actor=payroll, now=NOW)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["Blocked", "PayForm"]
    (blocked,) = [answer for answer in answers if isinstance(answer, Blocked)]
    assert payroll.name in str(blocked)
    assert Post.objects.get(holder=application.worker).spinal_point == 41
    assert Event.objects.filter(to_state=State.IMPLEMENTED).count() == 1


def test_two_downloads_at_once_are_both_noted_and_mark_the_form_once():
    application = application_at(State.SENT_TO_PAYROLL)
    document = application.pay_forms.get().documents.get(kind=DocumentKind.PAY_FORM)
    payroll = payroll_of(application)
    one, two = at_once(*[lambda: transitions.download(document, actor=payroll, now=NOW)] * 2)
    assert one == two == bytes(document.content)
    assert Download.objects.count() == 2
    assert Event.objects.filter(verb="downloaded the form").count() == 1


def test_a_decision_stands_while_the_queue_is_down(monkeypatch, caplog):
    """The nudge fails; the decision and its form do not. The sweeper finds the form when it comes round."""
    application = application_at(State.RECOMMENDED)
    monkeypatch.setattr(app.conf, "broker_url", "redis://localhost:1/0")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    began = time.monotonic()
    with caplog.at_level("INFO", logger="payroll.issuing"):
        walk.authorised(application)
    assert "The queue is down" in caplog.text
    assert time.monotonic() - began < 10
    assert Authorisation.objects.filter(application=application).exists()
    assert application.pay_forms.get().issued_at is None
    tasks.issue_documents()
    application.refresh_from_db()
    assert application.state == State.SENT_TO_PAYROLL


def test_a_real_worker_issues_the_form_that_a_decision_opens(celery_worker_process):
    application = application_at(State.RECOMMENDED)
    walk.reviews.authorise(application, actor=council.authoriser_of(application), now=NOW, today=TODAY)
    form = application.pay_forms.get()
    deadline = time.monotonic() + 60
    while form.issued_at is None and time.monotonic() < deadline:
        time.sleep(0.2)
        form.refresh_from_db()
    assert form.issued_at is not None, form.last_fault
    assert form.documents.count() == 2
    application.refresh_from_db()
    assert application.state == State.SENT_TO_PAYROLL
