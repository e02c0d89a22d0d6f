"""Who may judge a case: in their own right, standing in, by hand-over; and what bars each of them.

A table of situations, each tried in every part somebody judges in. In each the three ways of asking agree:
the guard, the list of what waits for somebody, and whom the case names. R9, R15, R19.
"""

from types import SimpleNamespace

import pytest

from people.models import Service, Team
from people.permissions import NotAllowed
from people.roles import Role
from progression import access, permissions, selectors
from progression.models import Application, Capacity
from progression.states import State
from reviews import transitions
from tests.built_once import built_once
from tests.council import NOW, TODAY, organisation, person, social_worker, team_of
from tests.standing_in import away, back, handed_over, tied, untied
from tests.walk import application_at, assessed

pytestmark = pytest.mark.django_db

PARTS = {
    Capacity.ASSESSOR: (State.SUBMITTED, permissions.check_can_assess, "manager"),
    Capacity.AUTHORISER: (State.RECOMMENDED, permissions.check_can_authorise, "service_manager"),
    Capacity.HEARER: (State.UNDER_APPEAL, permissions.check_can_hear_review, "director"),
}


def build():
    """A case in each part, with the same posts in another service of the council, and in another council."""
    place, beside, outside = organisation(), organisation(), organisation()
    outside.service.council = "Elsewhere Council"
    outside.service.save()
    cases = {part: application_at(state, place).pk for part, (state, _, _) in PARTS.items()}
    return SimpleNamespace(place=place, beside=beside, outside=outside, cases=cases)


built, cases = built_once(build)


@pytest.fixture(params=PARTS, ids=str)
def case(request, cases):
    """Of one part: the case, who judges it, who might stand in, and the question."""
    _, check, post = PARTS[request.param]
    application = Application.objects.select_related("worker", "team__manager", "scheme").get(
        pk=cases.cases[request.param]
    )
    return SimpleNamespace(
        application=application,
        part=request.param,
        worker=application.worker,
        judge=getattr(cases.place, post),
        other=getattr(cases.beside, post),
        third=getattr(organisation(), post),
        place=cases.place,
        outside=cases.outside,
        check=check,
        post=post,
    )


def may(case, user):
    """What the guard, the waiting list and the names on the case say, which must be the same."""
    application = Application.objects.select_related("worker", "team__manager", "scheme").get(
        pk=case.application.pk
    )
    user = type(user).objects.get(pk=user.pk)
    may_judge = permissions.allowed(case.check, user, application)
    waits = selectors.waiting_for(user).filter(pk=application.pk).exists()
    assert waits == permissions.acts_next(user, application)
    assert waits or not may_judge
    asked = selectors.who_acts(application)
    assert all(permissions.acts_next(one, application) for one in asked)
    return may_judge


def tied_other_way(case, who):
    tied(case.worker, who)


def once_tied(case, who):
    untied(tied(who, case.worker))


def worker_manages(case, who):
    """The worker manages the team in which `who` holds a post: their own line manager."""
    post = social_worker(team_of(case.place.service, case.worker)).post
    post.holder = who
    post.save()


def works_elsewhere(case, who):
    """Near miss: a post in somebody else's team."""
    post = social_worker(case.place.other_team).post
    post.holder = who
    post.save()


# What happens to somebody with a right, and whether they may still judge.
BARS = {
    "nothing": (lambda case, who: None, True),
    "they declared a conflict": (lambda case, who: tied(who, case.worker), False),
    "the worker declared a conflict": (tied_other_way, False),
    "a conflict that has ended": (once_tied, True),
    "a conflict with somebody else": (lambda case, who: tied(who, case.place.colleague), True),
    "the worker is their line manager": (worker_manages, False),
    "their line manager is somebody else": (works_elsewhere, True),
}


def moves_to(somebody, place):
    """They leave every post they have, for the same in the service of `place`."""
    others = Team.objects.filter(manager=somebody)
    if others.exists():
        others.update(manager=person(Role.TEAM_MANAGER))
        team_of(place.service, somebody)
    if somebody.services.exists():
        somebody.services.set([place.service])


def handed_over_then_moved(case, where):
    handed_over(case.application, by=case.judge, to=case.other)
    moves_to(case.other, where)


def standing_in_then_moved(case, where):
    away(case.judge, case.other)
    moves_to(case.other, where)


