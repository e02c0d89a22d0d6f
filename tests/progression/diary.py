"""Steps of a review meeting for tests: diarised, notice given, held, and handed in for it. R25, R26."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from progression import meeting_transitions as transitions
from progression import transitions as applying
from tests.council import NOW, TODAY

LONDON = ZoneInfo("Europe/London")


def at(day, hour=14):
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=LONDON)


def in_days(days):
    return at(TODAY + timedelta(days=days))


def diarised(place, starts_at=None, *, worker=None, now=NOW, actor=None):
    worker = worker or place.worker
    return transitions.diarise(
        worker, actor=actor or place.manager, starts_at=starts_at or in_days(20), place="Room 4", now=now
    )


def noticed(meeting, application, *, now=NOW, actor=None):
    return transitions.give_notice(
        meeting, application, actor=actor or application.worker, now=now, today=now.date()
    )


def held(meeting, held_on, *, now, actor=None):
    actor = actor or meeting.worker.post.team.manager
    return transitions.hold(meeting, actor=actor, held_on=held_on, now=now, today=now.date())


def hand_in(application, *, now=NOW):
    return applying.submit(
        application, actor=application.worker, worked_through_with_manager=True, now=now, today=now.date()
    )
