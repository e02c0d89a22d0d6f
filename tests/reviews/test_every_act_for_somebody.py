"""Each act that somebody can do standing in for somebody else has both names, in its history and on its page.

`ACTS` is the list: a verb of the history that no list here has fails the last test. R9, R15, R19.
"""

from datetime import timedelta

import pytest
from django.urls import reverse

from payroll import query_transitions
from payroll.letters import LetterContent
from payroll.models import LetterKind
from people.policies import Blocked
from progression import judges, recusal_transitions
from progression import meeting_transitions as meetings
from progression.meeting_selectors import meeting_of
from progression.models import Application, Event
from progression.permissions import HAND_OVERS
from progression.states import State
from reviews import (
    appeal_transitions,
    paper_transitions,
    representative_transitions,
    reversal_transitions,
    transitions,
)
from tests import walk
from tests.council import NOW, TODAY, organisation
from tests.portfolios.makers import picture, upload
from tests.reading import text
from tests.standing_in import away, handed_over
from tests.verbs import verbs_written
from tests.walk import WHY_NOT, application_at, assessed, heard

pytestmark = [pytest.mark.django_db, pytest.mark.rule("R15")]

DAY = {"now": NOW, "today": TODAY}
SPEAKER = {"name": "Joyce Amadi", "organisation": "A union", "email": "joyce@union.example"}
LATER = NOW + timedelta(days=1)


# Cases to act on.


def submitted(place):
    return application_at(State.SUBMITTED, place)


def ready(*, recommended):
    def build(place):
        application = submitted(place)
        assessed(application, recommended=recommended)
        return application

    return build


def at(state):
    return lambda place: application_at(state, place)


def asked_to_reverse(place):
    application = application_at(State.AUTHORISED, place)
    reversal_transitions.ask_to_reverse(application, actor=place.head, reason="Another was meant.", now=NOW)
    return application


def sent_back(place):
    application = walk.contract_accepted(application_at(State.SENT_TO_PAYROLL, place))
    query_transitions.send_back(
        application.pay_forms.get(), actor=place.payroll, reason="Another post number.", now=NOW
    )
    return application


def asked_late(place):
    return walk.asked_late(application_at(State.DECLINED, place, now=NOW - timedelta(days=60)), now=NOW)


def hearing_arranged(place):
    application = application_at(State.UNDER_APPEAL, place)
    heard(application)
    return application


def represented(place):
    application = application_at(State.UNDER_APPEAL, place)
    representative_transitions.name_representative(application, actor=application.worker, **SPEAKER, now=NOW)
    return application


def with_a_link(place):
    application = represented(place)
    representative_transitions.make_link(application, actor=application.worker, now=NOW)
    return application


def noticed_but_not_handed_in(place):
    application = application_at(State.DRAFT, place)
    walk.review_noticed(application)
    return application


# What the one who stands in does.


def correct(application, actor):
    post = application.worker.post
    names = ("job_title", "post_number", "ern", "spinal_point")
    details = {name: getattr(post, name) for name in names} | {"post_number": "P-99"}
    query_transitions.answer_query(application, actor=actor, details=details, answer="It is P-99.", now=LATER)


def hand_over(application, actor):
    taker = organisation().manager
    recusal_transitions.recuse(
        application,
        actor=actor,
        capacity=judges.CAPACITY_OF_OWNER[application.stage.owner],
        reason="I was at school with them.",
        handed_to=taker,
        now=NOW,
    )


def add(application, actor):
    return paper_transitions.add_document(
        application, actor=actor, title="The plan", upload=upload(picture(), "plan.png"), now=NOW
    )


def add_and_take_back(application, actor):
    paper_transitions.remove_document(application, add(application, actor), actor=actor, now=NOW)


def say(application, actor):
    paper_transitions.save_statement(
        application, actor=actor, text="I did not see it.", base_revision=0, now=NOW
    )


def move_review(application, actor):
    meetings.move_meeting(
        meeting_of(application),
        actor=actor,
        starts_at=NOW + timedelta(days=2),
        place="Room 5",
        reason="A court date.",
        now=NOW - timedelta(days=1),
    )


def call_off(application, actor):
    meetings.cancel_meeting(meeting_of(application), actor=actor, reason="A court date.", now=NOW)


def hold(application, actor):
    meetings.hold(meeting_of(application), actor=actor, held_on=TODAY, **DAY)


def by(function, **more):
    """The function as it is called: with the case, the actor and what more it takes."""
    return lambda application, actor: function(application, actor=actor, **more)


def decide(function, **more):
    return lambda application, actor: function(application, actor=actor, **more, now=heard(application))