# How `other` comes to judge for `judge`, and whether they may.
WAYS = {
    "no way": (lambda case: None, False),
    "standing in today": (lambda case: away(case.judge, case.other), True),
    "standing in since yesterday": (lambda case: away(case.judge, case.other, first=-1, last=1), True),
    "standing in from tomorrow": (lambda case: away(case.judge, case.other, first=1, last=2), False),
    "stood in until yesterday": (lambda case: away(case.judge, case.other, first=-2, last=-1), False),
    "stood in until a second ago": (lambda case: back(away(case.judge, case.other, last=5)), False),
    "standing in for somebody else": (lambda case: away(case.third, case.other), False),
    "standing in, and moved to another council": (
        lambda case: standing_in_then_moved(case, case.outside),
        False,
    ),
    "standing in, and moved to another service of the council": (
        lambda case: standing_in_then_moved(case, organisation()),
        True,
    ),
    "handed over": (lambda case: handed_over(case.application, by=case.judge, to=case.other), True),
    "handed over, and moved to another council": (
        lambda case: handed_over_then_moved(case, case.outside),
        False,
    ),
    "handed over, and moved to another service of the council": (
        lambda case: handed_over_then_moved(case, organisation()),
        True,
    ),
}


@pytest.mark.rule("R15")
@pytest.mark.parametrize("bar", BARS)
def test_in_their_own_right(case, bar):
    happens, expected = BARS[bar]
    happens(case, case.judge)
    assert may(case, case.judge) is expected


@pytest.mark.rule("R15")
@pytest.mark.parametrize("way", WAYS)
def test_ways_to_judge_for_somebody(case, way):
    arrange, expected = WAYS[way]
    arrange(case)
    assert may(case, case.other) is expected


@pytest.mark.rule("R15")
@pytest.mark.parametrize("bar", BARS)
@pytest.mark.parametrize("way", ["standing in today", "handed over"])
def test_what_bars_whoever_judges_for_somebody(case, way, bar):
    WAYS[way][0](case)
    happens, expected = BARS[bar]
    happens(case, case.other)
    assert may(case, case.other) is expected


@pytest.mark.rule("R15")
@pytest.mark.parametrize("bar", BARS)
def test_standing_in_does_not_go_round_what_bars_the_other(case, bar):
    away(case.judge, case.other)
    happens, expected = BARS[bar]
    happens(case, case.judge)
    assert may(case, case.other) is expected


def test_of_two_people_stood_in_for_the_free_one_counts(case):
    handed_over(case.application, by=case.judge, to=case.third)
    away(case.judge, case.other)
    assert not may(case, case.other)
    away(case.third, case.other)
    assert may(case, case.other)
    assert permissions.stands_in_for(case.other, case.application, case.part) == case.third


def test_nobody_stands_in_through_somebody_else(case):
    """No chains: whoever stands in for somebody standing in has nothing of it."""
    away(case.judge, case.other, last=3)
    away(case.other, case.third)
    assert not may(case, case.third)


def test_whoever_stepped_back_does_not_come_back_by_standing_in(case):
    handed_over(case.application, by=case.judge, to=case.other)
    away(case.other, case.judge)
    assert not may(case, case.judge)


def test_a_handed_case_can_be_handed_on_and_the_last_is_asked(case):
    handed_over(case.application, by=case.judge, to=case.other)
    handed_over(case.application, by=case.other, to=case.third)
    assert [may(case, one) for one in (case.judge, case.other, case.third)] == [False, False, True]
    assert selectors.who_acts(case.application) == [case.third]


def test_somebody_demoted_meanwhile_no_longer_judges_for_anybody(case):
    away(case.judge, case.other)
    case.other.role = Role.SOCIAL_WORKER
    case.other.save()
    assert not may(case, case.other)


def test_nobody_stands_in_for_somebody_who_has_left(case):
    away(case.judge, case.other)
    case.judge.is_active = False
    case.judge.save()
    assert not may(case, case.other)


def test_the_worker_judges_their_own_case_in_no_way(case):
    """R15: promoted, handed the team, and asked to stand in."""
    case.worker.role = case.judge.role
    case.worker.save()
    case.place.service.officers.add(case.worker)
    away(case.judge, case.worker)
    case.place.team.manager = case.worker
    case.place.team.save()
    assert not may(case, case.worker)


