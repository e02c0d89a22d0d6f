"""Notice of a review meeting: at least a week before it. R26."""

from datetime import date

import pytest

from people.permissions import NotAllowed
from people.policies import Blocked
from progression import meeting_transitions as transitions
from progression import policies
from progression.models import Notice
from progression.states import State
from tests import walk
from tests.council import NOW, TODAY, organisation
from tests.progression.diary import at, diarised, hand_in, in_days, noticed
from tests.walk import portfolio_filled, started, submitted

pytestmark = pytest.mark.django_db

REDBRIDGE = "redbridge-2013"


@pytest.fixture
def place():
    return organisation(REDBRIDGE)


class TestNotice:
    """R26: at least one week before the diarised review."""

    @pytest.mark.rule("R26", scheme=REDBRIDGE, page="/meetings/notice/")
    @pytest.mark.parametrize(
        ("given", "meets", "in_time"),
        [
            (date(2026, 4, 1), date(2026, 4, 8), True),
            (date(2026, 4, 2), date(2026, 4, 8), False),
            (date(2028, 2, 22), date(2028, 2, 29), True),
            (date(2028, 2, 23), date(2028, 2, 29), False),
            (date(2028, 2, 23), date(2028, 3, 1), True),
            (date(2026, 10, 18), date(2026, 10, 25), True),
            (date(2026, 12, 31), date(2027, 1, 7), True),
        ],
    )
    def test_a_week(self, place, given, meets, in_time):
        application = started(place.worker, now=at(given, 9))
        meeting = diarised(place, at(meets, 9), now=at(given, 9))
        if in_time:
            assert noticed(meeting, application, now=at(given, 23)).notice_given_on == given
        else:
            with pytest.raises(Blocked, match="had to be given by"):
                noticed(meeting, application, now=at(given, 9))

    @pytest.mark.rule("R26", scheme=REDBRIDGE)
    def test_too_late_it_says_to_which_day_it_could_be_moved(self, place):
        application = started(place.worker)
        meeting = diarised(place, in_days(6))
        with pytest.raises(Blocked, match="17 March 2026 or later"):
            noticed(meeting, application)
        moved = transitions.move_meeting(
            meeting, actor=place.manager, starts_at=in_days(7), place="Room 4", reason="For notice.", now=NOW
        )
        assert noticed(moved, application).application == application

    @pytest.mark.rule("R26", scheme=REDBRIDGE, page="/applications/<reference>/submit/")
    def test_nothing_is_handed_in_without_it(self, place):
        application = started(place.worker)
        portfolio_filled(application)
        (missing,) = policies.missing_before_submission(application, today=TODAY)
        assert "must be in the diary first" in missing.sentence
        meeting = diarised(place)
        (missing,) = policies.missing_before_submission(application, today=TODAY)
        assert (missing.url_name, "by 23 March 2026" in missing.sentence) == ("progression:give_notice", True)
        with pytest.raises(Blocked, match="must be given by"):
            hand_in(application)
        noticed(meeting, application)
        assert hand_in(application).state == State.SUBMITTED

    @pytest.mark.parametrize("scheme", ["medway-2010", "medway-2018"])
    def test_where_the_scheme_asks_for_none(self, scheme):
        place = organisation(scheme)
        application = started(place.worker)
        with pytest.raises(Blocked, match="asks for no notice"):
            noticed(diarised(place), application)
        assert submitted(application).state == State.SUBMITTED

    @pytest.mark.parametrize("name", ["manager", "colleague", "head"])
    def test_only_the_worker_gives_it(self, place, name):
        application = started(place.worker)
        with pytest.raises(NotAllowed):
            noticed(diarised(place), application, actor=getattr(place, name))

    def test_not_of_anothers_review(self, place):
        application = started(place.worker)
        with pytest.raises(Blocked, match="None is yet"):
            noticed(diarised(place, worker=place.colleague), application)

    def test_not_twice(self, place):
        application = started(place.worker)
        meeting = noticed(diarised(place), application)
        with pytest.raises(Blocked, match="was given on"):
            noticed(meeting, application)

    @pytest.mark.rule("R26", scheme=REDBRIDGE)
    def test_the_manager_is_told(self, place):
        application = started(place.worker)
        noticed(diarised(place), application)
        notice = Notice.objects.get(kind="notice_given")
        assert (notice.recipient, notice.event.verb) == (place.manager, "gave_notice")

    def test_withdrawing_takes_it_back(self, place):
        application = started(place.worker)
        meeting = noticed(diarised(place), application)
        walk.withdrawn(application)
        meeting.refresh_from_db()
        assert (meeting.application, meeting.notice_given_on) == (None, None)
        again = started(place.worker)
        assert noticed(meeting, again).application == again
