"""What a worker says of themselves, beside what the manager finds, criterion by criterion. R8, R9."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competencies import selectors as competencies
from portfolios import self_assessment_selectors as selectors
from portfolios.models import Stand, Submission
from portfolios.self_assessment_transitions import say_where_you_stand
from progression.states import State
from reviews import transitions
from tests import walk
from tests.council import NOW, organisation
from tests.walk import application_at

pytestmark = pytest.mark.django_db
OWN = "The worker’s own view"


def say(worker, heading, *stands, words="", now=NOW):
    answers = {one.pk: (stand, words) for one, stand in zip(heading.criteria, stands, strict=False)}
    say_where_you_stand(worker, actor=worker, heading=heading, answers=answers, seen=10**9, now=now)


@pytest.fixture
def draft():
    return application_at(State.DRAFT, worker=organisation().worker)


@pytest.fixture
def submitted(draft):
    """Two criteria of the first heading answered; handed in."""
    heading = competencies.headings_judged(draft.step)[0]
    say(draft.worker, heading, Stand.GETTING_THERE, Stand.DOING, words="On duty days I still write late.")
    return walk.submitted(draft)


def read(client, user, name, *args):
    client.force_login(user)
    response = client.get(reverse(f"reviews:{name}", args=args))
    assert response.status_code == 200
    return " ".join(response.text.split())


def test_the_submission_keeps_it_with_its_day_and_nothing_later_reaches_it(submitted):
    heading = competencies.headings_judged(submitted.step)[0]
    say(submitted.worker, heading, Stand.NOT_YET, now=NOW + timedelta(days=3))
    kept = submitted.portfolio.submissions.get()
    said = selectors.frozen_in(kept.content["self_assessment"])
    first, second = (said[one.pk] for one in heading.criteria[:2])
    assert (first.stand, first.on, first.words) == (
        Stand.GETTING_THERE,
        NOW.date(),
        "On duty days I still write late.",
    )
    assert second.stand == Stand.DOING and len(said) == 2


def test_without_any_the_portfolio_is_handed_in_all_the_same(draft):
    """It never blocks."""
    assert walk.submitted(draft).portfolio.submissions.get().content["self_assessment"] == {}


@pytest.mark.rule("R9", page="/applications/<reference>/assessment/<code>/")
def test_the_manager_reads_it_beside_each_criterion_before_they_find(client, submitted):
    manager = submitted.team.manager
    transitions.begin_assessment(submitted, actor=manager, now=NOW)
    first, second = competencies.headings_judged(submitted.step)[:2]
    page = read(client, manager, "assess_heading", submitted.reference, first.competency.code)
    assert page.count(OWN) == 2
    assert "“Getting there”" in page and "On duty days I still write late." in page
    assert OWN not in read(client, manager, "assess_heading", submitted.reference, second.competency.code)


@pytest.mark.parametrize(
    ("page", "reader"),
    [("findings", "worker"), ("findings", "manager"), ("findings", "head"), ("sign", "manager")],
)
def test_whoever_reads_the_findings_reads_both(client, page, reader):
    """The worker once it is decided; near miss: their colleague, who reads nothing of it."""
    place = organisation()
    draft = application_at(State.DRAFT, worker=place.worker)
    say(draft.worker, competencies.headings_judged(draft.step)[0], Stand.NOT_YET)
    walk.submitted(draft)
    if page == "sign":
        walk.assessed(draft)
    else:
        walk.declined(walk.recommended(draft))
    text = read(client, getattr(place, reader), page, draft.reference)
    assert text.count(OWN) == 1 and "“Not yet”" in text and "Met" in text
    client.force_login(place.colleague)
    assert client.get(reverse(f"reviews:{page}", args=[draft.reference])).status_code == 404


def test_whoever_authorises_reads_both(client):
    place = organisation()
    draft = application_at(State.DRAFT, worker=place.worker)
    say(draft.worker, competencies.headings_judged(draft.step)[0], Stand.NOT_YET)
    walk.recommended(walk.submitted(draft))
    assert OWN in read(client, place.service_manager, "authorisation", draft.reference)


def test_what_was_submitted_before_there_was_any_still_reads(client, draft):
    """A submission cannot be changed; so one as they were is put in its place."""
    walk.submitted(draft)
    old = draft.portfolio.submissions.get()
    content = {name: part for name, part in old.content.items() if name != "self_assessment"}
    Submission.objects.create(
        portfolio=old.portfolio,
        number=2,
        content=content,
        sha256=old.sha256,
        worked_through_with_manager=True,
        submitted_at=NOW,
    )
    manager = draft.team.manager
    transitions.begin_assessment(draft, actor=manager, now=NOW)
    heading = competencies.headings_judged(draft.step)[0]
    assert OWN not in read(client, manager, "assess_heading", draft.reference, heading.competency.code)
    walk.declined(walk.recommended(draft))
    assert OWN not in read(client, draft.worker, "findings", draft.reference)


def test_it_costs_no_query(client, draft):
    counted = []
    for answered in (False, True):
        application = application_at(State.DRAFT, worker=organisation().worker) if answered else draft
        heading = competencies.headings_judged(application.step)[0]
        if answered:
            say(application.worker, heading, *[Stand.DOING] * len(heading.criteria))
        walk.submitted(application)
        manager = application.team.manager
        transitions.begin_assessment(application, actor=manager, now=NOW)
        address = ("assess_heading", application.reference, heading.competency.code)
        read(client, manager, *address)
        with CaptureQueriesContext(connection) as queries:
            read(client, manager, *address)
        counted.append(len(queries))
    assert counted[0] == counted[1]