def test_whoever_has_moved_to_another_council_no_longer_sees_what_they_stood_in_for(case):
    """From the next request; and whoever is away is asked again."""
    away(case.judge, case.other)
    assert access.can_see(case.other, case.application)
    moves_to(case.other, case.outside)
    assert not access.can_see(case.other, case.application)
    assert selectors.who_acts(case.application) == [case.judge]


def test_nobody_of_another_council_sees_a_case_by_standing_in_for_whoever_took_it_there(case):
    """Whoever it was handed to keeps sight of it; their colleagues elsewhere have nothing to do there."""
    handed_over(case.application, by=case.judge, to=case.other)
    beside = getattr(organisation(), case.post)
    delegation = away(case.other, beside)
    assert access.can_see(beside, case.application)
    back(delegation)
    moves_to(case.other, case.outside)
    colleague = person_like(case.other)
    Service.objects.filter(officers=colleague).update(council=case.outside.service.council)
    away(case.other, colleague)
    assert not access.can_see(colleague, case.application)
    assert not access.visible_to(colleague).filter(pk=case.application.pk).exists()


def test_whoever_is_away_may_still_act_but_is_not_asked(case):
    away(case.judge, case.other)
    assert may(case, case.judge)
    assert selectors.who_acts(case.application) == [case.other]


def test_whose_delegate_is_barred_is_asked_again(case):
    away(case.judge, case.other)
    tied(case.other, case.worker)
    assert selectors.who_acts(case.application) == [case.judge]


def test_a_right_of_ones_own_needs_nobody_to_stand_in_for(case):
    away(case.judge, case.other)
    assert permissions.stands_in_for(case.judge, case.application, case.part) is None
    assert permissions.stands_in_for(case.other, case.application, case.part) == case.judge
    assert permissions.stands_in_for(case.third, case.application, case.part) is None


def test_many_cases_are_asked_about_in_one_query(cases, django_assert_num_queries):
    found = Application.objects.select_related("worker").filter(pk__in=cases.cases.values())
    away(cases.place.manager, cases.beside.manager)
    for number in (1, 3):
        some = list(found[:number])
        with django_assert_num_queries(1):
            acting = selectors.who_acts_in(some)
        assert acting == {one.pk: selectors.who_acts(one) for one in some}


class TestAssessedInSomebodysName:
    """R15: who assessed for A: neither A nor who did it decides."""

    @pytest.fixture
    def recommended(self):
        place, beside = organisation(), organisation()
        promoted = place.manager
        delegation = away(promoted, beside.manager)
        application = application_at(State.SUBMITTED, worker=place.worker)
        assessed(application)
        application = transitions.sign(application, actor=beside.manager, now=NOW, today=TODAY)
        assessment = application.assessments.get()
        assert (assessment.assessor, assessment.on_behalf_of) == (beside.manager, promoted)
        back(delegation)
        for user in (promoted, beside.manager):
            user.role = Role.SERVICE_MANAGER
            user.save()
            place.service.officers.add(user)
        return SimpleNamespace(
            application=application,
            both=(promoted, beside.manager),
            neither=place.service_manager,
        )

    def test_neither_of_the_two_decides(self, recommended):
        for user in recommended.both:
            assert not permissions.can_authorise(user, recommended.application)
            assert recommended.application not in selectors.waiting_for(user)
        assert permissions.can_authorise(recommended.neither, recommended.application)

    def test_nor_by_standing_in(self, recommended):
        assessor_for, assessor = recommended.both
        away(recommended.neither, assessor_for)
        away(assessor, person_like(recommended.neither))
        for user in recommended.both:
            with pytest.raises(NotAllowed):
                permissions.check_can_authorise(user, recommended.application)

    def test_nor_does_anybody_standing_in_for_either(self, recommended):
        """Near miss: the same, standing in for somebody who had no part in it."""
        other = person(Role.HEAD_OF_SERVICE)
        organisation().service.officers.add(other)
        for user in recommended.both:
            delegation = away(user, other)
            with pytest.raises(NotAllowed, match="nor can you in their place"):
                permissions.check_can_authorise(other, recommended.application)
            back(delegation)
        away(recommended.neither, other)
        assert permissions.can_authorise(other, recommended.application)


def person_like(user):
    found = person(user.role)
    organisation().service.officers.add(found)
    return found
