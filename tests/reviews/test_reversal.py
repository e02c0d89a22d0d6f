"""An authorisation made in error is taken back by two people; it and its taking back are kept. R15."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from payroll.models import Letter, LetterKind, WhyStopped
from people.models import Post
from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from progression.also_waiting import also_waiting
from progression.models import Notice
from progression.permissions import can_authorise
from reviews import reversal_transitions, transitions
from reviews.models import Authorisation, Reversal
from tests import council, standing_in, walk
from tests.built_once import built_once
from tests.council import NOW, TODAY, organisation
from tests.reading import carried, text
from tests.walk import WHY_NOT, State, application_at

PAGE = "/applications/<reference>/reverse/"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("R15", scheme="medway-2010", page=PAGE)]
REASON = "It was meant for somebody of the same name."
STATES = ["authorised", "with_payroll", "in_pay"]


def build():
    place = organisation()
    return SimpleNamespace(
        place=place,
        authorised=application_at(State.AUTHORISED, place),
        with_payroll=application_at(State.SENT_TO_PAYROLL, place),
        in_pay=application_at(State.IMPLEMENTED, place),
        upheld=application_at(State.UPHELD, place),
        recommended=application_at(State.RECOMMENDED, place),
        elsewhere=organisation(),
    )


built, cases = built_once(build)


def ask(application, actor, reason=REASON):
    return reversal_transitions.ask_to_reverse(application, actor=actor, reason=reason, now=NOW)


def confirm(application, actor):
    return reversal_transitions.confirm_reversal(application, actor=actor, now=NOW)


def refuse(application, actor, answer="It was right."):
    return reversal_transitions.refuse_reversal(application, actor=actor, answer=answer, now=NOW)


@pytest.mark.parametrize("state", STATES)
def test_two_people_take_it_back_and_it_waits_for_a_decision_again(cases, state):
    application, place = getattr(cases, state), cases.place
    ask(application, place.head)
    reversed_one = confirm(application, place.director)
    assert reversed_one.state == State.RECOMMENDED
    assert reversed_one.authoriser is None
    assert reversed_one.effective_date == reversed_one.assessed_on, "the day the manager signed, R17"
    kept = Reversal.objects.get(authorisation__application=application)
    assert (kept.asked_by, kept.answered_by, kept.confirmed) == (place.head, place.director, True)
    assert kept.authorisation.authorised, "what was decided stays as it was"
    event = application.events.get(verb="reversed")
    assert (event.actor, event.reason, event.detail["asked_by"]) == (place.director, REASON, place.head.name)


@pytest.mark.parametrize("state", STATES)
def test_no_pay_changes_by_its_form(cases, state):
    application = getattr(cases, state)
    ask(application, cases.place.head)
    confirm(application, cases.place.director)
    first = application.pay_forms.get(version=1)
    assert (first.stopped_at, first.stopped_because) == (NOW, WhyStopped.REVERSED)
    assert Post.objects.get(holder=application.worker).level == 2
    told = application.pay_forms.filter(version=2).first()
    if state == "authorised":
        assert told is None, "payroll never saw the first"
    else:
        assert not told.progressed and REASON in told.content["reasons"]


def test_the_worker_is_told_and_gets_a_letter(cases):
    ask(cases.in_pay, cases.place.head)
    confirm(cases.in_pay, cases.place.director)
    kinds = Notice.objects.filter(application=cases.in_pay, recipient=cases.in_pay.worker)
    assert kinds.filter(kind__in=["authorisation_reversed", "news_for_worker"]).exists()
    letters = Letter.objects.filter(application=cases.in_pay, kind=LetterKind.OUTCOME).order_by("number")
    assert [letter.number for letter in letters] == [1, 2]
    assert REASON in str(letters[1].content)


@pytest.mark.parametrize("decide", ["again", "decline"])
def test_it_is_decided_again_under_the_next_number(cases, decide):
    application, place = cases.with_payroll, cases.place
    ask(application, place.head)
    confirm(application, place.director)
    if decide == "again":
        transitions.authorise(application, actor=place.service_manager, now=NOW, today=TODAY)
    else:
        transitions.decline(application, actor=place.service_manager, **WHY_NOT, now=NOW)
    first, second = Authorisation.objects.filter(application=application).order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert (first.authorised, second.authorised) == (True, decide == "again")


def test_whoever_asks_does_not_confirm(cases):
    ask(cases.authorised, cases.place.head)
    with pytest.raises(NotAllowed, match="somebody else must confirm"):
        confirm(cases.authorised, cases.place.head)
    with pytest.raises(IntegrityError, match="reversal_by_two_people"), transaction.atomic():
        Reversal.objects.update(answered_by=cases.place.head, answered_at=NOW, confirmed=True)


def test_nor_somebody_standing_in_for_whoever_asks(cases):
    place, stand_in = cases.place, cases.elsewhere.head
    standing_in.away(place.head, stand_in)
    ask(cases.authorised, place.head)
    with pytest.raises(NotAllowed, match=f"{place.head.name} asked for this"):
        confirm(cases.authorised, stand_in)
    ask(cases.with_payroll, stand_in)
    with pytest.raises(NotAllowed, match="somebody else must confirm"):
        confirm(cases.with_payroll, place.head)
    assert confirm(cases.with_payroll, place.director).state == State.RECOMMENDED


def test_both_names_of_whoever_confirms_standing_in(cases):
    place, stand_in = cases.place, cases.elsewhere.head
    standing_in.away(place.head, stand_in)
    ask(cases.authorised, place.director)
    confirm(cases.authorised, stand_in)
    event = cases.authorised.events.get(verb="reversed")
    assert (event.actor, event.on_behalf_of) == (stand_in, place.head)
    letter = Letter.objects.filter(application=cases.authorised, kind=LetterKind.OUTCOME).latest("number")
    assert place.head.name in str(letter.content["signed_by"])


def test_whoever_it_was_taken_back_for_may_decide_anew(cases):
    """They had no part in the assessment: the case is only back where it waits for a decision."""
    place, stand_in = cases.place, cases.elsewhere.head
    delegation = standing_in.away(place.head, stand_in)
    ask(cases.authorised, place.director)
    application = confirm(cases.authorised, stand_in)
    assert [can_authorise(one, application) for one in (place.head, stand_in)] == [True, True]
    standing_in.back(delegation)
    assert [can_authorise(one, application) for one in (place.head, stand_in)] == [True, False]


@pytest.mark.parametrize("whose", ["worker", "assessor"])
def test_nor_worker_nor_assessor(cases, whose):
    user = getattr(cases.authorised, whose)
    user.role = Role.HEAD_OF_SERVICE
    user.save()
    cases.place.service.officers.add(user)
    with pytest.raises(NotAllowed):
        ask(cases.authorised, user)
    ask(cases.authorised, cases.place.head)
    with pytest.raises(NotAllowed):
        confirm(cases.authorised, user)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Reversal.objects.update(answered_by=user, answered_at=NOW, confirmed=True)
    assert refused.value.__cause__.diag.constraint_name == "reversal_by_neither"


def test_nor_anybody_below_the_rank_or_of_another_service(cases):
    place = cases.place
    for user in (place.manager, place.other_manager, place.payroll, place.psw, place.auditor):
        with pytest.raises(NotAllowed):
            ask(cases.authorised, user)
    with pytest.raises(NotAllowed):
        ask(cases.authorised, cases.elsewhere.head)


def test_it_may_stand_with_a_reason_and_be_asked_again(cases):
    ask(cases.in_pay, cases.place.head)
    with pytest.raises(Blocked):
        refuse(cases.in_pay, cases.place.director, answer=" ")
    assert refuse(cases.in_pay, cases.place.director).state == State.IMPLEMENTED
    assert Reversal.objects.get().answer == "It was right."
    assert not cases.in_pay.pay_forms.exclude(stopped_at=None).exists()
    assert ask(cases.in_pay, cases.place.head)


def test_it_is_asked_once_at_a_time_with_a_reason(cases):
    with pytest.raises(Blocked):
        ask(cases.authorised, cases.place.head, reason="  ")
    ask(cases.authorised, cases.place.head)
    with pytest.raises(Blocked, match="a second person answers it"):
        ask(cases.authorised, cases.place.service_manager)
    with pytest.raises(Blocked, match="Nobody asks"):
        confirm(cases.with_payroll, cases.place.director)


@pytest.mark.rule("R21")
def test_a_decided_review_is_final(cases):
    for application in (cases.upheld, walk.sent_to_payroll(cases.upheld)):
        with pytest.raises(Blocked):
            ask(application, cases.place.head)
    with pytest.raises(Blocked, match="rests on a decided review, which is final"):
        ask(cases.upheld, cases.place.head)


def test_there_is_nothing_to_take_back_before(cases):
    with pytest.raises(Blocked, match="Recommended|recommended"):
        ask(cases.recommended, cases.place.head)


@pytest.mark.rule("R1")
def test_not_beside_another_open_application():
    place = organisation()
    worker = council.social_worker(place.team, level=1, spinal_point=35)
    application = application_at(State.IMPLEMENTED, worker=worker)
    worker.refresh_from_db()
    other = walk.started(type(worker).objects.get(pk=worker.pk))
    with pytest.raises(Blocked, match=other.reference):
        ask(application, place.head)


@pytest.mark.rule("R1")
def test_another_one_begun_at_this_very_moment_is_said_to_the_senior(monkeypatch):
    """The database has the last word, in words for whoever reads them: it is not their application."""
    place = organisation()
    worker = council.social_worker(place.team, level=1, spinal_point=35)
    application = application_at(State.IMPLEMENTED, worker=worker)
    ask(application, place.head)
    walk.started(type(worker).objects.get(pk=worker.pk), now=NOW)
    monkeypatch.setattr("reviews.reversal_policies.check_reversible", lambda application: None)
    with pytest.raises(Blocked) as refused, transaction.atomic():
        confirm(application, place.director)
    assert refused.value.sentences == [
        f"{worker.name} has just opened another application: it must end before this opens again."
    ]
    application.refresh_from_db()
    assert application.state == State.IMPLEMENTED


def test_not_below_a_later_award():
    """Taken back, it would wait for a decision that nobody can make: the worker has gone on from there."""
    place = organisation()
    worker = council.social_worker(place.team, level=1, spinal_point=35)
    first = application_at(State.IMPLEMENTED, worker=worker)
    second = application_at(State.IMPLEMENTED, worker=type(worker).objects.get(pk=worker.pk))
    with pytest.raises(Blocked, match=f"by {second.reference}: take that back first"):
        ask(first, place.head)
    ask(second, place.head)
    confirm(second, place.director)
    walk.declined(second)
    assert ask(first, place.head)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reviews_reversal SET reason = 'other'",
        "UPDATE reviews_reversal SET confirmed = false, answer = 'x'",
        "DELETE FROM reviews_reversal",
        "TRUNCATE reviews_reversal",
        "UPDATE reviews_authorisation SET authorised = false, reasons = 'x', required = 'x'",
        "DELETE FROM reviews_authorisation",
    ],
)
def test_both_are_kept(cases, change):
    ask(cases.authorised, cases.place.head)
    confirm(cases.authorised, cases.place.director)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only|is fixed"), transaction.atomic():
            cursor.execute(change)


def test_the_pages(client, cases):
    page = reverse("reviews:reverse", args=[cases.with_payroll.reference])
    client.force_login(cases.place.head)
    checked = client.post(page, {"reason": REASON, "check": "check"})
    assert "Check before you send" in text(checked)
    done = client.post(page, carried(checked) | {"sign": "sign"}, follow=True)
    assert "A second person is asked to confirm this" in text(done)
    assert "Waiting for a second person" in text(client.get(page))
    assert also_waiting(cases.place.head, today=TODAY) == []

    client.force_login(cases.place.director)
    assert "An authorisation to take back" in text(client.get("/"))
    assert REASON in text(client.get(page))
    checked = client.post(page, {"confirmed": "yes", "check": "check"})
    assert "You confirm that the authorisation was made in error." in text(checked)
    done = client.post(page, carried(checked) | {"sign": "sign"}, follow=True)
    assert "The authorisation is taken back" in text(done)
    cases.with_payroll.refresh_from_db()
    assert cases.with_payroll.state == State.RECOMMENDED
    outcome = client.get(reverse("reviews:outcome", args=[cases.with_payroll.reference]))
    assert outcome.status_code == 404, "there is no outcome while it is decided again"
