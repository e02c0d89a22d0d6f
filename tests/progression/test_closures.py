"""A council's own closures: only ever later, for its own service alone, kept by its head."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.permissions import NotAllowed
from people.policies import Blocked
from progression import closure_transitions as closures
from progression import selectors
from progression.deadlines import Holidays, add_working_days, working_days_between
from progression.models import CouncilClosure, Deadline
from progression.states import State
from tests.council import NOW, TODAY, organisation
from tests.walk import application_at, returned

pytestmark = pytest.mark.django_db

DUE, A_DAY_LATER = date(2026, 3, 24), date(2026, 3, 25)
CLOSED_ON = date(2026, 3, 18)


@pytest.fixture
def place():
    return organisation()


def shut(place, day=CLOSED_ON, *, actor=None, today=TODAY):
    return closures.close_offices(
        place.service, day=day, title="Moving house", actor=actor or place.head, today=today
    )


def due(application):
    return application.deadlines.get(closed_on=None).due_on


class TestAdding:
    @pytest.mark.rule("R19", page="/closures/")
    def test_the_last_day_to_ask_becomes_later(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        assert due(application) == DUE
        _, moved = shut(place)
        assert (due(application), moved) == (A_DAY_LATER, 1)

    def test_its_reminder_moves_with_it(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        assert application.deadlines.get(closed_on=None).next_reminder_on == date(2026, 3, 19)
        shut(place)
        assert application.deadlines.get(closed_on=None).next_reminder_on == date(2026, 3, 20)

    def test_deadlines_that_open_later_count_it(self, place):
        shut(place)
        assert due(application_at(State.DECLINED, worker=place.worker)) == A_DAY_LATER

    def test_of_another_service_nothing_moves(self, place):
        """The near miss."""
        elsewhere = organisation()
        application = application_at(State.DECLINED, worker=elsewhere.worker)
        assert shut(place)[1] == 0
        assert due(application) == DUE
        assert CLOSED_ON not in selectors.holidays_of(elsewhere.service).days

    def test_what_is_closed_does_not_move(self, place):
        application = application_at(State.SUBMITTED, worker=place.worker)
        returned(application)
        was = Deadline.objects.get(state=State.SUBMITTED).due_on
        shut(place)
        assert Deadline.objects.get(state=State.SUBMITTED).due_on == was

    def test_a_closure_after_the_last_day_moves_nothing(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        assert shut(place, A_DAY_LATER)[1] == 0
        assert due(application) == DUE

    def test_today_may_be_added(self, place):
        application = application_at(State.DECLINED, worker=place.worker, now=NOW - timedelta(days=1))
        shut(place, TODAY)
        assert due(application) == DUE

    @pytest.mark.parametrize(
        ("day", "why"),
        [
            (TODAY - timedelta(days=1), "has passed"),
            (date(2026, 3, 21), "weekend"),
            (date(2026, 4, 3), "bank holiday"),
        ],
    )
    def test_a_day_that_cannot_be_added(self, place, day, why):
        with pytest.raises(Blocked, match=why):
            shut(place, day)
        assert not CouncilClosure.objects.exists()

    def test_once(self, place):
        shut(place)
        with pytest.raises(Blocked, match="already"):
            shut(place)


class TestRemoving:
    def test_no_open_deadline_is_shortened(self, place):
        application = application_at(State.DECLINED, worker=place.worker)
        closure, _ = shut(place)
        closures.open_offices(closure, actor=place.head, today=TODAY)
        assert not CouncilClosure.objects.exists()
        assert due(application) == A_DAY_LATER
        assert due(application_at(State.DECLINED, place)) == DUE

    def test_a_day_that_has_come_stays(self, place):
        closure, _ = shut(place)
        with pytest.raises(Blocked, match="has come"):
            closures.open_offices(closure, actor=place.head, today=CLOSED_ON)

    def test_twice(self, place):
        closure, _ = shut(place)
        closures.open_offices(closure, actor=place.head, today=TODAY)
        with pytest.raises(Blocked, match="Somebody else"):
            closures.open_offices(closure, actor=place.head, today=TODAY)


@pytest.mark.parametrize("who", ["head", "administrator"])
def test_who_may(place, who):
    assert shut(place, actor=getattr(place, who))


@pytest.mark.parametrize(
    "who", ["worker", "manager", "service_manager", "director", "payroll", "psw", "auditor"]
)
def test_who_may_not(place, who):
    with pytest.raises(NotAllowed):
        shut(place, actor=getattr(place, who))


def test_the_head_of_another_service_may_not(place):
    with pytest.raises(NotAllowed):
        shut(place, actor=organisation().head)


class TestPage:
    def test_add_and_remove(self, place, client):
        application = application_at(State.DECLINED, worker=place.worker)
        client.force_login(place.head)
        answer = client.post("/closures/", _form(date.today() - timedelta(days=1)))
        assert "has passed" in answer.text
        day = add_working_days(date.today(), 30, selectors.bank_holidays())
        answer = client.post("/closures/", _form(day), follow=True)
        assert "Closure added" in answer.text
        assert "Painting" in answer.text
        closure = CouncilClosure.objects.get()
        assert (closure.service, closure.day) == (place.service, day)
        assert "Remove this closure?" in client.get(f"/closures/{closure.pk}/remove/").text
        client.post(f"/closures/{closure.pk}/remove/")
        assert not CouncilClosure.objects.exists()
        assert due(application) == DUE

    def test_an_administrator_says_of_which_service(self, place, client):
        other = organisation()
        client.force_login(place.administrator)
        day = add_working_days(date.today(), 30, selectors.bank_holidays())
        assert "Choose the service" in client.post("/closures/", _form(day)).text
        client.post("/closures/", _form(day) | {"service": other.service.pk})
        assert CouncilClosure.objects.get().service == other.service


def _form(day):
    return {"day_0": day.day, "day_1": day.month, "day_2": day.year, "title": "Painting"}


KNOWN = Holidays(frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4)}), date(2027, 12, 31))
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(DAYS, st.integers(1, 30), st.frozensets(DAYS, max_size=20), DAYS)
def test_counted_anew_a_day_is_never_earlier(start, count, closed, one_more):
    """What `make_later` does: the same number of working days, over one closure more. R19."""
    before = Holidays(KNOWN.days | closed, KNOWN.known_until)
    after = Holidays(before.days | {one_more}, KNOWN.known_until)
    due_on = add_working_days(start, count, before)
    anew = add_working_days(start, working_days_between(start, due_on, before), after)
    assert anew >= due_on
    assert (anew > due_on) == (
        start < one_more <= due_on and one_more not in before.days and one_more.weekday() < 5
    )
