"""A hundred people press the same decision at once: one decision, whole, and the others are told whose."""

from functools import partial

import pytest
import requests
from django.test import Client
from django.urls import reverse

from payroll.models import PayForm
from people.models import User
from people.policies import Blocked
from people.roles import Role
from progression import transitions as progression
from progression.models import Application, Deadline, Event, Notice
from reviews import appeal_transitions as appeals
from reviews import transitions
from reviews.models import Appeal, Authorisation
from tests.access.visit import Fields
from tests.at_once import at_once
from tests.council import NOW, TODAY, organisation
from tests.reading import carried, text
from tests.walk import WHY_NOT, State, application_at, heard

pytestmark = pytest.mark.django_db(transaction=True)

WHEN = "on 10 March 2026 at 10:00am"


def officers(place, role, count):
    """`count` more officers of the service in this role."""
    made = User.objects.bulk_create(
        User(email=f"{role}{number}@council.example", name=f"Officer {number}", role=role, password="!")
        for number in range(count)
    )
    place.service.officers.add(*made)
    return made


def written_once(application, was):
    """Demand one move of the case since there were `was` lines of history, whole. Returns its Event."""
    application.refresh_from_db()
    moves = application.events.exclude(to_state="").filter(pk__gt=was)
    event = moves.get()
    assert event.to_state == application.state
    told = Notice.objects.filter(application=application, event=event)
    assert told.count() == told.values("recipient").distinct().count() > 0
    assert not Notice.objects.filter(application=application, event__gt=was).exclude(event=event).exists()
    assert Deadline.objects.filter(application=application, kind="act", closed_on=None).count() <= 1
    return event


def last_line(application):
    return application.events.latest("id").pk


@pytest.mark.rule("R15")
def test_a_hundred_decide(transactional_db):
    """Half authorise, half decline, each in their own connection."""
    place = organisation()
    application = application_at(State.RECOMMENDED, place)
    was = last_line(application)
    hundred = officers(place, Role.SERVICE_MANAGER, 100)

    def press(number, actor):
        if number % 2:
            return lambda: transitions.decline(application, actor=actor, **WHY_NOT, now=NOW)
        return lambda: transitions.authorise(application, actor=actor, now=NOW, today=TODAY)

    answers = at_once(*(press(number, actor) for number, actor in enumerate(hundred)))
    (won,) = [answer for answer in answers if isinstance(answer, Application)]
    refused = [str(answer) for answer in answers if isinstance(answer, Blocked)]
    assert len(refused) == 99, [answer for answer in answers if not isinstance(answer, Blocked)]
    decision = Authorisation.objects.get()
    assert set(refused) == {
        f"{decision.decided_by.name} moved this application {WHEN}. It is now: {won.stage.staff_see.lower()}."
    }
    assert answers[hundred.index(decision.decided_by)] is won
    assert written_once(application, was).actor == decision.decided_by
    assert application.state == (State.AUTHORISED if decision.authorised else State.DECLINED)
    assert application.authoriser == (decision.decided_by if decision.authorised else None)
    assert PayForm.objects.get().progressed == decision.authorised


@pytest.mark.rule("R21")
def test_a_hundred_hear_the_same_review(transactional_db):
    place = organisation()
    application = application_at(State.UNDER_APPEAL, place)
    later = heard(application)
    was = last_line(application)
    hundred = officers(place, Role.ASSISTANT_DIRECTOR, 100)

    def press(number, actor):
        if number % 2:
            return lambda: appeals.dismiss(application, actor=actor, **WHY_NOT, now=later)
        return lambda: appeals.uphold(application, actor=actor, reasons="Yes.", now=later, today=later.date())

    answers = at_once(*(press(number, actor) for number, actor in enumerate(hundred)))
    appeal = Appeal.objects.get()
    assert sum(isinstance(answer, Application) for answer in answers) == 1
    refused = [str(answer) for answer in answers if isinstance(answer, Blocked)]
    assert len(refused) == 99
    assert all(f"{appeal.heard_by.name} moved this application on" in sentence for sentence in refused)
    assert written_once(application, was).actor == appeal.heard_by
    assert PayForm.objects.filter(progressed=True).count() == appeal.upheld


@pytest.mark.rule("R1")
def test_a_worker_starts_in_fifty_tabs(transactional_db):
    place = organisation()
    answers = at_once(
        *(lambda: progression.start(worker=place.worker, today=TODAY, now=NOW) for _ in range(50))
    )
    assert sum(isinstance(answer, Application) for answer in answers) == 1
    assert sum(isinstance(answer, Blocked) for answer in answers) == 49
    assert Application.objects.count() == Event.objects.count() == Deadline.objects.count() == 1


def test_twenty_sign_at_their_own_browsers(live_server):
    """Each has the page open, and sends it five times: a hundred presses, one 302, ninety-nine times 409."""
    place = organisation()
    application = application_at(State.RECOMMENDED, place)
    was = last_line(application)
    address = live_server.url + reverse("reviews:authorisation", args=[application.reference])
    seats = [seated(address, actor) for actor in officers(place, Role.SERVICE_MANAGER, 20)]
    presses = at_once(*(partial(pressed, 5, address, **seat) for seat in seats))
    answers = [answer for five in presses for answer in five]
    assert sorted({answer.status_code for answer in answers}) == [302, 409], answers
    refused = [answer for answer in answers if answer.status_code == 409]
    decision = Authorisation.objects.get()
    assert len(refused) == 99
    assert all(f"{decision.decided_by.name} moved this application on" in text(one) for one in refused)
    assert written_once(application, was).actor == decision.decided_by
    assert PayForm.objects.get().progressed


def pressed(times, address, **form):
    return [requests.post(address, **form, allow_redirects=False, timeout=60) for _ in range(times)]


def seated(address, actor):
    """What this person's browser sends, the page open before them, when they authorise."""
    client = Client()
    client.force_login(actor)
    session = {"sessionid": client.cookies["sessionid"].value}
    page = requests.get(address, cookies=session, timeout=60)
    assert page.status_code == 200
    return {
        "cookies": session | page.cookies.get_dict(),
        "data": carried(page) | Fields(page.text).hidden | {"decision": "authorise", "sign": "sign"},
    }
