"""Who sees a case: every relation to it, with a near miss beside each."""

import pytest
from django.http import Http404
from guardian.shortcuts import assign_perm

from people.models import Service
from people.permissions import NotAllowed
from people.roles import Role
from progression import access, permissions
from progression.models import Application, ApplicationGrant
from progression.states import State
from reviews import transitions as reviews
from tests.council import NOW, manager_of, organisation, person, social_worker, team_of
from tests.walk import WHY_NOT, application_at, under_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def application(place):
    return application_at(State.SUBMITTED, worker=place.worker)


def sees(user, application):
    """What all the doors say, which must be the same."""
    said = {
        access.can_see(user, application),
        access.visible_to(user).filter(pk=application.pk).exists(),
        _opens(user, application),
    }
    assert len(said) == 1
    return said.pop()


def _opens(user, application):
    try:
        return access.get_visible_or_404(user, application.reference) == application
    except Http404:
        return False


IN_THE_SERVICE = {
    "worker": True,
    "colleague": False,
    "manager": True,
    "other_manager": False,
    "service_manager": True,
    "head": True,
    "director": True,
    "auditor": True,
    "payroll": False,
    "psw": False,
    "administrator": False,
}


@pytest.mark.parametrize(("name", "may"), IN_THE_SERVICE.items())
def test_in_the_service(place, application, name, may):
    assert sees(getattr(place, name), application) is may


@pytest.mark.parametrize("name", IN_THE_SERVICE)
def test_the_same_post_in_another_service_sees_nothing(application, name):
    """The near miss of every row above."""
    assert not sees(getattr(organisation(), name), application)


def test_everybody_of_the_service_is_in_the_table(place):
    assert set(place.everybody) == set(IN_THE_SERVICE)


def test_visible_to_lists_what_opens(place, application):
    """One rule in two shapes: for lists and for one case."""
    others = [application, application_at(State.DRAFT, place), application_at(State.SUBMITTED)]
    for name, user in place.everybody.items():
        assert set(access.visible_to(user)) == {one for one in others if access.can_see(user, one)}, name


def test_a_new_manager_sees_the_case_and_the_old_one_does_not(place, application):
    was, place.team.manager = place.team.manager, place.other_manager
    place.team.save()
    assert sees(place.other_manager, application)
    assert not sees(was, application)


def test_whoever_signed_keeps_sight_of_it_in_another_team(place):
    """R9: the assessor's grant outlives the post."""
    application = application_at(State.RECOMMENDED, worker=place.worker)
    assessor, place.team.manager = place.team.manager, place.other_manager
    place.team.save()
    assert sees(assessor, application)
    assert not sees(assessor, application_at(State.SUBMITTED, worker=place.colleague))


def test_whoever_decided_keeps_sight_of_it_in_another_service(place):
    """R15."""
    application = application_at(State.AUTHORISED, worker=place.worker)
    place.service.officers.remove(place.service_manager)
    assert sees(place.service_manager, application)


@pytest.mark.parametrize("role", [Role.PAYROLL, Role.PRINCIPAL_SOCIAL_WORKER, Role.ADMINISTRATOR])
def test_a_grant_opens_nothing_to_a_role_that_sees_no_cases(application, role):
    user = person(role)
    access.grant(application, user)
    assert not sees(user, application)


def test_a_superuser_sees_no_more_than_their_role(place, application):
    place.administrator.services.add(place.service)
    assert place.administrator.is_superuser
    assert not sees(place.administrator, application)


def test_a_team_managed_by_payroll_opens_nothing(place, application):
    place.team.manager = place.payroll
    place.team.save()
    assert not sees(place.payroll, application)


@pytest.mark.parametrize("role", [Role.SERVICE_MANAGER, Role.AUDITOR])
def test_a_grant_is_taken_back(application, role):
    user = person(role)
    access.grant(application, user)
    access.grant(application, user)
    assert sees(user, application)
    access.revoke(application, user)
    assert not sees(user, application)


def test_only_the_permission_to_view_opens_a_case(application):
    user = person(Role.SERVICE_MANAGER)
    assign_perm("progression.change_application", user, application)
    assert not sees(user, application)


def test_the_worker_and_payroll_are_granted_nothing(place):
    """The worker's own relation is enough; payroll sees forms."""
    application_at(State.IMPLEMENTED, worker=place.worker)
    granted = ApplicationGrant.objects.values_list("user__role", flat=True)
    assert set(granted) == {Role.TEAM_MANAGER, Role.SERVICE_MANAGER}


def test_a_person_who_goes_leaves_no_grant_behind(application):
    user = person(Role.SERVICE_MANAGER)
    access.grant(application, user)
    user.delete()
    assert not ApplicationGrant.objects.exists()


