"""Calendar invitations by RFC 5545 and 5546, as bytes to attach to an e-mail. Pure: nothing is read."""

from datetime import UTC, timedelta

from icalendar import Calendar, Event, vCalAddress

FILE_NAME = "invitation.ics"


def invitation(
    uid, sequence, starts_at, minutes, summary, place, organiser, attendees, cancelled=False, *, now
):
    """The invitation to one meeting, or its being called off.

    `uid` stays the same for the life of the meeting and `sequence` goes up with every change: a calendar
    then moves the entry that it has. `starts_at` and `now`, when it is sent, are aware; `organiser` and
    `attendees` are e-mail addresses. What it is about is nobody's to read in a shared calendar: `summary`
    names no person.
    """
    starts_at = starts_at.astimezone(UTC)  # before adding: over a change of the clocks an hour is an hour
    calendar = Calendar()
    calendar.add("prodid", "-//Progression//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", _method(cancelled))
    entry = Event()
    entry.add("uid", uid)
    entry.add("sequence", sequence)
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("dtstart", starts_at)
    entry.add("dtend", starts_at + timedelta(minutes=minutes))
    entry.add("summary", summary)
    entry.add("location", place)
    entry.add("class", "PRIVATE")
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("organizer", _address(organiser))
    for attendee in attendees:
        entry.add("attendee", _address(attendee))
    calendar.add_component(entry)
    return calendar.to_ical()


def mimetype(*, cancelled=False):
    """What the attachment is, as mail programs need it said to offer it to the calendar."""
    return f"text/calendar; method={_method(cancelled)}"


def _method(cancelled):
    return "CANCEL" if cancelled else "REQUEST"


def _address(email):
    return vCalAddress(f"mailto:{email}")
