"""Cases for tests, only ever built by walking them through the real process. The people are in council.py.

application = application_at(State.SUBMITTED)       a worker's, in a new organisation of its own
application_at(State.SUBMITTED, place)              a new worker's of `place`
application_at(State.SUBMITTED, worker=place.worker)
"""

import itertools
from datetime import date, datetime, time, timedelta

from competencies import selectors as competencies
from config.demo.assessing import Words, fill_assessment
from payroll import transitions as payroll
from payroll import variation_transitions as variations
from portfolios import transitions as portfolios
from portfolios.policies import kinds_for
from progression import gates, transitions
from progression import meeting_transitions as meetings
from progression.deadlines import add_working_days
from progression.meeting_selectors import meeting_of
from progression.selectors import bank_holidays
from progression.states import State
from reviews import appeal_transitions as appeals
from reviews import hearing_transitions as hearings
from reviews import transitions as reviews
from tests.council import (
    NOW,
    authoriser_of,
    hearer_of,
    manager_of,
    organisation,
    payroll_of,
    social_worker,
    with_rules,
)


def portfolio_filled(application, *, pieces=1, now=NOW):
    """Give every heading asked `pieces` examples: each piece counts for all that take its kind. R27."""
    portfolio = application.portfolio
    by_kind = {}
    for heading in competencies.headings_evidenced(portfolio.step):
        kind = kinds_for(portfolio, heading.competency)[0]
        by_kind.setdefault(kind, []).append(heading.competency)
    for number, (kind, headings) in itertools.product(range(1, pieces + 1), by_kind.items()):
        portfolios.save_evidence(
            None,
            worker=application.worker,
            portfolio=portfolio,
            fields={
                "kind": kind,
                "title": f"A home visit, {number}",
                "practised_on": date(2025, 11, number),
                "what_i_did": "I saw the child alone and listened before I asked.",
                "outcome": "The plan changed to what the child had asked for.",
                "what_i_learned": "To leave silences alone.",
            },
            competencies=headings,
            now=now,
        )
    portfolio.refresh_from_db()
    return portfolio


def started(worker, *, now=NOW):
    return transitions.start(worker=worker, today=now.date(), now=now)


def submitted(application, *, now=NOW):
    """Hand in, filling the portfolio first where it is empty."""
    if not application.portfolio.headings_shown:
        portfolio_filled(application, now=now)
    if gates.judged_at_meeting(application.scheme.rules):
        review_noticed(application, now=now)
    return transitions.submit(
        application,
        actor=application.worker,
        worked_through_with_manager=True,
        now=now,
        today=now.date(),
    )


def withdrawn(application, *, now=NOW):
    return transitions.withdraw(application, actor=application.worker, now=now)


def returned(application, *, now=NOW):
    return reviews.return_to_worker(
        application, actor=manager_of(application), reason="Add an example of your own practice.", now=now
    )


def recommended(application, *, now=NOW):
    return _signed(application, recommended=True, now=now)


def not_recommended(application, *, now=NOW):
    return _signed(application, recommended=False, now=now)


def review_noticed(application, *, now=NOW):
    """The review at which it is judged: diarised for `now` eight days before, notice given that day. R26."""
    meeting = meeting_of(application)
    if meeting is None:
        then = now - timedelta(days=8)
        meeting = meetings.diarise(
            application.worker, actor=manager_of(application), starts_at=now, place="Room 4", now=then
        )
        meetings.give_notice(meeting, application, actor=application.worker, now=then, today=then.date())
    return meeting


FOUND = Words(
    met="Seen in supervision and in the case record.",
    short_of="Seen in supervision and in the case record.",
    action="Shadow a colleague at two visits.",
    reasons="Recording is not yet made on time.",
    precis="Three pieces of evidence, read together with the worker.",
    objectives="Both objectives of the last review were met.",
    feedback="Your recording is clear and early.",
)


def review_held(application, *, now=NOW):
    """The review is held, if the scheme has the application judged at one. R25."""
    meeting = meeting_of(application)
    if meeting is not None and meeting.held_on is None:
        meetings.hold(meeting, actor=manager_of(application), held_on=now.date(), now=now, today=now.date())


def _signed(application, *, recommended, now):
    assessed(application, recommended=recommended, now=now)
    return reviews.sign(application, actor=manager_of(application), now=now, today=now.date())


def assessed(application, *, recommended=True, now=NOW):
    """The assessment, ready to sign. Where not recommended, the first criterion is not met."""
    review_held(application, now=now)
    return fill_assessment(
        application, actor=manager_of(application), recommended=recommended, words=FOUND, now=now
    )


def authorised(application, *, now=NOW):
    return reviews.authorise(application, actor=authoriser_of(application), now=now, today=now.date())


