"""Reminders: on the right day, to the right people, each once whatever restarts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.utils import timezone

from people.roles import Role
from portfolios import transitions as portfolios
from progression import reminders, selectors
from progression import sweep as sweeping
from progression.models import BankHoliday, Deadline, DeadlineKind, Notice
from progression.states import State
from tests.council import NOW, TODAY, organisation, person
from tests.walk import application_at, contract_accepted, implemented, returned, started, submitted

pytestmark = pytest.mark.django_db


def sweep_on(day):
    """The notices queued on `day`, by kind and recipient, but for the worker's own about a new contract."""
    before = set(Notice.objects.values_list("pk", flat=True))
    now = timezone.make_aware(datetime.combine(day, time(9, 0)))
    count = sweeping.sweep(today=day, now=now)
    queued = Notice.objects.exclude(pk__in=before).order_by("pk")
    assert len(queued) == count
    return [(one.kind, one.recipient) for one in queued if one.kind != "remind_of_variation"]


@pytest.fixture
def place():
    return organisation()


FIVE_WORKING_DAYS, TEN_WORKING_DAYS = date(2026, 3, 17), date(2026, 3, 24)
FIVE_DAYS_LATE = date(2026, 3, 31)


class TestWhoAndWhen:
    """Asked on Tuesday 10 March 2026; ten working days run to Tuesday 24 March."""

    @pytest.mark.parametrize(
        ("state", "kind", "recipient", "above"),
        [
            (State.SUBMITTED, "remind_to_act", "manager", "service_manager"),
            (State.RECOMMENDED, "remind_to_act", "service_manager", "head"),
            (State.NOT_RECOMMENDED, "remind_to_act", "service_manager", "head"),
            (State.SENT_TO_PAYROLL, "remind_payroll", "payroll", "head"),
        ],
    )
    def test_before_on_and_after_the_day_then_the_manager(self, place, state, kind, recipient, above):
        application = application_at(state, worker=place.worker)
        if state == State.SENT_TO_PAYROLL:  # R23: until then it waits for the worker
            contract_accepted(application)
        reminded, above = (kind, getattr(place, recipient)), getattr(place, above)
        assert sweep_on(FIVE_WORKING_DAYS - timedelta(days=1)) == []
        assert sweep_on(FIVE_WORKING_DAYS) == [reminded]
        assert sweep_on(TEN_WORKING_DAYS - timedelta(days=1)) == []
        assert sweep_on(TEN_WORKING_DAYS) == [reminded]
        assert sweep_on(TEN_WORKING_DAYS + timedelta(days=1)) == [reminded, ("deadline_missed", above)]
        assert sweep_on(FIVE_DAYS_LATE - timedelta(days=1)) == []
        assert sweep_on(FIVE_DAYS_LATE) == [reminded, ("remind_manager", above)]
        assert sweep_on(date(2026, 12, 1)) == []

    def test_the_hearer_before_the_ten_days_are_over(self, place):
        """R21."""
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        assert application.deadlines.get(closed_on=None).due_on == TEN_WORKING_DAYS
        assert sweep_on(FIVE_WORKING_DAYS) == [("remind_to_act", place.director)]
        assert sweep_on(date(2026, 3, 20)) == [("remind_to_act", place.director)]

    @pytest.mark.rule("R19", scheme="medway-2010")
    @pytest.mark.parametrize("state", [State.DECLINED, State.REFUSED])
    def test_the_worker_before_their_last_day_to_ask(self, place, state):
        application_at(state, worker=place.worker)
        assert sweep_on(date(2026, 3, 18)) == []
        assert sweep_on(date(2026, 3, 19)) == [("last_day_to_ask", place.worker)]
        assert sweep_on(TEN_WORKING_DAYS) == [("last_day_to_ask", place.worker)]
        assert sweep_on(date(2026, 12, 1)) == [], "letting it pass is their right: nobody is told"

    @pytest.mark.parametrize("state", [State.IMPLEMENTED, State.WITHDRAWN, State.DISMISSED])
    def test_nobody_is_reminded_of_what_is_over(self, place, state):
        application_at(state, worker=place.worker)
        assert sweep_on(date(2026, 12, 1)) == []

    def test_everybody_who_may_do_it(self, place):
        second = person(Role.PAYROLL)
        place.service.officers.add(second)
        contract_accepted(application_at(State.SENT_TO_PAYROLL, worker=place.worker))
        told = sweep_on(FIVE_WORKING_DAYS)
        assert len(told) == 2
        assert set(told) == {("remind_payroll", place.payroll), ("remind_payroll", second)}

    def test_the_manager_of_the_day(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        place.team.manager = place.other_manager
        place.team.save()
        assert sweep_on(FIVE_WORKING_DAYS) == [("remind_to_act", place.other_manager)]

    def test_acting_ends_the_reminders(self, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        returned(application)
        assert all(kind == "remind_worker" for kind, _ in sweep_on(date(2026, 12, 1)))
        submitted(application)
        implemented(application_at(State.SENT_TO_PAYROLL, worker=place.colleague))
        assert not Deadline.objects.filter(closed_on=None).exclude(application=application).exists()

    def test_a_sweep_that_comes_late_reminds_once(self, place):
        """Down for weeks: the manager gets the last reminder, not all four in one minute."""
        application_at(State.SUBMITTED, worker=place.worker)
        assert ("remind_to_act", place.manager) in sweep_on(date(2026, 4, 20))
        assert Notice.objects.get(kind="remind_to_act").step == 3


class TestIdleDraft:
    """20 working days without a save: from Tuesday 10 March 2026, over Easter, Thursday 9 April."""

    IDLE = date(2026, 4, 9)

    def test_an_idle_draft(self, place):
        started(place.worker, now=NOW)
        assert sweep_on(self.IDLE - timedelta(days=1)) == []
        assert sweep_on(self.IDLE) == [("remind_worker", place.worker)]
        assert sweep_on(self.IDLE) == []

    def test_a_draft_worked_on_is_not_idle(self, place):
        """The near miss: a save the day before starts the count anew."""
        started(place.worker, now=NOW)
        self._save(place.worker, NOW + timedelta(days=29))
        assert sweep_on(self.IDLE) == []
        assert Deadline.objects.get().next_reminder_on == date(2026, 5, 7)
        assert sweep_on(date(2026, 5, 6)) == []
        assert sweep_on(date(2026, 5, 7)) == [("remind_worker", place.worker)]

    def test_a_portfolio_returned_and_left(self, place):
        application_at(State.RETURNED, worker=place.worker)
        assert sweep_on(self.IDLE) == [("remind_worker", place.worker)]

    def test_a_draft_is_never_overdue(self, place):
        assert started(place.worker).deadlines.get().due_on is None

    def _save(self, worker, now):
        portfolios.save_evidence(None, worker=worker, fields={"title": "Later"}, as_draft=True, now=now)


class TestOnce:
    def test_a_second_sweep_of_the_day_adds_nothing(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        assert len(sweep_on(FIVE_WORKING_DAYS)) == 1
        assert sweep_on(FIVE_WORKING_DAYS) == []

    def test_a_notice_already_there_is_not_written_twice(self, place):
        """A database put back to before the sweep, or a hand that rearmed it: the unique row stands."""
        application_at(State.SUBMITTED, worker=place.worker)
        sweep_on(FIVE_WORKING_DAYS)
        Deadline.objects.filter(closed_on=None).update(next_reminder=0, next_reminder_on=FIVE_WORKING_DAYS)
        sweeping.sweep(today=FIVE_WORKING_DAYS, now=NOW)
        assert Notice.objects.filter(kind="remind_to_act").count() == 1

    def test_killed_half_way_it_goes_on_where_it_was(self, place):
        application_at(State.SUBMITTED, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague)
        with (
            mock.patch.object(sweeping, "A_BATCH", 1),
            mock.patch.object(sweeping, "_remind", side_effect=[1, SystemExit]),
            pytest.raises(SystemExit),
        ):
            sweeping.sweep(today=FIVE_WORKING_DAYS, now=NOW)
        assert len(sweep_on(FIVE_WORKING_DAYS)) == 2

    def test_one_deadline_in_trouble_does_not_stop_the_others(self, place, caplog):
        troubled = application_at(State.SUBMITTED, worker=place.worker)
        application_at(State.SUBMITTED, worker=place.colleague)
        real = sweeping._plans

        def trouble(batch, rungs_of, today):
            if any(deadline.application == troubled for deadline in batch):
                raise ZeroDivisionError
            return real(batch, rungs_of, today)

        with mock.patch.object(sweeping, "_plans", trouble):
            assert sweeping.sweep(today=FIVE_WORKING_DAYS, now=NOW) == 1
        assert "could not be swept" in caplog.text
        assert len(sweep_on(FIVE_WORKING_DAYS)) == 1

    def test_more_than_a_batch(self, place, monkeypatch):
        monkeypatch.setattr(sweeping, "A_BATCH", 2)
        for _ in range(5):
            application_at(State.SUBMITTED, place)
        assert len(sweep_on(FIVE_WORKING_DAYS)) == 5


@pytest.mark.django_db(transaction=True)
class TestTogether:
    def test_two_sweeps_at_once(self):
        """R19 and all: unique rows and locks, with real connections."""
        place = organisation()
        for _ in range(6):
            application_at(State.SUBMITTED, place)

        def sweep(_):
            try:
                return sweeping.sweep(today=FIVE_WORKING_DAYS, now=NOW)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(3) as pool:
            assert sum(pool.map(sweep, range(3))) <= 6
        sweeping.sweep(today=FIVE_WORKING_DAYS, now=NOW)
        assert Notice.objects.filter(kind="remind_to_act").count() == 6

    def test_a_sweep_passes_over_a_case_that_is_moving(self):
        """No waiting for somebody's open transaction, and no deadlock with it."""
        place = organisation()
        application = application_at(State.SUBMITTED, place)
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM progression_application WHERE id = %s FOR UPDATE", [application.pk])
            with ThreadPoolExecutor(1) as pool:
                found = pool.submit(self._sweep).result(timeout=10)
            cursor.execute("ROLLBACK")
        assert found == 0
        assert self._sweep() == 1

    def _sweep(self):
        try:
            return sweeping.sweep(today=FIVE_WORKING_DAYS, now=NOW)
        finally:
            connections.close_all()


class TestTimeLimits:
    @pytest.mark.parametrize("state", [State.DECLINED, State.REFUSED])
    def test_ten_working_days_to_ask_for_a_review(self, place, state):
        """R19."""
        deadline = application_at(state, worker=place.worker).deadlines.get(closed_on=None)
        assert (deadline.kind, deadline.due_on) == (DeadlineKind.ASK_FOR_REVIEW, TEN_WORKING_DAYS)

    def test_redbridge_gives_none(self):
        """R32."""
        place = organisation("redbridge-2013")
        application = application_at(State.DECLINED, worker=place.worker)
        assert selectors.open_deadline(application) is None

    def test_over_easter(self, place):
        """R19."""
        now = timezone.make_aware(datetime(2026, 4, 2, 16, 30))
        application = application_at(State.DECLINED, worker=place.worker, now=now)
        assert application.deadlines.get(closed_on=None).due_on == date(2026, 4, 20)

    def test_late_at_night_counts_from_the_day_it_is_in_london(self, place):
        """Summer time: half past midnight on 1 July is still 30 June in UTC."""
        now = timezone.make_aware(datetime(2026, 7, 1, 0, 30))
        application = application_at(State.SUBMITTED, worker=place.worker, now=now)
        assert application.deadlines.get(closed_on=None).opened_on == date(2026, 7, 1)

    def test_past_the_known_holidays_the_move_goes_through_undated(self, place):
        """R19: better said than guessed; dated once the holidays are known."""
        BankHoliday.objects.filter(day__year__gt=2025).delete()
        application = application_at(State.DECLINED, worker=place.worker)
        deadline = selectors.open_deadline(application)
        assert deadline.due_on is None
        call_command("load_bank_holidays", verbosity=0)
        deadline.refresh_from_db()
        assert deadline.due_on == TEN_WORKING_DAYS

    def test_reminders_go_on_past_the_known_holidays(self, place):
        BankHoliday.objects.filter(day__year__gt=2025).delete()
        application_at(State.SUBMITTED, worker=place.worker)
        assert sweep_on(FIVE_WORKING_DAYS) == [("remind_to_act", place.manager)]

    def test_a_draft_is_not_dated_by_new_holidays(self, place):
        started(place.worker)
        assert reminders.date_what_was_unknown() == 0
        assert Deadline.objects.get().opened_on == TODAY