ANSWER = {"reason": "A stay in hospital is a good reason.", "now": NOW}
MANAGER, SENIOR, HEARER = "manager", "service_manager", "director"
ACTS = {
    # verb: (for whom, the case, the act)
    "assessment_started": (MANAGER, submitted, by(transitions.begin_assessment, now=NOW)),
    "returned": (MANAGER, submitted, by(transitions.return_to_worker, reason="Add one.", now=NOW)),
    "recommended": (MANAGER, ready(recommended=True), by(transitions.sign, **DAY)),
    "not_recommended": (MANAGER, ready(recommended=False), by(transitions.sign, **DAY)),
    "review_moved": (MANAGER, submitted, move_review),
    "review_called_off": (MANAGER, noticed_but_not_handed_in, call_off),
    "review_held": (MANAGER, submitted, hold),
    "review_held_without_portfolio": (MANAGER, noticed_but_not_handed_in, hold),
    "stepped_back": (MANAGER, submitted, hand_over),
    "corrected the form": (MANAGER, sent_back, correct),
    "wrote a statement": (MANAGER, at(State.UNDER_APPEAL), say),
    "added a document": (MANAGER, at(State.UNDER_APPEAL), add),
    "took back a document": (MANAGER, at(State.UNDER_APPEAL), add_and_take_back),
    "authorised": (SENIOR, at(State.RECOMMENDED), by(transitions.authorise, **DAY)),
    "declined": (SENIOR, at(State.RECOMMENDED), by(transitions.decline, **WHY_NOT, now=NOW)),
    "refused": (SENIOR, at(State.NOT_RECOMMENDED), by(transitions.confirm_refusal, **WHY_NOT, now=NOW)),
    "handed_over": (SENIOR, submitted, hand_over),
    "asked to take the authorisation back": (
        SENIOR,
        at(State.AUTHORISED),
        by(reversal_transitions.ask_to_reverse, reason="Another was meant.", now=NOW),
    ),
    "reversed": (SENIOR, asked_to_reverse, by(reversal_transitions.confirm_reversal, now=NOW)),
    "stopped the form": (SENIOR, asked_to_reverse, by(reversal_transitions.confirm_reversal, now=NOW)),
    "let the authorisation stand": (
        SENIOR,
        asked_to_reverse,
        by(reversal_transitions.refuse_reversal, answer="It was right.", now=NOW),
    ),
    "arranged the hearing": (HEARER, at(State.UNDER_APPEAL), lambda case, actor: heard(case, by=actor)),
    "moved the hearing": (HEARER, hearing_arranged, lambda case, actor: heard(case, by=actor)),
    "accepted the late request": (
        HEARER,
        asked_late,
        by(appeal_transitions.accept_late_request, today=TODAY, **ANSWER),
    ),
    "refused the late request": (HEARER, asked_late, by(appeal_transitions.refuse_late_request, **ANSWER)),
    "upheld": (
        HEARER,
        at(State.UNDER_APPEAL),
        decide(appeal_transitions.uphold, reasons="The report shows it.", today=TODAY),
    ),
    "dismissed": (HEARER, at(State.UNDER_APPEAL), decide(appeal_transitions.dismiss, **WHY_NOT)),
    "made a link for the representative": (
        HEARER,
        represented,
        by(representative_transitions.make_link, now=NOW),
    ),
    "took the link back": (HEARER, with_a_link, by(representative_transitions.revoke_link, now=NOW)),
}
OF_THE_WORKER = {
    "started",
    "submitted",
    "withdrawn",
    "gave_notice",
    "asked late",
    "accepted the new contract",
    "declined the new contract",
    "named a representative",
    "has no representative now",
}
OF_PAYROLL = {"sent the form back", "downloaded the form", "put in pay"}
OF_NOBODY = {
    "issued the pay form",
    "issued the pay form again",
    "deadline_missed",
    "the representative opened the papers",
}
"""Nobody stands in for a worker or for payroll, and these the service does by itself."""


def for_act(verb, build):
    """The case, its people, and others of another service of the council. Redbridge judges at a review."""
    scheme = "redbridge-2013" if verb.startswith("review_") else "medway-2010"
    place, beside = organisation(scheme), organisation()
    return build(place), place, beside


def fresh(application):
    return Application.objects.select_related("worker__post").get(pk=application.pk)


def both(event):
    return event.actor, event.on_behalf_of


@pytest.mark.parametrize("verb", ACTS)
def test_both_names_are_kept_and_shown(client, verb):
    post, build, act = ACTS[verb]
    application, place, beside = for_act(verb, build)
    principal, actor = getattr(place, post), getattr(beside, post)
    away(principal, actor)
    before = application.events.latest("id").pk
    act(fresh(application), actor)
    written = application.events.filter(pk__gt=before, actor=actor)
    assert written.filter(verb=verb).exists()
    assert {both(event) for event in written} == {(actor, principal)}
    client.force_login(place.head)
    page = text(client.get(reverse("progression:case", args=[application.reference])))
    assert f"{actor.name}, standing in for {principal.name}" in page


