"""Starting, handing in, withdrawing: who may, when, and what stops it. R1, R7, R8, R10, R11, R34, R35."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from competencies.selectors import desirables_for
from people.models import PerformanceRating
from people.permissions import NotAllowed
from people.policies import Blocked
from progression import policies, transitions
from progression.models import Application
from progression.states import State
from tests.council import NOW, TODAY, organisation, social_worker, team_of
from tests.walk import application_at, portfolio_filled, returned, started, submitted, withdrawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organisation()


def sentences(missing):
    return [item.sentence for item in missing]


class TestStarting:
    def test_the_next_level_on_the_scheme_in_force(self, place):
        """R1."""
        application = started(place.worker)
        assert (application.step.from_level.number, application.step.to_level.number) == (2, 3)
        assert application.scheme.code == "medway-2010"
        assert application.reference == f"APP-{TODAY.year}-0001"
        assert application.portfolio.is_open

    @pytest.mark.rule("R1")
    def test_no_level_is_skipped(self, place):
        """R1."""
        application = started(social_worker(place.team, level=1))
        assert application.step.to_level.number == 2

    def test_one_application_at_a_time(self, place):
        """R1."""
        started(place.worker)
        with pytest.raises(Blocked, match="already have an application open"):
            started(place.worker)

    def test_again_after_withdrawing(self, place):
        withdrawn(started(place.worker))
        assert started(place.worker).reference.endswith("0002")

    @pytest.mark.rule("R36")
    def test_at_the_top_there_is_no_step(self, place):
        """R1, R36."""
        with pytest.raises(Blocked, match="highest level"):
            started(social_worker(place.team, level=3))

    @pytest.mark.parametrize("name", ["manager", "service_manager", "payroll", "administrator"])
    def test_only_a_social_worker_starts(self, place, name):
        with pytest.raises(NotAllowed):
            started(getattr(place, name))

    def test_not_without_a_post(self, place):
        place.worker.post.delete()
        with pytest.raises(NotAllowed):
            started(type(place.worker).objects.get(pk=place.worker.pk))

    def test_numbers_start_again_each_year(self, place):
        first = started(place.worker, now=timezone.make_aware(datetime(2027, 1, 4, 9, 0)))
        assert first.reference == "APP-2027-0001"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.mark.rule("R1")
    def test_two_tabs_start_one_application(self):
        """R1: whatever the moment, PostgreSQL lets one in."""
        worker = organisation().worker

        def start(_):
            try:
                return started(worker).reference
            except Exception as refused:
                return type(refused).__name__
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            outcomes = list(pool.map(start, range(4)))
        assert Application.objects.count() == 1
        assert sum(outcome.startswith("APP-") for outcome in outcomes) == 1

    def test_numbers_are_given_once(self):
        place = organisation()
        workers = [social_worker(place.team) for _ in range(6)]

        def start(worker):
            try:
                return started(worker).reference
            finally:
                connections.close_all()

        with ThreadPoolExecutor(3) as pool:
            assert len(set(pool.map(start, workers))) == 6

    def test_submitting_and_withdrawing_at_once_ends_in_one_of_them(self):
        application = started(organisation().worker)
        portfolio_filled(application)

        def act(move):
            try:
                return move(Application.objects.get(pk=application.pk))
            except Blocked:
                return None
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(act, (submitted, withdrawn)))
        application.refresh_from_db()
        assert application.state == State.WITHDRAWN or application.portfolio.submissions.exists()
        assert application.events.filter(to_state=application.state).count() == 1


class TestHandingIn:
    def test_everything_missing_is_said_at_once(self, place):
        """R7: none for a heading refuses."""
        with pytest.raises(Blocked) as stopped:
            transitions.submit(
                started(place.worker),
                actor=place.worker,
                worked_through_with_manager=True,
                now=NOW,
                today=TODAY,
            )
        assert len(stopped.value.sentences) == 20

    def test_the_checklist_the_guard_and_the_message_say_the_same(self, place):
        application = started(place.worker)
        with pytest.raises(Blocked) as stopped:
            policies.check_submittable(application, today=TODAY)
        assert stopped.value.sentences == sentences(
            policies.missing_before_submission(application, today=TODAY)
        )

    def test_fewer_than_three_examples_only_warns(self, place):
        """R7."""
        application = started(place.worker)
        portfolio_filled(application, pieces=2)
        assert policies.missing_before_submission(application, today=TODAY) == []
        assert len(policies.warnings_before_submission(application, today=TODAY)) == 20

    @pytest.mark.rule("R8", scheme="medway-2010")
    def test_not_without_having_worked_through_it_with_the_manager(self, place):
        """R8."""
        application = started(place.worker)
        portfolio_filled(application)
        with pytest.raises(Blocked, match="with your manager"):
            transitions.submit(
                application, actor=place.worker, worked_through_with_manager=False, now=NOW, today=TODAY
            )
        application.refresh_from_db()
        assert application.state == State.DRAFT

    @pytest.mark.parametrize("name", ["manager", "colleague", "service_manager"])
    def test_only_the_worker_hands_in(self, place, name):
        application = started(place.worker)
        portfolio_filled(application)
        with pytest.raises(NotAllowed):
            transitions.submit(
                application,
                actor=getattr(place, name),
                worked_through_with_manager=True,
                now=NOW,
                today=TODAY,
            )

    def test_it_goes_to_the_team_the_worker_is_in_by_then(self, place):
        application = started(place.worker)
        place.worker.post.team = place.other_team
        place.worker.post.save()
        application.refresh_from_db()
        assert submitted(application).team == place.other_team

    def test_desirables_are_kept(self, place):
        """R6."""
        application = started(place.worker)
        portfolio_filled(application)
        held = desirables_for(application.step)[0]
        transitions.submit(
            application,
            actor=place.worker,
            worked_through_with_manager=True,
            desirables=[held.code, "unheard-of"],
            now=NOW,
            today=TODAY,
        )
        content = application.portfolio.submissions.get().content
        assert content["desirables"] == [{"code": held.code, "label": held.label}]

    def test_again_after_it_was_returned(self, place):
        application = returned(application_at(State.SUBMITTED, worker=place.worker))
        again = submitted(Application.objects.get(pk=application.pk), now=NOW + timedelta(days=3))
        assert again.state == State.SUBMITTED
        assert list(again.portfolio.submissions.values_list("number", flat=True)) == [1, 2]

    def test_not_twice(self, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        with pytest.raises(Blocked, match="moved this application"):
            submitted(application)


def test_of_a_case_that_never_moved_nobody_is_said_to_have_moved_it(place):
    said = policies.already_moved(started(place.worker))
    assert said == "This application has not moved since it was begun. It is now: being built."


class TestInduction:
    """R10: a newly qualified worker completes induction before Level 2."""

    def test_blocks(self, place):
        worker = social_worker(place.team, level=1, newly_qualified=True)
        application = started(worker)
        portfolio_filled(application)
        assert sentences(policies.missing_before_submission(application, today=TODAY)) == [
            "Induction must be completed before an application for Level 2 Social Worker."
        ]
        with pytest.raises(Blocked, match="Induction"):
            submitted(application)

    @pytest.mark.parametrize(
        "post",
        [
            {"level": 1, "newly_qualified": True, "induction_completed_on": TODAY},
            {"level": 1, "newly_qualified": False},
            {"level": 2, "newly_qualified": True},
        ],
        ids=["completed today", "not newly qualified", "for Level 3"],
    )
    def test_does_not_block(self, place, post):
        application = started(social_worker(place.team, **post))
        assert not [
            item for item in policies.gates_ahead(application.worker.post, application.step, today=TODAY)
        ]

    def test_induction_that_ends_tomorrow_blocks_today(self, place):
        post = {"level": 1, "newly_qualified": True, "induction_completed_on": TODAY + timedelta(days=1)}
        application = started(social_worker(place.team, **post))
        assert policies.gates_ahead(application.worker.post, application.step, today=TODAY)


class TestYearOfService:
    """R11: expected of a newly qualified worker before Level 2; the manager gives a reason to go on."""

    def newly_qualified(self, place, start):
        return started(
            social_worker(
                place.team, level=1, newly_qualified=True, service_start=start, induction_completed_on=TODAY
            )
        )

    def test_warns_and_does_not_block(self, place):
        application = self.newly_qualified(place, date(2025, 3, 11))
        portfolio_filled(application, pieces=3)
        assert policies.warnings_before_submission(application, today=TODAY) == [
            "12 months’ service is expected before an application for Level 2 Social Worker. "
            "Earliest day: 11 March 2026."
        ]
        assert submitted(application).state == State.SUBMITTED

    def test_the_manager_is_told_the_same(self, place):
        application = self.newly_qualified(place, date(2025, 3, 11))
        assert len(policies.expected_but_missing(application, today=TODAY)) == 1

    @pytest.mark.parametrize(
        ("start", "today", "enough"),
        [
            (date(2025, 3, 10), date(2026, 3, 10), True),
            (date(2025, 3, 11), date(2026, 3, 10), False),
            (date(2024, 2, 29), date(2025, 2, 28), False),
            (date(2024, 2, 29), date(2025, 3, 1), True),
            (date(2023, 12, 31), date(2024, 12, 31), True),
        ],
    )
    def test_a_year_to_the_day(self, place, start, today, enough):
        application = self.newly_qualified(place, start)
        assert bool(policies.expected_but_missing(application, today=today)) is not enough


class TestMedway2018:
    """R34, R35: February and March; achieving, no formal process, probation done."""

    @pytest.fixture
    def place(self):
        return organisation("medway-2018")

    @pytest.mark.rule("R34", scheme="medway-2018")
    @pytest.mark.parametrize(
        ("today", "open_now"),
        [
            (date(2026, 1, 31), False),
            (date(2026, 2, 1), True),
            (date(2026, 3, 31), True),
            (date(2026, 4, 1), False),
        ],
    )
    def test_in_february_and_march(self, place, today, open_now):
        """R34."""
        application = started(place.worker)
        gates = policies.gates_ahead(application.worker.post, application.step, today=today)
        next_day = "1 February 2026" if today < date(2026, 2, 1) else "1 February 2027"
        shut = f"Applications are taken from 1 February to 31 March each year. Earliest day: {next_day}."
        assert gates == ([] if open_now else [shut])

    @pytest.mark.rule("R35", scheme="medway-2018")
    @pytest.mark.parametrize(
        ("post", "words"),
        [
            ({"performance_rating": PerformanceRating.DEVELOPING}, "rating must be achieving"),
            ({"performance_rating": PerformanceRating.NOT_RATED}, "rating must be achieving"),
            ({"under_formal_process": True}, "formal capability"),
            ({"probation_completed": False}, "Probation"),
        ],
    )
    def test_each_gate_blocks(self, place, post, words):
        """R35."""
        application = started(social_worker(place.team, **post))
        portfolio_filled(application)
        with pytest.raises(Blocked, match=words):
            submitted(application)

    @pytest.mark.rule("R35", scheme="medway-2018")
    @pytest.mark.parametrize("rating", [PerformanceRating.ACHIEVING, PerformanceRating.EXCEEDING])
    def test_achieving_or_above_passes(self, place, rating):
        """R35: the near miss."""
        application = started(social_worker(place.team, performance_rating=rating))
        assert submitted(application).state == State.SUBMITTED

    def test_none_of_it_counts_in_2010(self):
        worker = social_worker(organisation().team, under_formal_process=True, probation_completed=False)
        assert submitted(started(worker)).state == State.SUBMITTED


class TestWithdrawing:
    @pytest.mark.parametrize(
        "state",
        [
            State.DRAFT,
            State.SUBMITTED,
            State.RETURNED,
            State.RECOMMENDED,
            State.NOT_RECOMMENDED,
            State.UNDER_APPEAL,
        ],
    )
    def test_before_a_decision(self, place, state):
        application = withdrawn(application_at(state, worker=place.worker))
        assert application.state == State.WITHDRAWN
        application.portfolio.refresh_from_db()
        assert not application.portfolio.is_open

    @pytest.mark.parametrize(
        "state", [State.AUTHORISED, State.DECLINED, State.SENT_TO_PAYROLL, State.IMPLEMENTED, State.WITHDRAWN]
    )
    def test_not_after(self, place, state):
        """The near miss: once decided it cannot be unsaid."""
        with pytest.raises(Blocked):
            withdrawn(application_at(state, worker=place.worker))

    @pytest.mark.parametrize("name", ["manager", "colleague", "administrator"])
    def test_only_the_worker(self, place, name):
        with pytest.raises(NotAllowed):
            transitions.withdraw(started(place.worker), actor=getattr(place, name), now=NOW)

    def test_why_is_kept_if_said(self, place):
        transitions.withdraw(started(place.worker), actor=place.worker, reason="A new post.", now=NOW)
        assert Application.objects.get().events.last().reason == "A new post."


def test_an_application_stays_on_its_scheme_when_the_team_changes_scheme(place):
    """A team that moves to another scheme takes nobody's open application with it."""
    application = started(place.worker)
    beside = team_of(place.service, scheme="medway-2018")
    place.worker.post.team = beside
    place.worker.post.save()
    application.refresh_from_db()
    assert submitted(application).scheme.code == "medway-2010"
