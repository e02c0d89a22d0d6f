"""Somebody does not judge a case after all: who may say so, to whom it goes, and what each reader learns."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from progression import access, judges, permissions, recusal_transitions, selectors
from progression.models import Application, Capacity, Notice, Recusal
from progression.standing import standing_of
from progression.states import State
from tests.built_once import built_once
from tests.council import TODAY, organisation, person
from tests.standing_in import away, handed_over, tied
from tests.walk import application_at, recommended

pytestmark = pytest.mark.django_db

WHY = "My sister is married to them."


def build():
    place, beside, outside = organisation(), organisation(), organisation()
    outside.service.council = "Elsewhere Council"
    outside.service.save()
    return SimpleNamespace(
        place=place,
        beside=beside,
        outside=outside,
        submitted=application_at(State.SUBMITTED, place),
        recommended=application_at(State.RECOMMENDED, place),
        under_review=application_at(State.UNDER_APPEAL, place),
    )


built, cases = built_once(build)


def told(application, kind):
    return set(Notice.objects.filter(application=application, kind=kind).values_list("recipient", flat=True))


def test_it_goes_to_the_other_with_the_reason_kept(cases):
    """The new judge is told, sees it, judges it; whoever stepped back keeps sight and judges no more."""
    case, manager, other = cases.submitted, cases.place.manager, cases.place.other_manager
    assert not access.can_see(other, case)
    recusal = handed_over(case, by=manager, to=other, reason=f"  {WHY}  ")
    assert (recusal.person, recusal.handed_to, recusal.reason) == (manager, other, WHY)
    assert access.can_see(other, case) and access.can_see(manager, case)
    assert permissions.can_assess(other, case) and not permissions.can_assess(manager, case)
    assert selectors.who_acts(case) == [other]
    assert told(case, "handed_to_you") == {other.pk}
    assert case.worker_id in told(case, "news_for_worker")
    event = case.events.last()
    assert (event.verb, event.actor, event.reason) == ("stepped_back", manager, WHY)


def test_the_worker_learns_who_and_never_why(client, cases):
    case = cases.submitted
    handed_over(case, by=cases.place.manager, to=cases.place.other_manager, reason=WHY)
    for reader, may_read in ((case.worker, False), (cases.place.manager, True), (cases.place.head, True)):
        client.force_login(reader)
        page = client.get(reverse("progression:case", args=[case.reference])).text
        assert (WHY in page) is may_read
        note = f"{cases.place.other_manager.name} is to assess it, not {cases.place.manager.name}."
        assert note in page


@pytest.mark.parametrize(
    ("which", "who"),
    [
        ("submitted", "worker"),
        ("submitted", "colleague"),
        ("submitted", "other_manager"),
        ("submitted", "auditor"),
        ("submitted", "payroll"),
        ("recommended", "manager"),
        ("recommended", "auditor"),
        ("under_review", "service_manager"),
        ("under_review", "head"),
    ],
)
def test_who_does_not_judge_it_has_nothing_to_hand_over(cases, which, who):
    case = getattr(cases, which)
    actor = case.worker if who == "worker" else getattr(cases.place, who)
    with pytest.raises(NotAllowed):
        handed_over(case, by=actor, to=cases.beside.director)
    assert not Recusal.objects.exists()


@pytest.mark.parametrize("who", ["service_manager", "head", "director"])
def test_seniors_hand_over_for_a_manager(cases, who):
    senior = getattr(cases.place, who)
    recusal = handed_over(cases.submitted, by=senior, to=cases.place.other_manager)
    assert recusal.person == cases.place.manager
    event = cases.submitted.events.last()
    assert (event.verb, event.actor) == ("handed_over", senior)
    assert cases.place.manager.pk in told(cases.submitted, "news_for_manager")


def test_seniors_of_another_service_do_not(cases):
    with pytest.raises(NotAllowed):
        handed_over(cases.submitted, by=cases.beside.head, to=cases.beside.manager)


def test_a_senior_in_conflict_does_not_choose_for_a_manager(cases):
    tied(cases.place.head, cases.submitted.worker)
    with pytest.raises(NotAllowed):
        handed_over(cases.submitted, by=cases.place.head, to=cases.beside.manager)


# Near misses: each is somebody to whom the case cannot go.
CANNOT_TAKE = {
    "of another council": lambda cases: cases.outside.other_manager,
    "too junior": lambda cases: cases.place.colleague,
    "outside the line of management": lambda cases: cases.place.auditor,
    "the worker": lambda cases: cases.submitted.worker,
    "oneself": lambda cases: cases.place.manager,
}


@pytest.mark.parametrize("who", CANNOT_TAKE)
def test_it_cannot_go_to(cases, who):
    with pytest.raises(Blocked, match="cannot be handed"):
        handed_over(cases.submitted, by=cases.place.manager, to=CANNOT_TAKE[who](cases))


def test_it_cannot_go_to_somebody_in_conflict_or_gone(cases):
    other = cases.place.other_manager
    tied(cases.submitted.worker, other)
    with pytest.raises(Blocked):
        handed_over(cases.submitted, by=cases.place.manager, to=other)
    cases.beside.manager.is_active = False
    cases.beside.manager.save()
    with pytest.raises(Blocked):
        handed_over(cases.submitted, by=cases.place.manager, to=cases.beside.manager)


@pytest.mark.rule("R15")
def test_a_decision_cannot_go_to_a_lower_rank_or_the_assessor(cases):
    case, service_manager = cases.recommended, cases.place.service_manager
    with pytest.raises(Blocked):
        handed_over(case, by=service_manager, to=cases.beside.manager)
    cases.place.manager.role = Role.SERVICE_MANAGER
    cases.place.manager.save()
    with pytest.raises(Blocked):
        handed_over(case, by=service_manager, to=cases.place.manager)
    handed_over(case, by=service_manager, to=cases.beside.service_manager)
    assert permissions.can_authorise(cases.beside.service_manager, case)


@pytest.mark.rule("R19", scheme="medway-2010")
def test_a_review_cannot_go_to_whoever_refused(cases):
    case = cases.under_review
    decliner = case.authorisations.get().decided_by
    decliner.role = Role.ASSISTANT_DIRECTOR
    decliner.save()
    with pytest.raises(Blocked):
        handed_over(case, by=cases.place.director, to=decliner)
    handed_over(case, by=cases.place.director, to=cases.beside.director)
    assert selectors.who_acts(case) == [cases.beside.director]


def test_a_reason_is_asked(cases):
    with pytest.raises(Blocked, match="Say why"):
        handed_over(cases.submitted, by=cases.place.manager, to=cases.place.other_manager, reason=" ")


def test_a_case_that_moved_on_is_not_handed_over_in_another_part(cases):
    case = cases.submitted
    moved = recommended(Application.objects.get(pk=case.pk))
    with pytest.raises(Blocked, match="moved this application"):
        recusal_transitions.recuse(
            moved,
            actor=cases.place.service_manager,
            capacity=Capacity.ASSESSOR,
            reason=WHY,
            handed_to=cases.place.other_manager,
            now=timezone.now(),
        )


def test_what_was_handed_over_is_for_that_part_alone(cases):
    """Whoever took over the assessment of a case decides on it no more than any assessor."""
    case, head = cases.submitted, cases.place.head
    handed_over(case, by=cases.place.manager, to=head)
    assert permissions.can_assess(head, case)
    case.team.manager = head  # the walk's manager signs
    case = recommended(case)
    assert case.assessor == head
    assert not permissions.can_authorise(head, case)


class TestNobodyIsFree:
    """A declared conflict of the only one who might judge must not leave the case stuck in silence."""

    @pytest.fixture
    def case(self, cases):
        tied(cases.place.manager, cases.submitted.worker)
        return cases.submitted

    def test_the_next_rank_up_is_asked_to_hand_it_over(self, cases, case):
        assert selectors.who_acts(case) == [cases.place.service_manager]
        for able in (cases.place.service_manager, cases.place.head, cases.place.manager):
            assert permissions.acts_next(able, case)
            assert case in selectors.waiting_for(able)
        assert not permissions.acts_next(cases.place.other_manager, case)
        assert not permissions.can_assess(cases.place.manager, case)

    def test_the_page_says_so(self, cases, case):
        who = standing_of(case, case.worker, today=TODAY).who
        assert who == (
            f"{cases.place.service_manager.name}, to choose who is to assess it: nobody who would may"
        )

    def test_the_manager_may_hand_it_over_and_then_waits_for_nobody_else(self, cases, case):
        handed_over(case, by=cases.place.manager, to=cases.place.other_manager)
        assert selectors.who_acts(case) == [cases.place.other_manager]
        assert case not in selectors.waiting_for(cases.place.service_manager)

    def test_where_whoever_took_over_leaves_it_is_handed_over_again(self, cases, case):
        other = cases.place.other_manager
        handed_over(case, by=cases.place.service_manager, to=other)
        other.is_active = False
        other.save()
        assert selectors.who_acts(case) == [cases.place.service_manager]
        again = handed_over(case, by=cases.place.service_manager, to=cases.beside.manager)
        assert again.person == other

    def test_who_may_decide_next_where_the_first_is_in_conflict(self, cases):
        """R15: the next rank up decides; with nobody free, those in conflict hand it over."""
        case, place = cases.recommended, cases.place
        tied(place.service_manager, case.worker)
        assert selectors.who_acts(case) == [place.head]
        tied(case.worker, place.head)
        tied(case.worker, place.director)
        assert selectors.who_acts(case) == [place.service_manager]
        assert not permissions.can_authorise(place.service_manager, case)
        assert case in selectors.waiting_for(place.service_manager)
        handed_over(case, by=place.service_manager, to=cases.beside.head)
        assert selectors.who_acts(case) == [cases.beside.head]

    def test_a_new_case_asks_them_by_its_own_message(self, cases):
        """What the next submission of a worker in conflict with their manager sends."""
        place = cases.place
        tied(place.manager, place.worker)
        case = application_at(State.SUBMITTED, worker=place.worker)
        assert told(case, "ask_to_hand_over") == {place.service_manager.pk}
        assert not told(case, "ask_to_assess")


class TestPage:
    def page(self, client, user, case, sent=None):
        client.force_login(user)
        address = reverse("progression:step_back", args=[case.reference])
        return client.get(address) if sent is None else client.post(address, sent)

    def test_ask_check_and_do(self, client, cases):
        case, manager, other = cases.submitted, cases.place.manager, cases.place.other_manager
        asked = self.page(client, manager, case)
        assert other.name in asked.text and cases.outside.manager.name not in asked.text
        sent = {"capacity": "assessor", "handed_to": other.pk, "reason": WHY}
        check = self.page(client, manager, case, sent | {"check": ""})
        assert other.name in check.text and WHY in check.text and not Recusal.objects.exists()
        done = self.page(client, manager, case, sent | {"confirm": "confirm"})
        assert done.status_code == 302 and Recusal.objects.get().handed_to == other

    def test_nothing_said_nothing_done(self, client, cases):
        page = self.page(client, cases.place.manager, cases.submitted, {"confirm": "confirm"})
        assert page.status_code == 200 and "Choose who takes it over" in page.text
        assert not Recusal.objects.exists()

    def test_the_manager_in_conflict_is_still_offered_it(self, client, cases):
        tied(cases.place.manager, cases.submitted.worker)
        client.force_login(cases.place.manager)
        page = client.get(reverse("progression:case", args=[cases.submitted.reference])).text
        assert "Hand this application to somebody else" in page
        assert "Assess this application" not in page


class TestInTheDatabase:
    """Append-only, once a person and part, with a reason, and to somebody else."""

    @pytest.mark.parametrize(
        ("wrong", "constraint"),
        [
            ({"reason": ""}, "recusal_has_its_reason"),
            ({"to_oneself": True}, "recusal_to_somebody_else"),
            ({"twice": True}, "recusal_once"),
        ],
    )
    def test_refused(self, cases, wrong, constraint):
        fields = {
            "application": cases.submitted,
            "capacity": Capacity.ASSESSOR,
            "person": cases.place.manager,
            "reason": wrong.get("reason", WHY),
            "handed_to": cases.place.manager if "to_oneself" in wrong else cases.place.other_manager,
            "at": timezone.now(),
        }
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            for _ in range(2 if "twice" in wrong else 1):
                Recusal.objects.create(**fields)

    def test_never_changed(self, cases):
        handed_over(cases.submitted, by=cases.place.manager, to=cases.place.other_manager)
        with pytest.raises(Exception, match="progression_recusal"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE progression_recusal SET reason = 'Other'")


def test_a_delegate_may_hand_over_and_is_the_one_who_steps_back(cases):
    case, manager, other = cases.submitted, cases.place.manager, cases.place.other_manager
    away(manager, other)
    recusal = handed_over(case, by=other, to=cases.beside.manager)
    assert recusal.person == other
    event = case.events.last()
    assert (event.actor, event.on_behalf_of) == (other, manager)
    assert selectors.who_acts(case) == [cases.beside.manager]


def test_who_may_take_it_over_is_asked_in_three_queries(cases, django_assert_num_queries):
    case = Application.objects.select_related("team__service", "scheme").get(pk=cases.recommended.pk)
    case.scheme.rules  # noqa: B018 - read with its content, once
    with django_assert_num_queries(2):
        found = judges.may_take_over(case, Capacity.AUTHORISER)
    assert cases.beside.head in found
    assert cases.place.manager not in found and cases.outside.head not in found
    assert person(Role.HEAD_OF_SERVICE) not in found
