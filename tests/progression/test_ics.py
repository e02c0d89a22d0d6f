"""Calendar invitations, as a calendar reads them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from progression import ics

LONDON = ZoneInfo("Europe/London")
SUMMER = datetime(2026, 7, 6, 14, 30, tzinfo=LONDON)
MEETING = {
    "uid": "meeting-7@progression.example",
    "sequence": 0,
    "starts_at": SUMMER,
    "minutes": 60,
    "summary": "Performance Management Review",
    "place": "Room 4; second floor, east\nRing twice",
    "organiser": "manager@council.example",
    "attendees": ["worker@council.example", "manager@council.example"],
    "now": datetime(2026, 6, 1, 9, 0, tzinfo=LONDON),
}


def _read(sent):
    calendar = Calendar.from_ical(sent)
    (entry,) = calendar.walk("VEVENT")
    return calendar, entry


def test_what_a_calendar_reads():
    calendar, entry = _read(ics.invitation(**MEETING))
    assert calendar["method"] == "REQUEST"
    assert entry["uid"] == MEETING["uid"]
    assert entry["sequence"] == 0
    assert entry["status"] == "CONFIRMED"
    assert entry["summary"] == MEETING["summary"]
    assert entry["location"] == MEETING["place"]
    assert entry["organizer"] == "mailto:manager@council.example"
    assert [str(one) for one in entry["attendee"]] == [f"mailto:{one}" for one in MEETING["attendees"]]


def test_the_hour_is_the_same_for_everybody():
    """Half past two of a London summer is half past one in UTC, and said so: no time zone to misread."""
    sent = ics.invitation(**MEETING)
    assert b"DTSTART:20260706T133000Z\r\n" in sent
    assert b"DTEND:20260706T143000Z\r\n" in sent
    assert b"DTSTAMP:20260601T080000Z\r\n" in sent


def test_across_the_night_the_clocks_change():
    """An hour is an hour, though the clocks go back within it."""
    sent = ics.invitation(**MEETING | {"starts_at": datetime(2026, 10, 25, 1, 30, tzinfo=LONDON)})
    assert b"DTSTART:20261025T003000Z" in sent and b"DTEND:20261025T013000Z" in sent


def test_cancelled():
    calendar, entry = _read(ics.invitation(**MEETING | {"sequence": 3, "cancelled": True}))
    assert (calendar["method"], entry["status"], entry["sequence"]) == ("CANCEL", "CANCELLED", 3)
    assert entry["uid"] == MEETING["uid"]
    assert ics.mimetype(cancelled=True).endswith("method=CANCEL")
    assert ics.mimetype().endswith("method=REQUEST")


def test_moved_it_is_the_same_entry():
    first, second = (
        _read(ics.invitation(**MEETING | {"sequence": number, "starts_at": starts}))[1]
        for number, starts in enumerate((SUMMER, datetime(2026, 12, 7, 14, 30, tzinfo=LONDON)))
    )
    assert first["uid"] == second["uid"] and first["sequence"] < second["sequence"]
    assert second.start == datetime(2026, 12, 7, 14, 30, tzinfo=UTC)


LINES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200)


@settings(max_examples=60, deadline=None)
@given(summary=LINES, place=LINES)
def test_whatever_is_typed_comes_back(summary, place):
    """Folded at 75 octets, CRLF at every line's end, and nothing typed ends a line or begins another."""
    sent = ics.invitation(**MEETING | {"summary": summary, "place": place})
    lines = sent.split(b"\r\n")
    assert lines[-1] == b"" and all(len(line) <= 75 for line in lines)
    assert b"\n" not in sent.replace(b"\r\n", b"")
    _, entry = _read(sent)
    assert (entry["summary"], entry["location"]) == (summary, place)


@pytest.mark.parametrize("typed", ["Room 1\r\nATTENDEE:mailto:someone@else.example", "a\nEND:VEVENT", "a\rb"])
def test_no_line_is_smuggled_in(typed):
    _, entry = _read(ics.invitation(**MEETING | {"place": typed}))
    assert [str(one) for one in entry["attendee"]] == [f"mailto:{one}" for one in MEETING["attendees"]]