@pytest.mark.parametrize(
    "verb",
    [
        "assessment_started",
        "returned",
        "recommended",
        "not_recommended",
        "review_moved",
        "review_held",
        "stepped_back",
    ],
)
def test_and_where_it_was_handed_to_whoever_is_away(verb):
    """Not the manager, who stepped back, is named, but whoever took it over."""
    _, build, act = ACTS[verb]
    application, place, beside = for_act(verb, build)
    handed_over(application, by=place.manager, to=place.other_manager)
    away(place.other_manager, beside.manager)
    before = application.events.latest("id").pk
    act(fresh(application), beside.manager)
    written = application.events.filter(pk__gt=before)
    assert {both(event) for event in written} == {(beside.manager, place.other_manager)}


@pytest.mark.parametrize("verb", ["returned", "declined", "dismissed", "review_held"])
def test_in_their_own_right_they_are_named_alone(client, verb):
    """The near miss."""
    post, build, act = ACTS[verb]
    application, place, beside = for_act(verb, build)
    away(getattr(place, post), getattr(beside, post))
    act(fresh(application), getattr(place, post))
    assert not Event.objects.filter(application=application, on_behalf_of__isnull=False).exists()
    client.force_login(place.head)
    page = text(client.get(reverse("progression:case", args=[application.reference])))
    assert "standing in for" not in page


@pytest.fixture
def place():
    return organisation()


def named(actor, principal):
    return f"{actor.name}, standing in for {principal.name}"


def test_the_invitation_to_a_hearing_is_signed_by_both(place):
    application = application_at(State.UNDER_APPEAL, place)
    stand_in = organisation().director
    away(place.director, stand_in)
    heard(application, by=stand_in)
    letters = application.letters.filter(kind=LetterKind.HEARING_INVITATION)
    signatures = {LetterContent.from_json(one.content).signed_by for one in letters}
    assert signatures == {(stand_in.name, "Assistant director", f"for {place.director.name}")}


def test_whoever_confirms_reads_both_names_of_who_asks(client, place):
    application = application_at(State.AUTHORISED, place)
    stand_in = organisation().service_manager
    away(place.service_manager, stand_in)
    ask = {"actor": stand_in, "reason": "Another was meant.", "now": NOW}
    reversal_transitions.ask_to_reverse(fresh(application), **ask)
    client.force_login(place.head)
    page = text(client.get(reverse("reviews:reverse", args=[application.reference])))
    assert f"Asked to be taken back by {named(stand_in, place.service_manager)}" in page
    with pytest.raises(Blocked, match=named(stand_in, place.service_manager)):
        reversal_transitions.ask_to_reverse(fresh(application), **ask | {"actor": place.head})


def test_payroll_reads_both_names_of_who_answers(client, place):
    application = sent_back(place)
    stand_in = organisation().manager
    away(place.manager, stand_in)
    correct(fresh(application), stand_in)
    client.force_login(place.payroll)
    page = text(client.get(reverse("payroll:form", args=[application.reference])))
    assert f"Answered by {named(stand_in, place.manager)} on" in page


def test_whoever_comes_second_reads_both_names_of_the_first(place):
    application = application_at(State.RECOMMENDED, place)
    stand_in = organisation().service_manager
    away(place.service_manager, stand_in)
    transitions.decline(fresh(application), actor=stand_in, **WHY_NOT, now=NOW)
    with pytest.raises(Blocked, match=f"{named(stand_in, place.service_manager)} moved this"):
        transitions.authorise(application, actor=place.head, **DAY)


@pytest.mark.parametrize("accepted", [True, False])
def test_the_answer_to_a_late_request_names_both(client, place, accepted):
    application = asked_late(place)
    stand_in = organisation().director
    away(place.director, stand_in)
    answer = ACTS["accepted the late request" if accepted else "refused the late request"][2]
    answer(fresh(application), stand_in)
    client.force_login(application.worker)
    page = "reviews:review" if accepted else "reviews:outcome"
    said = text(client.get(reverse(page, args=[application.reference])))
    assert f"{named(stand_in, place.director)} {'accepted' if accepted else 'did not accept'}" in said


def test_every_verb_of_the_history_is_on_a_list_here():
    """A new verb is tried above, or said to be of somebody for whom nobody stands in."""
    known = {*ACTS} | OF_THE_WORKER | OF_PAYROLL | OF_NOBODY
    assert set(HAND_OVERS) <= known
    assert verbs_written() - known == set()
