"""Ready when? Every gate with its state and its day, and the first day on which a worker can apply."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from competencies.rules import Window
from people.models import PerformanceRating, PostChange
from people.permissions import NotAllowed
from people.policies import Blocked
from people.selectors import post_of
from progression import gates, policies
from progression import meeting_transitions as meetings
from progression.details_selectors import changes_of
from progression.details_transitions import record_details
from progression.gates import GateState
from progression.readiness import readiness
from progression.states import State
from reviews import transitions as reviews
from reviews.selectors import signed_assessment, went_on_without
from tests.council import NOW, TODAY, organisation, social_worker
from tests.walk import application_at, assessed, portfolio_filled, recommended, started, submitted, withdrawn

pytestmark = pytest.mark.django_db

MEDWAY, POD, REDBRIDGE = "medway-2010", "medway-2018", "redbridge-2013"


def ready(worker, today=TODAY):
    worker.refresh_from_db()
    return readiness(worker, today=today)


def states(found):
    return {gate.name: gate.state for gate in found.gates}


class TestMedway2010:
    @pytest.fixture
    def team(self):
        return organisation(MEDWAY).team

    def test_nothing_is_asked_of_the_experienced(self, team):
        found = ready(social_worker(team, level=2))
        assert states(found) == {"No other application": GateState.OPEN}
        assert (found.earliest, found.ready_today) == (TODAY, True)

    @pytest.mark.rule("R10", scheme=MEDWAY, page="/ready/")
    def test_induction_without_a_day_leaves_it_open(self, team):
        found = ready(social_worker(team, level=1, newly_qualified=True))
        assert states(found)["Induction"] == GateState.UNKNOWN
        assert (found.earliest, found.not_before) == (None, TODAY)
        assert found.why_not == [
            "Induction must be completed before an application for Level 2 Social Worker."
        ]

    @pytest.mark.rule("R11", scheme=MEDWAY, page="/ready/")
    @pytest.mark.parametrize(
        ("start", "today", "state"),
        [
            (date(2025, 3, 10), TODAY, GateState.OPEN),
            (date(2025, 3, 11), TODAY, GateState.EXPECTED),
            (date(2024, 2, 29), date(2025, 2, 28), GateState.EXPECTED),
            (date(2024, 2, 29), date(2025, 3, 1), GateState.OPEN),
            (date(2023, 2, 28), date(2024, 2, 28), GateState.OPEN),
        ],
    )
    def test_service_is_expected_and_stops_nobody(self, team, start, today, state):
        worker = social_worker(
            team, level=1, newly_qualified=True, service_start=start, induction_completed_on=start
        )
        found = ready(worker, today)
        assert states(found)["Length of service"] == state
        assert found.earliest == today
        assert [gate.opens_on for gate in found.expected] == (
            [gates.months_after(start, 12)] if state == GateState.EXPECTED else []
        )

    @pytest.mark.rule("R1")
    def test_another_application(self, team):
        worker = social_worker(team, level=1)
        application = started(worker)
        assert states(ready(worker))["No other application"] == GateState.OPEN
        application = submitted(application)
        found = ready(worker)
        assert found.earliest is None and application.reference in found.why_not[0]
        withdrawn(application)
        assert ready(worker).earliest == TODAY

    def test_at_the_top_there_is_nothing(self, team):
        found = ready(social_worker(team, level=3))
        assert (found.step, found.gates, found.earliest) == (None, [], None)


class TestMedway2018:
    @pytest.fixture
    def team(self):
        return organisation(POD).team

    @pytest.mark.rule("R34", scheme=POD, page="/ready/")
    @pytest.mark.parametrize(
        ("today", "earliest"),
        [
            (date(2026, 1, 31), date(2026, 2, 1)),
            (date(2026, 2, 1), date(2026, 2, 1)),
            (date(2026, 3, 31), date(2026, 3, 31)),
            (date(2026, 4, 1), date(2027, 2, 1)),
            (date(2028, 2, 29), date(2028, 2, 29)),
            (date(2026, 12, 31), date(2027, 2, 1)),
        ],
    )
    def test_in_february_and_march(self, team, today, earliest):
        assert ready(social_worker(team), today).earliest == earliest

    @pytest.mark.rule("R35", scheme=POD, page="/ready/")
    @pytest.mark.parametrize(
        ("post", "name"),
        [
            ({"performance_rating": PerformanceRating.DEVELOPING}, "Performance rating"),
            ({"performance_rating": PerformanceRating.NOT_RATED}, "Performance rating"),
            ({"under_formal_process": True}, "Formal process"),
            ({"probation_completed": False, "probation_ends_on": None}, "Probation"),
            ({"probation_completed": False, "probation_ends_on": TODAY}, "Probation"),
        ],
        ids=["below", "not rated", "formal process", "probation", "probation ends today"],
    )
    def test_nobody_can_say_when(self, team, post, name):
        found = ready(social_worker(team, **post))
        assert states(found)[name] == GateState.UNKNOWN
        assert [gate.name for gate in found.in_the_way] == [name]
        assert found.earliest is None

    @pytest.mark.rule("R35", scheme=POD, page="/ready/")
    @pytest.mark.parametrize(
        ("ends_on", "earliest"),
        [
            (TODAY + timedelta(days=1), TODAY + timedelta(days=1)),
            (date(2026, 3, 31), date(2026, 3, 31)),
            (date(2026, 4, 1), date(2027, 2, 1)),
        ],
    )
    def test_probation_that_ends_later(self, team, ends_on, earliest):
        """The day it ends, and then the next day on which applications are taken."""
        found = ready(social_worker(team, probation_completed=False, probation_ends_on=ends_on))
        assert states(found)["Probation"] == GateState.SHUT
        assert found.earliest == earliest

    def test_six_months_where_no_end_is_recorded(self, team):
        worker = social_worker(
            team, probation_completed=False, probation_ends_on=None, service_start=date(2025, 9, 20)
        )
        assert ready(worker).earliest == date(2026, 3, 20)

    @pytest.mark.rule("R34", scheme=POD)
    def test_it_opens_on_the_day_it_says(self, team):
        """What "Ready when?" answers on 1 January is what the guard lets through, and not a day sooner."""
        worker = social_worker(team)
        application = started(worker, now=NOW)
        portfolio_filled(application)
        day = ready(worker, date(2027, 1, 1)).earliest
        assert policies.missing_before_submission(application, today=day - timedelta(days=1))
        assert policies.missing_before_submission(application, today=day) == []


class TestRedbridge:
    @pytest.fixture
    def place(self):
        return organisation(REDBRIDGE)

    @pytest.mark.rule("R25", scheme=REDBRIDGE, page="/ready/")
    def test_never_without_a_review(self, place):
        found = ready(place.worker)
        assert states(found)["Notice of the review"] == GateState.UNKNOWN
        assert found.earliest is None

    @pytest.mark.rule("R26", scheme=REDBRIDGE, page="/ready/")
    @pytest.mark.parametrize(("days", "earliest"), [(6, None), (7, TODAY), (8, TODAY)])
    def test_by_the_review_in_the_diary(self, place, days, earliest):
        diarise(place, days)
        found = ready(place.worker)
        assert found.earliest == earliest
        if earliest is None:
            assert "held on 17 March 2026 or later" in found.why_not[0]

    @pytest.mark.rule("R26", scheme=REDBRIDGE)
    def test_open_once_notice_is_given(self, place):
        meeting = diarise(place, 10)
        application = started(place.worker)
        assert states(ready(place.worker))["Notice of the review"] == GateState.SHUT
        meetings.give_notice(meeting, application, actor=place.worker, now=NOW, today=TODAY)
        assert states(ready(place.worker))["Notice of the review"] == GateState.OPEN

    def test_queries(self, place):
        diarise(place, 10)
        started(place.worker)
        place.worker.post = post_of(place.worker)
        with CaptureQueriesContext(connection) as asked:
            readiness(place.worker, today=TODAY)
        assert len(asked) <= 5


def diarise(place, days):
    starts_at = datetime(2026, 3, 10, 14, 0, tzinfo=ZoneInfo("Europe/London")) + timedelta(days=days)
    return meetings.diarise(place.worker, actor=place.manager, starts_at=starts_at, place="Room 4", now=NOW)


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(1, 120))
def test_months_after(day, months):
    """Never early; on the same day of the month, or on the first where there is none."""
    after = gates.months_after(day, months)
    assert after.day in (day.day, 1)
    between = (after.year - day.year) * 12 + after.month - day.month
    assert between == months + (after.day != day.day)


def opening(first, last):
    """A window from one (month, day) to another; a last day of 31 is the month's last."""
    closing = {"month": last[0], "last_day": True} if last[1] == 31 else {"month": last[0], "day": last[1]}
    return Window.model_validate({"from": {"month": first[0], "day": first[1]}, "to": closing})


