"""What waits for somebody, as a query, and who acts next, as a check: one rule, held together here."""

from itertools import product

import pytest

from people.roles import Role
from progression import permissions, selectors
from progression.models import Application
from progression.states import Owner, State
from tests.council import NOW, organisation, person
from tests.standing_in import away, handed_over, tied
from tests.walk import WAYS, application_at

pytestmark = pytest.mark.django_db

STATES = [State.DRAFT, *WAYS]


@pytest.mark.parametrize("scheme", ["medway-2010", "medway-2018", "redbridge-2013"])
def test_the_list_and_the_check_agree(scheme):
    """Everybody of two services, and odd posts, against a case in every state. R9, R15, R19, R29, R32."""
    place, elsewhere = organisation(scheme), organisation(scheme)
    cases = [application_at(state, place) for state in STATES]
    place.service.officers.add(place.manager, place.worker)
    people = [
        *place.everybody.values(),
        elsewhere.manager,
        elsewhere.head,
        elsewhere.director,
        elsewhere.payroll,
        *(_officer(place, role) for role in Role),
    ]
    cases = list(Application.objects.filter(pk__in=[case.pk for case in cases]).select_related("team"))
    for user in people:
        listed = set(selectors.waiting_for(user))
        assert listed == {case for case in cases if permissions.acts_next(user, case)}, user.name


@pytest.mark.parametrize("scheme", ["medway-2010", "redbridge-2013"])
def test_they_agree_with_everything_arranged(scheme):
    """The same with people away, cases handed over, and conflicts declared from either side. R15."""
    place, beside, third = organisation(scheme), organisation(scheme), organisation(scheme)
    cases = [application_at(state, place) for state in STATES for _ in range(3)]
    away(place.manager, beside.manager)
    away(place.service_manager, place.head)
    away(place.director, beside.director)
    for plain, tied_to_manager, handed in zip(cases[::3], cases[1::3], cases[2::3], strict=True):
        for judge in (place.manager, place.director):
            tied(tied_to_manager.worker, judge)
        tied(place.head, plain.worker)
        judges_of = selectors.who_acts(handed)
        if handed.stage.owner in (Owner.MANAGER, Owner.AUTHORISER, Owner.HEARER):
            handed_over(handed, by=judges_of[0], to=third.director)
    pks = [case.pk for case in cases]
    cases = list(Application.objects.filter(pk__in=pks).select_related("team", "worker"))
    named = selectors.who_acts_in(cases)
    for user in [*place.everybody.values(), *beside.everybody.values(), third.director]:
        listed = set(selectors.waiting_for(user).filter(pk__in=pks))
        able = {case for case in cases if permissions.acts_next(user, case)}
        assert listed == able, user.name
        assert {case for case in cases if user in named[case.pk]} <= able


def _officer(place, role):
    """Somebody of any role at all whom the service counts among its officers."""
    user = person(role)
    place.service.officers.add(user)
    return user


def test_whoever_assessed_or_refused_is_not_asked_again():
    """R15, R19, for those promoted since."""
    place = organisation()
    recommended = application_at(State.RECOMMENDED, place)
    place.manager.role = Role.SERVICE_MANAGER
    place.manager.save()
    place.service.officers.add(place.manager)
    appealed = application_at(State.UNDER_APPEAL, place)
    place.service_manager.role = Role.ASSISTANT_DIRECTOR
    place.service_manager.save()
    for user, case in product((place.manager, place.service_manager), (recommended, appealed)):
        case = type(case).objects.get(pk=case.pk)
        listed = selectors.waiting_for(user).filter(pk=case.pk).exists()
        assert listed == permissions.acts_next(user, case)
    assert appealed not in selectors.waiting_for(place.service_manager)
    assert recommended not in selectors.waiting_for(place.manager)


@pytest.mark.parametrize("state", STATES)
def test_whoever_is_named_may_act(state):
    """The page names, and the reminder goes to, people who can do what is asked."""
    application = application_at(state)
    named = selectors.who_acts(application)
    assert all(permissions.acts_next(user, application) for user in named)
    assert bool(named) == (application.stage.owner not in (Owner.SYSTEM, Owner.NOBODY))


def test_only_the_schemes_rank_is_asked_to_authorise():
    """R15: a director may, but is not written to about every case."""
    place = organisation()
    application = application_at(State.RECOMMENDED, worker=place.worker)
    assert selectors.who_acts(application) == [place.service_manager]


def test_the_next_rank_is_asked_where_that_one_is_empty():
    """R15."""
    place = organisation()
    application = application_at(State.RECOMMENDED, worker=place.worker)
    place.service_manager.is_active = False
    place.service_manager.save()
    assert selectors.who_acts(application) == [place.head]
    place.service.officers.remove(place.head)
    assert selectors.who_acts(application) == [place.director]
    place.service.officers.remove(place.director)
    assert selectors.who_acts(application) == []


def test_longest_waiting_first_and_one_query(django_assert_num_queries):
    place = organisation()
    later = application_at(State.SUBMITTED, place)
    first = application_at(State.SUBMITTED, worker=place.worker)
    first.state_since = first.state_since.replace(year=2025)
    first.save()
    with django_assert_num_queries(1):
        listed = selectors.waiting_list(place.manager, today=later.started_at.date())
    assert [row.reference for row in listed.rows] == [first.reference, later.reference]
    assert listed.rows[0].by is not None
    assert not listed.rows[0].overdue
    assert not listed.more


def test_a_long_list_shows_the_first_and_says_that_there_are_more(monkeypatch):
    monkeypatch.setattr(selectors, "MOST_WAITING", 1)
    place = organisation()
    for _ in range(2):
        application_at(State.SUBMITTED, place)
    listed = selectors.waiting_list(place.manager, today=NOW.date())
    assert (len(listed.rows), listed.more) == (1, True)
