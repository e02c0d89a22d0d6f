"""A refusal looked at again: in time, in writing, by the right person, once. R1, R15, R19-R21, R31, R32."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from payroll.letters import PayFormContent
from payroll.models import PayForm
from people.models import Post
from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from progression.models import Application
from progression.permissions import can_hear_review
from reviews import appeal_transitions, transitions
from reviews.models import Appeal
from tests import council, walk
from tests.built_once import built_once
from tests.council import NOW, organisation, person
from tests.walk import WHY_NOT, State, application_at

pytestmark = pytest.mark.django_db

GROUNDS = "The court report of October was not read."
# Decided on Monday 30 March 2026; Good Friday and Easter Monday fall inside the ten working days after it.
DECIDED = NOW + timedelta(days=20)
DECIDED_ON = DECIDED.date()
LAST_DAY = date(2026, 4, 15)


def build():
    place = organisation()
    recommended = application_at(State.RECOMMENDED, place)
    under_review = application_at(State.UNDER_APPEAL, place)
    walk.heard(under_review)
    return SimpleNamespace(
        place=place,
        declined=walk.declined(recommended, now=DECIDED),
        refused=walk.refused(application_at(State.NOT_RECOMMENDED, place), now=DECIDED),
        under_review=under_review,
        elsewhere=organisation(),
    )


built, cases = built_once(build)


def lodge(application, *, on=DECIDED_ON, **changes):
    now = DECIDED.replace(year=on.year, month=on.month, day=on.day)
    wanted = {"actor": application.worker, "grounds": GROUNDS, "now": now, "today": on}
    return appeal_transitions.lodge_review(application, **wanted | changes)


def uphold(application, by, **changes):
    wanted = {"reasons": "It was there.", "now": DECIDED, "today": DECIDED_ON}
    return appeal_transitions.uphold(application, actor=by, **wanted | changes)


def hear_and_uphold(application, by):
    after = walk.heard(application, by=by, now=DECIDED)
    return uphold(application, by, now=after, today=after.date())


@pytest.mark.parametrize("state", ["declined", "refused"])
def test_R19_a_refusal_can_be_looked_at_again(cases, state):
    application = lodge(getattr(cases, state))
    assert application.state == State.UNDER_APPEAL
    assert application.appeal.grounds == GROUNDS
    assert application.events.get(to_state=State.UNDER_APPEAL).reason == GROUNDS


@pytest.mark.rule("R19", scheme="medway-2010")
def test_R19_the_tenth_working_day_is_in_time(cases):
    assert lodge(cases.declined, on=LAST_DAY).state == State.UNDER_APPEAL


@pytest.mark.rule("R19", scheme="medway-2010")
def test_R19_the_day_after_is_too_late_and_the_sentence_says_the_day(cases):
    with pytest.raises(Blocked, match="The last day to ask for a review was 15 April 2026"):
        lodge(cases.declined, on=LAST_DAY + timedelta(days=1))
    assert not Appeal.objects.filter(application=cases.declined).exists()


def test_R19_the_reasons_are_in_writing(cases):
    for nothing in ("", " \n "):
        with pytest.raises(Blocked, match="Say why you ask"):
            lodge(cases.declined, grounds=nothing)


def test_R19_only_the_worker_asks(cases):
    colleague = council.social_worker(cases.declined.team)
    for other in (*cases.place.everybody.values(), colleague):
        with pytest.raises(NotAllowed):
            lodge(cases.declined, actor=other)


def test_R1_not_beside_another_open_application(cases):
    walk.started(cases.declined.worker, now=DECIDED)
    with pytest.raises(Blocked, match="another application"):
        lodge(cases.declined)


def test_R1_the_database_has_the_last_word_and_it_is_a_sentence(cases, monkeypatch):
    """As when the worker opens another application in another tab at this very moment."""
    walk.started(cases.declined.worker, now=DECIDED)
    monkeypatch.setattr("reviews.policies.check_may_ask", lambda application, *, today: None)
    with pytest.raises(Blocked, match="another application open"), transaction.atomic():
        lodge(cases.declined)
    cases.declined.refresh_from_db()
    assert cases.declined.state == State.DECLINED


def test_it_is_asked_once(cases):
    lodge(cases.declined)
    with pytest.raises(Blocked):
        lodge(cases.declined)


@pytest.mark.rule("R32", scheme="redbridge-2013")
def test_R32_redbridge_has_no_time_limit():
    application = application_at(State.REFUSED, scheme="redbridge-2013")
    assert lodge(application, on=NOW.date() + timedelta(days=700)).state == State.UNDER_APPEAL


def test_R19_who_hears_it_and_who_does_not(cases):
    application, place = cases.under_review, cases.place
    may = [user for user in place.everybody.values() if can_hear_review(user, application)]
    assert may == [place.director]
    for stranger in (*cases.elsewhere.everybody.values(), person(Role.ASSISTANT_DIRECTOR)):
        assert not can_hear_review(stranger, application), stranger.role
    for user in (place.head, place.manager, application.worker, cases.elsewhere.director):
        with pytest.raises(NotAllowed):
            uphold(application, user)
        with pytest.raises(NotAllowed):
            appeal_transitions.dismiss(application, actor=user, **WHY_NOT, now=DECIDED)


@pytest.mark.rule("R20")
@pytest.mark.parametrize("whose", ["worker", "assessor"])
def test_R20_neither_worker_nor_assessor_hears_it_when_promoted(cases, whose):
    user = getattr(cases.under_review, whose)
    user.role = Role.ASSISTANT_DIRECTOR
    user.save()
    cases.place.service.officers.add(user)
    with pytest.raises(NotAllowed, match="your own or that you assessed"):
        uphold(cases.under_review, user)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Appeal.objects.filter(application=cases.under_review).update(
            heard_by=user, decided_at=DECIDED, upheld=True, reasons="x"
        )
    assert refused.value.__cause__.diag.constraint_name == "appeal_heard_by_neither"


def test_R19_whoever_declined_does_not_hear_it_unless_the_scheme_says_so(cases):
    application = application_at(State.RECOMMENDED, cases.place)
    transitions.decline(application, actor=cases.place.director, **WHY_NOT, now=DECIDED)
    lodge(application)
    with pytest.raises(NotAllowed, match="You made the decision"):
        uphold(application, cases.place.director)
    another = person(Role.ASSISTANT_DIRECTOR)
    cases.place.service.officers.add(another)
    assert hear_and_uphold(application, another).state == State.UPHELD


@pytest.mark.rule("R32", scheme="redbridge-2013")
def test_R32_in_redbridge_the_head_of_service_hears_their_own_decision():
    place = organisation("redbridge-2013")
    application = application_at(State.UNDER_APPEAL, place)
    assert application.authorisations.get().decided_by == place.head
    upheld = uphold(application, place.head, tests_met=[True, True])
    assert (upheld.state, upheld.effective_date) == (State.UPHELD, NOW.date())


def test_R17_upheld_runs_from_the_day_the_manager_signed_and_is_the_hearers(cases):
    application = uphold(cases.under_review, cases.place.director)
    assert application.state == State.UPHELD
    assert application.authoriser == cases.place.director
    assert application.effective_date == application.assessed_on == NOW.date()
    appeal = Appeal.objects.get(application=application)
    assert (appeal.upheld, appeal.heard_by, appeal.decided_at) == (True, cases.place.director, DECIDED)


def test_R17_so_does_one_that_the_manager_had_not_recommended(cases):
    application = hear_and_uphold(lodge(cases.refused), cases.place.director)
    assert application.effective_date == application.assessed_on


def test_R13_upheld_makes_a_second_form_that_says_progressed(cases):
    application = hear_and_uphold(lodge(cases.refused), cases.place.director)
    first, second = PayForm.objects.filter(application=application).order_by("version")
    assert (first.progressed, second.progressed, second.version) == (False, True, 2)
    said = PayFormContent.from_json(second.content)
    assert (said.authoriser, said.reasons) == (cases.place.director.name, "Review upheld. It was there.")
    assert said.criteria_met is False, "the manager's finding stands as it was signed"


def test_R22_what_stops_an_award_stops_upholding_too(cases):
    Post.objects.filter(holder=cases.under_review.worker).update(spinal_point=None)
    with pytest.raises(Blocked, match="no spinal column point"):
        uphold(cases.under_review, cases.place.director)
    assert Appeal.objects.get(application=cases.under_review).decided_at is None


@pytest.mark.rule("R21")
def test_R21_dismissing_gives_reasons_and_what_to_do(cases):
    application = appeal_transitions.dismiss(
        cases.under_review, actor=cases.place.director, **WHY_NOT, now=DECIDED
    )
    appeal = Appeal.objects.get(application=application)
    assert (application.state, appeal.upheld) == (State.DISMISSED, False)
    assert (appeal.reasons, appeal.required) == tuple(WHY_NOT.values())
    assert application.pay_forms.count() == 1


@pytest.mark.parametrize("missing", ["reasons", "required"])
def test_R21_not_without_them(cases, missing):
    with pytest.raises(Blocked):
        appeal_transitions.dismiss(
            cases.under_review, actor=cases.place.director, **WHY_NOT | {missing: " "}, now=DECIDED
        )


def test_R21_upholding_has_its_reasons_too(cases):
    with pytest.raises(Blocked, match="Give your full reasons"):
        uphold(cases.under_review, cases.place.director, reasons="  ")


@pytest.mark.rule("R21")
def test_R21_a_review_is_decided_once(cases):
    uphold(cases.under_review, cases.place.director)
    with pytest.raises(Blocked, match="moved this application"):
        appeal_transitions.dismiss(cases.under_review, actor=cases.place.director, **WHY_NOT, now=DECIDED)


def test_R1_dismissed_leaves_the_worker_free_to_start_again(cases):
    appeal_transitions.dismiss(cases.under_review, actor=cases.place.director, **WHY_NOT, now=DECIDED)
    again = walk.started(cases.under_review.worker, now=DECIDED)
    assert Application.objects.get(pk=again.pk).state == State.DRAFT


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE reviews_appeal SET grounds = 'other'", "is fixed"),
        ("UPDATE reviews_appeal SET lodged_at = now()", "is fixed"),
        ("DELETE FROM reviews_appeal", "append-only"),
        ("TRUNCATE reviews_appeal CASCADE", "append-only"),
    ],
)
def test_what_was_asked_never_changes(cases, change, says):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match=says), transaction.atomic():
            cursor.execute(change)


def test_nor_does_what_was_decided(cases):
    uphold(cases.under_review, cases.place.director)
    with pytest.raises(IntegrityError, match="is fixed"), transaction.atomic():
        Appeal.objects.filter(application=cases.under_review).update(reasons="other")


def test_R21_half_a_decision_is_refused(cases):
    with pytest.raises(IntegrityError, match="appeal_decided_whole"), transaction.atomic():
        Appeal.objects.filter(application=cases.under_review).update(decided_at=DECIDED, upheld=False)