@pytest.mark.rule("R34", scheme=POD)
@pytest.mark.parametrize(
    "opens",
    [opening((2, 1), (3, 31)), opening((11, 1), (2, 31)), opening((6, 15), (6, 15))],
    ids=["February and March", "over New Year, to the last of February", "one day"],
)
@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_window_is_this_one_or_the_next(opens, day):
    first, last = gates.window_from(opens, day)
    assert opens.contains(first) and opens.contains(last)
    assert not opens.contains(first - timedelta(days=1)) and not opens.contains(last + timedelta(days=1))
    assert (first <= day <= last) == opens.contains(day)
    assert first - day < timedelta(days=366)


class TestReasonToGoOn:
    @pytest.mark.rule("R11", scheme=MEDWAY, page="/applications/<reference>/recommendation/")
    def test_what_was_missing_is_kept_by_name_with_the_signature(self, client):
        place = organisation(MEDWAY)
        worker = social_worker(
            place.team,
            level=1,
            spinal_point=35,
            newly_qualified=True,
            service_start=date(2025, 6, 1),
            induction_completed_on=date(2025, 9, 1),
        )
        application = application_at(State.SUBMITTED, worker=worker)
        with pytest.raises(Blocked, match="Say why the application should go on. 12 months’ service"):
            recommended(application)
        assessment = assessed(application)
        reviews.save_recommendation(
            assessment,
            actor=place.manager,
            base_revision=assessment.revision_of("recommendation"),
            recommended=True,
            short_service_reason="Two years here as a student.",
            now=NOW,
        )
        reviews.sign(application, actor=place.manager, now=NOW, today=TODAY)
        assert went_on_without(signed_assessment(application)) == [
            "12 months’ service is expected before an application for Level 2 Social Worker. "
            "Earliest day: 1 June 2026."
        ]
        for reader, page in (
            (place.manager, "reviews:findings"),
            (place.service_manager, "reviews:authorisation"),
        ):
            client.force_login(reader)
            text = client.get(reverse(page, args=[application.reference])).text
            assert "Two years here as a student." in text and "12 months’ service is expected" in text