def declined(application, *, now=NOW):
    return reviews.decline(application, actor=authoriser_of(application), **WHY_NOT, now=now)


def refused(application, *, now=NOW):
    """Confirmed by the authoriser, unless the scheme let the manager's word refuse already."""
    if application.state == State.REFUSED:
        return application
    return reviews.confirm_refusal(application, actor=authoriser_of(application), **WHY_NOT, now=now)


def under_review(application, *, now=NOW):
    return appeals.lodge_review(
        application,
        actor=application.worker,
        grounds="The court report of October was not read.",
        now=now,
        today=now.date(),
    )


def asked_late(application, *, now=NOW):
    """After the last day, which must have passed by `now`."""
    appeals.ask_late(
        application,
        actor=application.worker,
        grounds="The court report of October was not read.",
        why_late="I was in hospital until yesterday.",
        now=now,
        today=now.date(),
    )
    return application


def heard(application, *, by=None, now=NOW):
    """The hearing, where the scheme has one, is on the next working day. Returns when it is over."""
    if application.scheme.rules.appeal.hearing is None:
        return now
    day = add_working_days(now.date(), 1, bank_holidays())
    starts_at = datetime.combine(day, time(10), tzinfo=NOW.tzinfo)
    hearings.arrange_hearing(
        application,
        actor=by or hearer_of(application),
        starts_at=starts_at,
        place="Room 3, the town hall",
        attendees=[{"name": application.worker.name, "part": "social worker"}],
        reason="The first hearer was ill.",
        now=now,
    )
    return starts_at + timedelta(hours=1)


def _decided_at(application, now):
    """When a review that nobody has heard yet can be decided: once it is heard."""
    hearing = application.appeal.hearings.first()
    return max(now, hearing.starts_at) if hearing else heard(application, now=now)


def tests_answered(application, met):
    """The same answer to each of the scheme's tests. R32."""
    return [met] * len(application.scheme.rules.appeal.tests)


def upheld(application, *, now=NOW):
    now = _decided_at(application, now)
    return appeals.uphold(
        application,
        actor=hearer_of(application),
        reasons="The report shows what was found missing.",
        tests_met=tests_answered(application, True),
        now=now,
        today=now.date(),
    )


def dismissed(application, *, now=NOW):
    return appeals.dismiss(
        application,
        actor=hearer_of(application),
        **WHY_NOT,
        tests_met=tests_answered(application, False),
        now=_decided_at(application, now),
    )


def sent_to_payroll(application, *, now=NOW):
    """Its documents made, as Celery does a moment after the decision."""
    payroll.issue(application.pay_forms.get(progressed=True), now=now)
    application.refresh_from_db()
    return application


def contract_accepted(application, *, now=NOW):
    variations.accept_contract(application, actor=application.worker, now=now)
    return application


def implemented(application, *, now=NOW):
    """The worker accepts the new contract, and payroll has changed the pay. R23."""
    contract_accepted(application, now=now)
    payroll.put_in_pay(application.pay_forms.get(progressed=True), actor=payroll_of(application), now=now)
    application.refresh_from_db()
    return application


WHY_NOT = {
    "reasons": "Two of the records seen were made late, and one plan was not reviewed.",
    "required": "Six months of records made on time, shown in supervision.",
}

# How each state is reached: the state before it, and the step from there.
WAYS = {
    State.SUBMITTED: (State.DRAFT, submitted),
    State.WITHDRAWN: (State.DRAFT, withdrawn),
    State.RETURNED: (State.SUBMITTED, returned),
    State.RECOMMENDED: (State.SUBMITTED, recommended),
    State.NOT_RECOMMENDED: (State.SUBMITTED, not_recommended),
    State.AUTHORISED: (State.RECOMMENDED, authorised),
    State.DECLINED: (State.RECOMMENDED, declined),
    State.REFUSED: (State.NOT_RECOMMENDED, refused),
    State.UNDER_APPEAL: (State.DECLINED, under_review),
    State.UPHELD: (State.UNDER_APPEAL, upheld),
    State.DISMISSED: (State.UNDER_APPEAL, dismissed),
    State.SENT_TO_PAYROLL: (State.AUTHORISED, sent_to_payroll),
    State.IMPLEMENTED: (State.SENT_TO_PAYROLL, implemented),
}


def application_at(state, place=None, *, worker=None, scheme="medway-2010", now=NOW):
    """An application walked to `state`, every step at `now`."""
    with_rules(worker.post.team.scheme_code if worker else scheme)
    if worker is None:
        place = place or organisation(scheme)
        worker = social_worker(place.team)
    if state == State.DRAFT:
        return started(worker, now=now)
    before, step = WAYS[state]
    return step(application_at(before, worker=worker, now=now), now=now)
