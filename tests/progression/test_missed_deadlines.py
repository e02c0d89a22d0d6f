"""A deadline that was missed is recorded and told to whoever is above; nothing is decided by silence."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from people.roles import Role
from progression import outbox, reminders, selectors, standing, sweep
from progression.models import Application, Deadline, DeadlineKind, Event, Notice, NoticeStatus
from progression.states import State
from tests.council import NOW, TODAY, organisation, person
from tests.walk import WAYS, application_at, contract_accepted, dismissed, under_review

pytestmark = pytest.mark.django_db

DUE = date(2026, 3, 24)
LATE = date(2026, 3, 25)


def sweep_on(day):
    now = timezone.make_aware(datetime.combine(day, time(9, 0)))
    return sweep.sweep(today=day, now=now)


@pytest.fixture
def place():
    return organisation()


def told_of_missing(application):
    """{kind: [who]} of what was told of the deadline that was missed."""
    found = application.notices.filter(event__verb=sweep.MISSED).select_related("recipient")
    return {(notice.kind, notice.recipient) for notice in found}


class TestMissed:
    @pytest.mark.rule("R21", scheme="medway-2010", page="/applications/<str:reference>/")
    def test_a_decision_on_a_review(self, place, client):
        """The assistant director has nobody above: the worker is told, and the case says so."""
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        sweep_on(LATE)
        deadline = application.deadlines.get(kind=DeadlineKind.DECIDE_REVIEW)
        assert (deadline.due_on, deadline.missed_on, deadline.closed_on) == (DUE, LATE, None)
        event = application.events.get(verb=sweep.MISSED)
        assert (event.actor, event.from_state, event.to_state) == (None, "", "")
        assert told_of_missing(application) == {("decision_late", place.worker)}
        client.force_login(place.director)
        page = client.get(f"/applications/{application.reference}/").text
        assert "Deadline missed" in page
        assert "by the service" in page

    @pytest.mark.parametrize(
        ("state", "above"),
        [
            (State.SUBMITTED, "service_manager"),
            (State.RECOMMENDED, "head"),
            (State.NOT_RECOMMENDED, "head"),
            (State.SENT_TO_PAYROLL, "head"),
        ],
    )
    def test_whoever_is_above_is_told(self, place, state, above):
        application = application_at(state, worker=place.worker)
        if state == State.SENT_TO_PAYROLL:
            contract_accepted(application)
        sweep_on(LATE)
        assert told_of_missing(application) == {("deadline_missed", getattr(place, above))}

    def test_the_next_rank_up_where_there_is_none_between(self, place):
        place.service.officers.remove(place.service_manager)
        application = application_at(State.SUBMITTED, worker=place.worker)
        sweep_on(LATE)
        assert told_of_missing(application) == {("deadline_missed", place.head)}

    def test_nobody_of_another_service(self, place):
        """The near miss."""
        elsewhere = organisation()
        application = application_at(State.SUBMITTED, worker=place.worker)
        sweep_on(LATE)
        told = {who for _, who in told_of_missing(application)}
        assert told.isdisjoint(elsewhere.everybody.values())

    def test_a_manager_who_left_is_not_told(self, place):
        second = person(Role.SERVICE_MANAGER)
        place.service.officers.add(second)
        place.service_manager.is_active = False
        place.service_manager.save()
        application = application_at(State.SUBMITTED, worker=place.worker)
        sweep_on(LATE)
        assert told_of_missing(application) == {("deadline_missed", second)}

    def test_not_on_the_day_itself(self, place):
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        sweep_on(DUE)
        assert application.deadlines.get(closed_on=None).missed_on is None

    def test_once(self, place):
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        for day in range(30):
            sweep_on(LATE + timedelta(days=day))
        assert application.events.filter(verb=sweep.MISSED).count() == 1
        assert application.deadlines.get(closed_on=None).missed_on == LATE

    @pytest.mark.parametrize("state", [State.DECLINED, State.REFUSED])
    def test_a_worker_who_does_not_ask_has_missed_nothing(self, place, state):
        """R19: a right, not a duty."""
        application = application_at(state, worker=place.worker)
        sweep_on(date(2026, 12, 1))
        assert not application.events.filter(verb=sweep.MISSED).exists()
        assert not Deadline.objects.filter(missed_on__isnull=False).exists()

    def test_a_deadline_kept_is_not_missed(self, place):
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        dismissed(application)
        sweep_on(LATE)
        assert not Event.objects.filter(verb=sweep.MISSED).exists()

    def test_where_there_is_no_limit_nothing_is_missed(self):
        """R32: no time limit is given; whoever hears it is still reminded, and their manager told."""
        place = organisation("redbridge-2013")
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        for day in range(60):
            sweep_on(TODAY + timedelta(days=day))
        assert not Event.objects.filter(verb=sweep.MISSED).exists()
        told = application.notices.filter(deadline__isnull=False).values_list("kind", "recipient")
        assert ("remind_to_act", place.head.pk) in told
        assert ("remind_manager", place.director.pk) in told

    def test_what_was_done_since_is_not_told(self, place):
        """State is read again when sending."""
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        sweep_on(LATE)
        dismissed(application)
        outbox.send_due(clock=lambda: NOW + timedelta(days=30))
        assert Notice.objects.get(kind="decision_late").status == NoticeStatus.DROPPED

    def test_what_is_still_late_is(self, place):
        """The near miss."""
        application_at(State.UNDER_APPEAL, worker=place.worker)
        sweep_on(LATE)
        outbox.send_due(clock=lambda: NOW + timedelta(days=30))
        assert Notice.objects.get(kind="decision_late").status == NoticeStatus.SENT

    def test_the_case_says_that_it_is_late(self, place):
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        assert standing.standing_of(application, place.director, today=LATE).overdue
        assert not standing.standing_of(application, place.director, today=DUE).overdue


@pytest.mark.parametrize("scheme", ["medway-2010", "medway-2018", "redbridge-2013"])
@pytest.mark.parametrize("state", [State.DRAFT, *WAYS])
def test_nothing_is_decided_by_silence(state, scheme):
    """Two years of sweeps: no case moves, in any state of any scheme."""
    place = organisation(scheme)
    application = application_at(state, worker=place.worker)
    was = Application.objects.filter(pk=application.pk).values().get()
    moves = application.events.exclude(to_state="").count()
    for days in (3, 9, 14, 15, 25, 90, 365, 730):
        sweep_on(TODAY + timedelta(days=days))
    assert Application.objects.filter(pk=application.pk).values().get() == was
    assert application.events.exclude(to_state="").count() == moves


class TestDeadlinesInsideAState:
    def test_the_states_own_stays_the_one_shown(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        reminders.open_deadline(application, DeadlineKind.DECIDE_LATE_REQUEST, working_days=5, now=NOW)
        assert selectors.open_deadline(application).kind == DeadlineKind.ASK_FOR_REVIEW

    def test_whoever_answers_is_reminded_until_it_is_closed(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        kind = DeadlineKind.DECIDE_LATE_REQUEST
        deadline = reminders.open_deadline(application, kind, working_days=5, now=NOW)
        assert deadline.due_on == date(2026, 3, 17)
        sweep_on(date(2026, 3, 13))
        assert [one.recipient for one in deadline.notices.all()] == [place.director]
        reminders.close(application, kind, now=NOW)
        sweep_on(date(2026, 6, 1))
        assert deadline.notices.count() == 1
        deadline.refresh_from_db()
        assert (deadline.closed_on, deadline.missed_on) == (TODAY, None)

    def test_closing_one_leaves_the_others(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        reminders.open_deadline(application, DeadlineKind.DECIDE_LATE_REQUEST, working_days=5, now=NOW)
        reminders.close(application, DeadlineKind.DECIDE_LATE_REQUEST, now=NOW)
        assert selectors.open_deadline(application) is not None

    def test_leaving_the_state_closes_it(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        reminders.open_deadline(application, DeadlineKind.DECIDE_LATE_REQUEST, working_days=5, now=NOW)
        under_review(application)
        open_kinds = application.deadlines.filter(closed_on=None).values_list("kind", flat=True)
        assert list(open_kinds) == [DeadlineKind.DECIDE_REVIEW]


class TestWhereItIsSeen:
    """On the start page of whoever watches over the service, and in its lists."""

    ADDRESSES = ("/", "/workers/", "/applications/")

    @pytest.mark.rule("R21", page="/workers/")
    def test_late_until_it_is_done(self, place, client):
        application = application_at(State.UNDER_APPEAL, worker=place.worker)
        client.force_login(place.head)
        assert not [page for page in self.ADDRESSES if ">Late<" in client.get(page).text]
        sweep_on(LATE)
        assert not [page for page in self.ADDRESSES if ">Late<" not in client.get(page).text]
        assert "Decide the review".lower() in client.get("/").text
        dismissed(application)
        assert not [page for page in self.ADDRESSES if ">Late<" in client.get(page).text]

    def test_not_in_another_service(self, place, client):
        """The near miss."""
        application_at(State.UNDER_APPEAL, worker=place.worker)
        sweep_on(LATE)
        client.force_login(organisation().head)
        assert not [page for page in self.ADDRESSES if ">Late<" in client.get(page).text]