class TestDetails:
    """What the gates rest on is the manager's to record, and every change is kept."""

    @pytest.fixture
    def place(self):
        return organisation(POD)

    @pytest.mark.parametrize(("scheme", "asked"), [(POD, True), (REDBRIDGE, False)])
    def test_a_worker_s_page_leads_to_details_where_the_scheme_asks_for_some(self, client, scheme, asked):
        place = organisation(scheme)
        client.force_login(place.manager)
        page = client.get(reverse("progression:member", args=[place.worker.pk])).text
        assert (reverse("progression:details", args=[place.worker.pk]) in page) is asked

    @pytest.mark.rule("R35", scheme=POD, page="/team/<int:worker>/details/")
    def test_the_gates_follow(self, place):
        worker = social_worker(place.team, performance_rating="", probation_completed=False)
        assert ready(worker).earliest is None
        details = {"performance_rating": "achieving", "probation_completed": True}
        record_details(worker, actor=place.manager, details=details, now=NOW)
        assert ready(worker).earliest == TODAY

    def test_each_change_is_kept_in_words(self, place):
        for details in (
            {"performance_rating": "exceeding", "under_formal_process": False},
            {"probation_ends_on": date(2026, 5, 4)},
        ):
            record_details(place.worker, actor=place.manager, details=details, now=NOW)
        kept = [(one.name, one.was, one.became, one.by) for one in changes_of(place.worker.post)]
        name = place.manager.name
        assert kept == [
            ("Probation ends", "1 March 2021", "4 May 2026", name),
            ("Last performance rating", "achieving", "exceeding", name),
        ]

    @pytest.mark.parametrize(
        "name", ["worker", "colleague", "other_manager", "service_manager", "head", "psw"]
    )
    def test_nobody_else(self, place, name):
        with pytest.raises(NotAllowed):
            record_details(
                place.worker, actor=getattr(place, name), details={"under_formal_process": True}, now=NOW
            )
        assert not PostChange.objects.exists()

    def test_only_what_is_theirs_to_record(self, place):
        with pytest.raises(ValueError, match="level"):
            record_details(place.worker, actor=place.manager, details={"level": 2}, now=NOW)

    def test_not_before_the_worker_started(self, place):
        details = {"induction_completed_on": place.worker.post.service_start - timedelta(days=1)}
        with pytest.raises(Blocked, match="before the worker started"):
            record_details(place.worker, actor=place.manager, details=details, now=NOW)
