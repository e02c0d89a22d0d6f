"""The authoriser's decision: who, when, what it writes, and what PostgreSQL refuses. R13-R18, R29-R31."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from payroll.letters import PayFormContent
from payroll.models import PayForm
from people.models import Post, User
from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from progression.models import ApplicationGrant
from progression.permissions import can_authorise
from reviews import transitions
from reviews.models import Authorisation
from tests.built_once import built_once
from tests.council import NOW, TODAY, organisation, person
from tests.walk import WHY_NOT, State, application_at, recommended, review_held

pytestmark = pytest.mark.django_db

DECIDED = NOW + timedelta(days=20)
DECIDED_ON = DECIDED.date()


def build():
    place = organisation()
    return SimpleNamespace(
        place=place,
        recommended=application_at(State.RECOMMENDED, place),
        not_recommended=application_at(State.NOT_RECOMMENDED, place),
        elsewhere=organisation(),
    )


built, cases = built_once(build)


def authorise(cases, **changes):
    wanted = {"actor": cases.place.service_manager, "now": DECIDED, "today": DECIDED_ON}
    return transitions.authorise(cases.recommended, **wanted | changes)


def decline(cases, **changes):
    wanted = {"actor": cases.place.service_manager, **WHY_NOT, "now": DECIDED}
    return transitions.decline(cases.recommended, **wanted | changes)


@pytest.mark.rule("R17", scheme="medway-2010")
def test_R17_the_award_runs_from_the_day_the_manager_signed(cases):
    application = authorise(cases)
    assert application.state == State.AUTHORISED
    assert application.authoriser == cases.place.service_manager
    assert application.effective_date == application.assessed_on == TODAY != DECIDED_ON


def test_R15_the_decision_is_written_once_with_who_and_when(cases):
    authorise(cases)
    decision = cases.recommended.authorisations.get()
    assert (decision.decided_by, decision.decided_at, decision.authorised) == (
        cases.place.service_manager,
        DECIDED,
        True,
    )
    event = cases.recommended.events.filter(to_state=State.AUTHORISED).get()
    assert event.actor == cases.place.service_manager
    assert event.detail == {"from_point": 37, "to_point": 41, "effective_date": TODAY.isoformat()}


def test_R13_the_form_says_what_the_decision_says(cases):
    authorise(cases)
    form = cases.recommended.pay_forms.get()
    said = PayFormContent.from_json(form.content)
    worker, post = cases.recommended.worker, cases.recommended.worker.post
    assert (said.name, said.ern, said.post_number) == (worker.name, post.ern, post.post_number)
    assert (said.from_point, said.to_point) == (37, 41)
    assert (said.from_salary, said.to_salary) == (Decimal("30851"), Decimal("34549"))
    assert (said.effective_from, said.assessed_on, said.authorised_on) == (TODAY, TODAY, DECIDED_ON)
    assert (said.progressed, said.criteria_met) == (True, True)
    assert (said.attendance, said.punctuality, said.diversity) == (True, True, True)
    assert (said.reasons, said.authoriser) == ("", cases.place.service_manager.name)
    assert (said.form_code, said.sent_to_name) == ("PAY002", "Payroll Services")
    assert form.submission == cases.recommended.assessments.get().submission
    assert form.issued_at is None


def test_whoever_decides_keeps_sight_of_the_case(cases):
    authorise(cases, actor=cases.place.head)
    assert ApplicationGrant.objects.filter(content_object=cases.recommended, user=cases.place.head).exists()


@pytest.mark.rule("R15", scheme="medway-2010")
def test_R15_who_may_authorise_and_who_may_not(cases):
    """A service manager of the service or anyone senior there; the others are each one step away."""
    place, application = cases.place, cases.recommended
    may = {place.service_manager, place.head, place.director}
    assert {user for user in place.everybody.values() if can_authorise(user, application)} == may
    for stranger in cases.elsewhere.everybody.values():
        assert not can_authorise(stranger, application), stranger.role
    assert not can_authorise(person(Role.SERVICE_MANAGER), application), "of no service"


@pytest.mark.rule("R15")
def test_R15_the_assessor_may_not_authorise_when_promoted(cases):
    assessor = cases.recommended.assessor
    assessor.role = Role.SERVICE_MANAGER
    assessor.save()
    cases.place.service.officers.add(assessor)
    with pytest.raises(NotAllowed, match="you assessed"):
        authorise(cases, actor=assessor)


def test_R15_the_worker_may_not_authorise_their_own_when_promoted(cases):
    worker = cases.recommended.worker
    worker.role = Role.HEAD_OF_SERVICE
    worker.save()
    cases.place.service.officers.add(worker)
    for move in (authorise, decline):
        with pytest.raises(NotAllowed, match="your own"):
            move(cases, actor=worker)
    assert not Authorisation.objects.filter(application=cases.recommended).exists()


@pytest.mark.parametrize(
    "who", ["manager", "other_manager", "payroll", "psw", "auditor", "administrator", "worker"]
)
def test_R15_nobody_else_decides(cases, who):
    for move in (authorise, decline):
        with pytest.raises(NotAllowed):
            move(cases, actor=getattr(cases.place, who))


def test_R18_declining_gives_reasons_in_full_and_what_is_required(cases):
    application = decline(cases)
    assert application.state == State.DECLINED
    decision = application.authorisations.get()
    assert (decision.authorised, decision.reasons, decision.required) == (False, *WHY_NOT.values())
    assert application.events.get(to_state=State.DECLINED).reason == WHY_NOT["reasons"]


@pytest.mark.rule("R18")
@pytest.mark.parametrize("missing", ["reasons", "required"])
@pytest.mark.parametrize("typed", ["", " \n\t "])
def test_R18_no_refusal_without_reasons_and_what_is_required(cases, missing, typed):
    with pytest.raises(Blocked):
        decline(cases, **{missing: typed})
    with pytest.raises(Blocked):
        transitions.confirm_refusal(
            cases.not_recommended, actor=cases.place.head, **WHY_NOT | {missing: typed}, now=DECIDED
        )
    assert not PayForm.objects.exists()


@pytest.mark.rule("R13", scheme="medway-2010")
def test_R13_a_refusal_makes_a_form_that_says_NOT_progressed(cases):
    decline(cases)
    form = cases.recommended.pay_forms.get()
    said = PayFormContent.from_json(form.content)
    assert (form.progressed, said.progressed, said.effective_from) == (False, False, None)
    assert (said.reasons, said.criteria_met) == (WHY_NOT["reasons"], True)


def test_R14_confirming_what_was_not_recommended(cases):
    application = transitions.confirm_refusal(
        cases.not_recommended, actor=cases.place.service_manager, **WHY_NOT, now=DECIDED
    )
    assert (application.state, application.effective_date) == (State.REFUSED, None)
    said = PayFormContent.from_json(application.pay_forms.get().content)
    assert (said.progressed, said.criteria_met) == (False, False)


def test_a_decision_is_made_on_its_own_recommendation_alone(cases):
    with pytest.raises(Blocked):
        transitions.confirm_refusal(cases.recommended, actor=cases.place.head, **WHY_NOT, now=DECIDED)
    for move in (transitions.decline, transitions.authorise):
        more = WHY_NOT if move is transitions.decline else {"today": DECIDED_ON}
        with pytest.raises(Blocked):
            move(cases.not_recommended, actor=cases.place.head, now=DECIDED, **more)


def test_the_second_to_decide_is_told_who_did_and_when(cases):
    authorise(cases, actor=cases.place.head)
    with pytest.raises(Blocked) as told:
        decline(cases)
    assert str(told.value).startswith(
        f"{cases.place.head.name} moved this application on 30 March 2026 at 10:00am."
    )
    assert cases.recommended.authorisations.count() == cases.recommended.pay_forms.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"spinal_point": None}, "has no spinal column point"),
        (
            {"spinal_point": 41},
            "is at spinal column point 41 already, and Level 3 Social Worker starts at 41",
        ),
        ({"spinal_point": 12}, "is at spinal column point 12, which the scheme does not have"),
        ({"level": 3}, "is at Level 3 in the directory, and this application starts from Level 2"),
    ],
)
def test_R22_a_post_that_cannot_move_as_the_scheme_says_stops_the_decision(cases, change, sentence):
    Post.objects.filter(holder=cases.recommended.worker).update(**change)
    with pytest.raises(Blocked, match=sentence):
        authorise(cases)
    assert not PayForm.objects.exists()
    decline(cases)


def test_R22_point_40_is_the_highest_that_still_moves_to_41(cases):
    Post.objects.filter(holder=cases.recommended.worker).update(spinal_point=40)
    authorise(cases)
    form = cases.recommended.pay_forms.get()
    assert (form.from_point, form.to_point) == (40, 41)


def test_2018_moves_no_points_because_it_publishes_none():
    application = application_at(State.AUTHORISED, scheme="medway-2018")
    form = application.pay_forms.get()
    assert (form.from_point, form.to_point, form.form) == (None, None, "PAY002")
    said = PayFormContent.from_json(form.content)
    assert (said.from_salary, said.to_salary, said.attendance) == (None, None, None)
    assert form.effective_from == application.assessed_on


@pytest.mark.rule("R29", scheme="redbridge-2013")
@pytest.mark.rule("R31", scheme="redbridge-2013")
def test_R29_R31_redbridge_is_decided_by_a_head_of_service_from_the_date_of_the_review():
    place = organisation("redbridge-2013")
    held_on = TODAY + timedelta(days=1)  # the day before the manager signs
    application = application_at(State.SUBMITTED, place, now=NOW + timedelta(days=1))
    review_held(application, now=NOW + timedelta(days=1))
    recommended(application, now=NOW + timedelta(days=2))
    when = {"now": DECIDED, "today": DECIDED_ON}
    with pytest.raises(NotAllowed):
        transitions.authorise(application, actor=place.service_manager, **when)
    transitions.authorise(application, actor=place.head, **when)
    form = application.pay_forms.get()
    assert (form.effective_from, form.form) == (held_on, "appointment-form-service-area")


def test_R32_a_refusal_that_is_not_the_authorisers_makes_no_form():
    application = application_at(State.REFUSED, scheme="redbridge-2013")
    assert not application.authorisations.exists()
    assert not application.pay_forms.exists()


@pytest.mark.rule("R30", scheme="redbridge-2013")
def test_R30_redbridge_declines_without_a_form():
    assert not application_at(State.DECLINED, scheme="redbridge-2013").pay_forms.exists()


# What PostgreSQL itself refuses, past every guard in Python.


def write_decision(application, by, *, assessment=None, **fields):
    assessment = assessment or application.assessments.get()
    wanted = {"authorised": True, "reasons": "", "required": ""} | fields
    with transaction.atomic():
        return Authorisation.objects.create(
            application=application, assessment=assessment, decided_by=by, decided_at=timezone.now(), **wanted
        )


@pytest.mark.rule("R15")
@pytest.mark.parametrize("who", ["worker", "assessor"])
def test_R15_the_database_refuses_a_decision_by_worker_or_assessor(cases, who):
    with pytest.raises(IntegrityError) as refused:
        write_decision(cases.recommended, getattr(cases.recommended, who))
    assert refused.value.__cause__.diag.constraint_name == "authorisation_by_neither"
    write_decision(cases.recommended, cases.place.service_manager)


def test_R15_nor_may_the_application_name_them(cases):
    from progression.models import Application

    for who in ("worker", "assessor"):
        with pytest.raises(IntegrityError, match=f"application_authoriser_not_{who}"), transaction.atomic():
            Application.objects.filter(pk=cases.recommended.pk).update(
                authoriser=getattr(cases.recommended, who)
            )


def test_a_decision_is_on_a_signed_assessment_of_its_own_application(cases):
    other = cases.not_recommended.assessments.get()
    with pytest.raises(IntegrityError) as refused:
        write_decision(cases.recommended, cases.place.head, assessment=other)
    assert refused.value.__cause__.diag.constraint_name == "authorisation_of_signed_assessment"


def test_there_is_one_decision_on_an_assessment(cases):
    write_decision(cases.recommended, cases.place.head)
    with pytest.raises(IntegrityError):
        write_decision(cases.recommended, cases.place.director)


@pytest.mark.rule("R18")
@pytest.mark.parametrize("missing", ["reasons", "required"])
def test_R18_the_database_refuses_a_refusal_without_its_words(cases, missing):
    with pytest.raises(IntegrityError, match="authorisation_refusal_says_why_and_what"):
        write_decision(cases.recommended, cases.place.head, authorised=False, **WHY_NOT | {missing: ""})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reviews_authorisation SET authorised = false, reasons = 'x', required = 'y'",
        "DELETE FROM reviews_authorisation",
        "TRUNCATE reviews_authorisation CASCADE",
    ],
)
def test_a_decision_never_changes(cases, change):
    authorise(cases)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(change)


def test_people_who_decided_stay(cases):
    authorise(cases)
    with pytest.raises(Exception, match="referenced|PROTECT|protected"), transaction.atomic():
        User.objects.get(pk=cases.place.service_manager.pk).delete()