def test_a_worker_who_becomes_psw_still_sees_their_own(place, application):
    place.worker.role = Role.PRINCIPAL_SOCIAL_WORKER
    place.worker.save()
    assert sees(place.worker, application)


def test_check_can_see_says_no_in_a_sentence(place, application):
    with pytest.raises(NotAllowed, match="cannot see"):
        access.check_can_see(place.colleague, application)


def test_hidden_and_unknown_look_the_same(place, application):
    for reference in (application.reference, "APP-1999-0001"):
        with pytest.raises(Http404) as missing:
            access.get_visible_or_404(place.colleague, reference)
        assert "APP" not in str(missing.value)


def test_one_query_a_door(place, application, django_assert_num_queries):
    for user in place.everybody.values():
        with django_assert_num_queries(1):
            access.can_see(user, application)
        with django_assert_num_queries(1):
            list(access.visible_to(user))


RIGHTS = {
    "assess": (permissions.can_assess, State.SUBMITTED, {"manager"}),
    "authorise": (permissions.can_authorise, State.RECOMMENDED, {"service_manager", "head", "director"}),
    "hear": (permissions.can_hear_review, State.UNDER_APPEAL, {"director"}),
    "be the worker": (permissions.is_worker, State.DRAFT, {"worker"}),
}


@pytest.mark.parametrize("right", RIGHTS)
def test_rights_in_the_service_and_beside_it(place, right):
    """R9, R15, R19: each right with every post of the service, and with the same posts of another."""
    can, state, allowed = RIGHTS[right]
    application = application_at(state, worker=place.worker)
    elsewhere = organisation()
    assert {name for name, user in place.everybody.items() if can(user, application)} == allowed
    assert not any(can(user, application) for user in elsewhere.everybody.values())


@pytest.mark.rule("R9")
def test_a_manager_in_their_own_team_assesses_everybody_but_themselves(place):
    """R9: right role, right team, wrong person."""
    place.team.manager = place.worker
    place.team.save()
    assert not permissions.can_assess(place.worker, application_at(State.SUBMITTED, worker=place.worker))
    assert permissions.can_assess(place.worker, application_at(State.SUBMITTED, worker=place.colleague))


def test_the_assessor_never_authorises_even_after_promotion(place):
    """R15: right role, right service, signed it before."""
    application = application_at(State.RECOMMENDED, worker=place.worker)
    assessor = manager_of(application)
    assessor.role = Role.SERVICE_MANAGER
    assessor.save()
    place.service.officers.add(assessor)
    assert not permissions.can_authorise(assessor, application)
    assert permissions.can_authorise(assessor, application_at(State.RECOMMENDED, _moved_on(place)))


def _moved_on(place):
    """The same service, its first team under another manager."""
    place.team.manager = place.other_manager
    place.team.save()
    return place


@pytest.mark.rule("R29", scheme="redbridge-2013")
def test_redbridge_asks_for_the_head_of_service(place):
    """R29: the scheme's rank, not a fixed one."""
    place = organisation("redbridge-2013")
    application = application_at(State.RECOMMENDED, worker=place.worker)
    able = {name for name, user in place.everybody.items() if permissions.can_authorise(user, application)}
    assert able == {"head", "director"}


def test_whoever_refused_does_not_hear_the_review(place):
    """R19: the director may decline in the service manager's stead, but then not hear the review of it."""
    place.service.officers.remove(place.service_manager, place.head)
    application = application_at(State.RECOMMENDED, worker=place.worker)
    reviews.decline(application, actor=place.director, **WHY_NOT, now=NOW)
    under_review(application)
    application.refresh_from_db()
    other = person(Role.ASSISTANT_DIRECTOR)
    place.service.officers.add(other)
    assert not permissions.can_hear_review(place.director, application)
    assert permissions.can_hear_review(other, application)


def test_redbridge_lets_the_office_that_decides_hear_the_appeal():
    """R32: because the scheme says so."""
    place = organisation("redbridge-2013")
    application = application_at(State.UNDER_APPEAL, worker=place.worker)
    assert permissions.can_hear_review(place.head, application)


def test_two_services_of_one_council_are_two(place, application):
    """A director of the one is nobody in the other, whatever the council."""
    beside = Service.objects.create(council=place.service.council, name="Beside")
    director = person(Role.ASSISTANT_DIRECTOR)
    beside.officers.add(director)
    team_of(beside)
    assert not sees(director, application)
    director.services.add(place.service)
    assert sees(director, application)


def test_a_case_stays_with_its_team_when_the_worker_moves(place, application):
    place.worker.post.team = place.other_team
    place.worker.post.save()
    assert sees(place.manager, application)
    assert not sees(place.other_manager, application)


def test_new_colleagues_open_nothing(place, application):
    assert not sees(social_worker(place.team), application)
    assert Application.objects.count() == 1
