"""Meetings: diarise, move, call off, held. R25, R26, R31, R34."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from progression import meeting_selectors, outbox, policies
from progression import meeting_transitions as transitions
from progression.meeting_permissions import arranges_meetings
from progression.models import Meeting, Notice
from progression.states import State
from reviews import policies as reviews
from reviews import transitions as judging
from tests import standing_in, walk
from tests.council import NOW, TODAY, organisation, social_worker
from tests.progression.diary import at, diarised, hand_in, held, in_days, noticed
from tests.walk import portfolio_filled, started, submitted

pytestmark = pytest.mark.django_db

REDBRIDGE = "redbridge-2013"


@pytest.fixture
def place():
    return organisation(REDBRIDGE)


class TestDiarising:
    @pytest.mark.rule("R25", scheme=REDBRIDGE, page="/team/<int:worker>/meetings/diarise/")
    def test_the_manager_puts_it_in_the_diary_by_the_schemes_name(self, place):
        meeting = diarised(place)
        assert (meeting.name, meeting.place, meeting.sequence) == (
            "Performance Management Review",
            "Room 4",
            0,
        )
        assert meeting_selectors.ahead(place.worker) == meeting

    @pytest.mark.parametrize(
        "name",
        ["worker", "colleague", "other_manager", "service_manager", "head", "psw", "auditor", "payroll"],
    )
    def test_nobody_else_does(self, place, name):
        with pytest.raises(NotAllowed):
            diarised(place, actor=getattr(place, name))
        assert not Meeting.objects.exists()

    def test_not_whoever_stood_in_and_is_no_longer_of_the_rank(self, place):
        place.team.manager = place.service_manager
        place.team.save()
        stand_in = organisation(REDBRIDGE).service_manager
        standing_in.away(place.service_manager, stand_in)
        worker = type(place.worker).objects.get(pk=place.worker.pk)
        assert arranges_meetings(stand_in, worker)
        stand_in.role = Role.TEAM_MANAGER
        stand_in.save()
        assert not arranges_meetings(stand_in, worker)

    def test_not_the_manager_of_another_service(self, place):
        with pytest.raises(NotAllowed):
            diarised(place, actor=organisation(REDBRIDGE).manager)

    def test_never_their_own(self, place):
        place.team.manager = place.worker
        place.team.save()
        with pytest.raises(NotAllowed, match="your own"):
            diarised(place, actor=place.worker)

    @pytest.mark.parametrize("starts_at", [NOW, NOW - timedelta(minutes=1), NOW + timedelta(days=731)])
    def test_not_in_the_past_nor_years_ahead(self, place, starts_at):
        with pytest.raises(Blocked):
            diarised(place, starts_at)

    def test_a_minute_from_now_will_do(self, place):
        assert diarised(place, NOW + timedelta(minutes=1)).pk

    def test_one_at_a_time(self, place):
        diarised(place)
        with pytest.raises(Blocked, match="30 March 2026"):
            diarised(place, in_days(40))

    @pytest.mark.rule("R34", scheme="medway-2018")
    @pytest.mark.parametrize(
        ("day", "inside"),
        [
            (date(2026, 3, 31), True),
            (date(2026, 4, 1), False),
            (date(2027, 1, 31), False),
            (date(2027, 2, 1), True),
        ],
    )
    def test_inside_the_schemes_window(self, day, inside):
        place = organisation("medway-2018")
        if inside:
            assert diarised(place, at(day)).pk
        else:
            with pytest.raises(Blocked, match="choose a day then"):
                diarised(place, at(day))

    def test_both_are_invited_for_their_calendars(self, place):
        meeting = diarised(place)
        told = Notice.objects.filter(meeting=meeting, step=0, kind="meeting_invitation")
        assert {notice.recipient for notice in told} == {place.worker, place.manager}


class TestInvitations:
    """What is sent is what is so when it is sent."""

    def sent(self, mailoutbox):
        outbox.send_due()
        return [Calendar.from_ical(one.attachments[0].content) for one in mailoutbox]

    @pytest.mark.rule("R25", scheme=REDBRIDGE)
    def test_with_the_e_mail(self, place, mailoutbox):
        now = timezone.now()
        meeting = diarised(place, now + timedelta(days=20), now=now)
        calendars = self.sent(mailoutbox)
        assert {one.to[0] for one in mailoutbox} == {place.worker.email, place.manager.email}
        assert mailoutbox[0].attachments[0].mimetype == "text/calendar; method=REQUEST"
        (entry,) = calendars[0].walk("VEVENT")
        assert (entry["summary"], entry["sequence"]) == ("Performance Management Review", 0)
        assert entry["uid"].startswith(f"meeting-{meeting.pk}@")
        for one in mailoutbox:
            assert place.worker.name not in str(one.message())

    def test_moved_before_it_was_sent_only_the_last_goes_out(self, place, mailoutbox):
        now = timezone.now()
        meeting = diarised(place, now + timedelta(days=20), now=now)
        transitions.move_meeting(
            meeting,
            actor=place.manager,
            starts_at=now + timedelta(days=25),
            place="Room 9",
            reason="A court date.",
            now=now,
        )
        calendars = self.sent(mailoutbox)
        assert [one.walk("VEVENT")[0]["sequence"] for one in calendars] == [1, 1]

    def test_called_off_takes_it_out_of_the_calendar(self, place, mailoutbox):
        now = timezone.now()
        meeting = diarised(place, now + timedelta(days=20), now=now)
        first = self.sent(mailoutbox)
        transitions.cancel_meeting(meeting, actor=place.manager, reason="I am ill.", now=now)
        last = self.sent(mailoutbox)[-1]
        assert (last["method"], last.walk("VEVENT")[0]["status"]) == ("CANCEL", "CANCELLED")
        assert last.walk("VEVENT")[0]["uid"] == first[0].walk("VEVENT")[0]["uid"]


class TestMoving:
    def test_it_is_the_same_meeting_with_its_reason_kept(self, place):
        meeting = diarised(place)
        moved = transitions.move_meeting(
            meeting,
            actor=place.manager,
            starts_at=in_days(25),
            place="Room 9",
            reason="A court date.",
            now=NOW,
        )
        move = moved.moves.get()
        assert (moved.pk, moved.sequence, moved.place) == (meeting.pk, 1, "Room 9")
        assert (move.from_starts_at, move.to_starts_at, move.reason, move.by) == (
            in_days(20),
            in_days(25),
            "A court date.",
            place.manager,
        )
        assert Notice.objects.filter(meeting=meeting, kind="meeting_moved", step=1).count() == 2

    def test_not_twice_to_the_same(self, place):
        """A button pressed twice invites nobody twice."""
        meeting = self.move(place, diarised(place), in_days(25))
        with pytest.raises(Blocked, match="in the diary for that time and place already"):
            self.move(place, meeting, in_days(25))
        assert meeting.moves.count() == 1

    def test_not_without_a_reason(self, place):
        with pytest.raises(Blocked, match="Say why"):
            self.move(place, diarised(place), in_days(25), reason=" ")

    @pytest.mark.rule("R26", scheme=REDBRIDGE)
    def test_notice_given_stays_a_week_long(self, place):
        application = started(place.worker)
        meeting = noticed(diarised(place), application)
        with pytest.raises(Blocked, match="the first day for it is 17 March 2026"):
            self.move(place, meeting, in_days(6))
        assert self.move(place, meeting, in_days(7)).application == application

    @pytest.mark.parametrize("name", ["worker", "colleague", "other_manager", "head"])
    def test_only_the_manager(self, place, name):
        meeting = diarised(place)
        with pytest.raises(NotAllowed):
            self.move(place, meeting, in_days(25), actor=getattr(place, name))

    def test_not_once_it_was_held(self, place):
        meeting = held(diarised(place, in_days(1)), TODAY + timedelta(days=1), now=in_days(2))
        with pytest.raises(Blocked, match="It was held on 11 March 2026"):
            self.move(place, meeting, in_days(25))

    @staticmethod
    def move(place, meeting, starts_at, *, actor=None, reason="A court date."):
        return transitions.move_meeting(
            meeting, actor=actor or place.manager, starts_at=starts_at, place="Room 4", reason=reason, now=NOW
        )


class TestCallingOff:
    def test_with_its_reason_and_both_are_told(self, place):
        meeting = self.call_off(place, diarised(place))
        assert (meeting.cancelled_at, meeting.cancel_reason, meeting.sequence) == (NOW, "I am ill.", 1)
        assert Notice.objects.filter(meeting=meeting, kind="meeting_cancelled", step=1).count() == 2
        assert diarised(place).pk != meeting.pk

    def test_the_worker_gives_notice_again(self, place):
        application = started(place.worker)
        self.call_off(place, noticed(diarised(place), application))
        assert meeting_selectors.meeting_of(application) is None
        assert policies.missing_before_submission(application, today=TODAY)
        assert noticed(diarised(place), application).application == application

    def test_not_once_a_portfolio_is_in_for_it(self, place):
        application = submitted(started(place.worker))
        meeting = meeting_selectors.meeting_of(application)
        with pytest.raises(Blocked, match="Move it to another day"):
            self.call_off(place, meeting)

    @pytest.mark.parametrize("name", ["worker", "other_manager"])
    def test_only_the_manager(self, place, name):
        with pytest.raises(NotAllowed):
            self.call_off(place, diarised(place), actor=getattr(place, name))

    @staticmethod
    def call_off(place, meeting, *, actor=None):
        return transitions.cancel_meeting(meeting, actor=actor or place.manager, reason="I am ill.", now=NOW)


class TestHeld:
    @pytest.mark.rule("R31", scheme=REDBRIDGE, page="/team/<int:worker>/meetings/held/")
    def test_the_pay_runs_from_the_day_it_was_held(self, place):
        application = started(place.worker)
        portfolio_filled(application)
        meeting = noticed(diarised(place, in_days(10)), application)
        hand_in(application)
        day = TODAY + timedelta(days=9)  # a day earlier than in the diary, nine after notice
        held(meeting, day, now=in_days(12))
        application.refresh_from_db()
        walk.assessed(application, now=in_days(14))
        signed = judging.sign(application, actor=place.manager, now=in_days(14), today=in_days(14).date())
        assert (signed.effective_date, signed.assessed_on) == (day, TODAY + timedelta(days=14))

    @pytest.mark.rule("R25", scheme=REDBRIDGE, page="/applications/<reference>/sign/")
    def test_nothing_is_signed_before_it(self, place):
        application = submitted(started(place.worker))
        assessment = judging.begin_assessment(application, actor=place.manager, now=NOW)
        first, *_ = reviews.missing_before_signing(assessment, today=TODAY)
        assert first.sentence == "Record the day on which the Performance Management Review was held."
        assert first.link == f"/team/{place.worker.pk}/meetings/"
        with pytest.raises(Blocked, match="was held"):
            judging.sign(application, actor=place.manager, now=NOW, today=TODAY)
        walk.assessed(application)
        assert judging.sign(application, actor=place.manager, now=NOW, today=TODAY).state == State.RECOMMENDED

    @pytest.mark.rule("R28", scheme=REDBRIDGE, page="/applications/<reference>/recommendation/")
    @pytest.mark.parametrize("name", ["precis", "objectives", "feedback"])
    def test_nor_before_it_is_written_up(self, place, name):
        application = submitted(started(place.worker))
        assessment = walk.assessed(application)
        setattr(assessment, name, "")
        (missing,) = reviews.missing_before_signing(assessment, today=TODAY)
        assert missing.link.endswith("/recommendation/")

    @pytest.mark.parametrize(
        ("days", "words"), [(3, "still to come"), (-1, "cannot have been held before 10 March 2026")]
    )
    def test_on_no_day_that_cannot_be(self, place, days, words):
        meeting = diarised(place, in_days(1))
        with pytest.raises(Blocked, match=words):
            held(meeting, TODAY + timedelta(days=days), now=in_days(2))

    @pytest.mark.rule("R26", scheme=REDBRIDGE)
    def test_not_before_notice_ran_out(self, place):
        meeting = noticed(diarised(place), started(place.worker))
        with pytest.raises(Blocked, match="before 17 March 2026"):
            held(meeting, TODAY + timedelta(days=6), now=in_days(7))

    def test_its_page_offers_that_only_once_notice_ran_out(self, place, client):
        now = timezone.now()
        meeting = diarised(place, now + timedelta(days=10), now=now)
        client.force_login(place.manager)
        address, offer = f"/team/{place.worker.pk}/meetings/", "Record that it was held"
        assert offer in client.get(address).text
        application = started(place.worker, now=now)
        transitions.give_notice(
            meeting, application, actor=place.worker, now=now, today=timezone.localdate(now)
        )
        page = client.get(address).text
        assert offer not in page and "has given notice, so it can be held from" in page

    @pytest.mark.rule("R27", scheme=REDBRIDGE)
    def test_without_a_portfolio_notice_was_for_nothing(self, place):
        application = started(place.worker)
        meeting = held(noticed(diarised(place, in_days(7)), application), in_days(7).date(), now=in_days(7))
        assert (meeting.held_on, meeting.application) == (in_days(7).date(), None)
        assert application.events.filter(verb="review_held_without_portfolio").exists()

    @pytest.mark.parametrize("name", ["worker", "colleague", "other_manager", "head"])
    def test_only_the_manager(self, place, name):
        with pytest.raises(NotAllowed):
            held(diarised(place, in_days(1)), TODAY, now=in_days(1), actor=getattr(place, name))


class TestEverySixMonths:
    @pytest.mark.rule("R25", scheme=REDBRIDGE, page="/team/<int:worker>/meetings/")
    @pytest.mark.parametrize(
        ("held_on", "due"),
        [
            (date(2026, 3, 11), date(2026, 9, 11)),
            (date(2026, 8, 31), date(2027, 3, 1)),
            (date(2027, 8, 29), date(2028, 2, 29)),
        ],
    )
    def test_six_months_after_the_last(self, place, held_on, due):
        meeting = diarised(place, at(held_on), now=at(held_on - timedelta(days=1)))
        held(meeting, held_on, now=at(held_on, 16))
        rules = transitions.rules_of(place.worker, now=NOW)
        for today, overdue in ((due, False), (due + timedelta(days=1), True)):
            found = meeting_selectors.next_due(place.worker, rules, today=today)
            assert (found.by, found.overdue) == (due, overdue)

    def test_before_the_first(self, place):
        rules = transitions.rules_of(place.worker, now=NOW)
        new = social_worker(place.team, service_start=date(2026, 1, 5))
        assert meeting_selectors.next_due(new, rules, today=TODAY).by == date(2026, 7, 5)
        old = meeting_selectors.next_due(place.worker, rules, today=TODAY)
        assert (old.by, old.overdue) == (None, True)

    @pytest.mark.rule("R34", scheme="medway-2018")
    def test_once_a_year_in_its_window(self):
        place = organisation("medway-2018")
        rules = transitions.rules_of(place.worker, now=NOW)
        assert meeting_selectors.next_due(place.worker, rules, today=TODAY).by == date(2026, 3, 31)
        held(diarised(place, in_days(1)), in_days(1).date(), now=in_days(1))
        assert meeting_selectors.next_due(place.worker, rules, today=TODAY).by is None
        assert meeting_selectors.next_due(place.worker, rules, today=date(2026, 4, 1)).by == date(2027, 3, 31)

    def test_at_any_time(self):
        place = organisation("medway-2010")
        rules = transitions.rules_of(place.worker, now=NOW)
        due = meeting_selectors.next_due(place.worker, rules, today=TODAY)
        assert (due.by, due.overdue) == (None, False)
