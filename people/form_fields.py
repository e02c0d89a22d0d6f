"""Fields that forms of several packages ask with."""

import re
from datetime import date, time

from crispy_forms_gds.fields import DateInputField
from django import forms
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address

DAY, MONTH, YEAR = 0, 1, 2
WORDS = ("day", "month", "year")


class DateField(DateInputField):
    """A date in three boxes, answering a `datetime.date`, or None where it is not required and left empty.

    Each error is tied to the box to mend, where the summary's link goes. `called`: what its errors call
    the date in a sentence, such as "the day of the hearing". `earliest`, `latest`: inclusive.
    """

    def __init__(self, *, called, earliest=None, latest=None, **kwargs):
        super().__init__(**kwargs)
        self.called = called
        self.earliest = earliest
        self.latest = latest

    def clean(self, value):
        """Raise one plain sentence, and mark the boxes that it is about."""
        for field in self.fields:
            field.widget.errors = []
        typed = [(part or "").strip() for part in value or ("", "", "")]
        name = self.called[0].upper() + self.called[1:]
        if not any(typed):
            if self.required:
                self._refuse(f"Enter {self.called}", DAY, MONTH, YEAR)
            return None
        if missing := [index for index in (DAY, MONTH, YEAR) if not typed[index]]:
            self._refuse(f"{name} must include a {' and a '.join(WORDS[i] for i in missing)}", *missing)
        if wrong := [index for index in (DAY, MONTH, YEAR) if not _sensible(index, typed[index])]:
            self._refuse(f"{name} must be a real date, such as 4 5 2026", *wrong)
        day, month, year = map(int, typed)
        try:
            answer = date(year, month, day)
        except ValueError:
            self._refuse(f"{name} must be a real date: that month has no day {day}", DAY)
        if self.latest and answer > self.latest:
            self._refuse(f"{name} must be {_plain(self.latest)} or earlier", YEAR, MONTH, DAY)
        if self.earliest and answer < self.earliest:
            self._refuse(f"{name} must be {_plain(self.earliest)} or later", YEAR, MONTH, DAY)
        self.run_validators(answer)
        return answer

    def _refuse(self, sentence, *boxes):
        for box in boxes:
            self.fields[box].widget.errors.append(sentence)
        raise ValidationError(sentence)


def _sensible(index, typed):
    """Whether one box holds digits in its range; a year has four."""
    if not typed.isascii() or not typed.isdigit():
        return False
    if index == YEAR:
        return len(typed) == 4 and int(typed) > 0
    return 1 <= int(typed) <= (31 if index == DAY else 12)


def _plain(day):
    return f"{day.day} {day:%B %Y}"


class TimeField(forms.CharField):
    """A time of day in one box, answering a `datetime.time`: 14:30, 2:30pm, 2.30 pm, 2pm."""

    def __init__(self, **kwargs):
        super().__init__(max_length=20, **kwargs)

    def clean(self, value):
        """Raise one plain sentence for what is no time, or could be morning or afternoon."""
        typed = super().clean(value).lower().replace(" ", "").replace(".", ":")
        if not typed:
            return None
        name = str(self.label).rstrip("?")
        found = re.fullmatch(r"([0-9]{1,2})(?::?([0-9]{2}))?:?(am|pm|a:m:?|p:m:?)?", typed)
        if found is None:
            raise ValidationError(f"“{name}” must be a time, such as 9:30am or 14:30")
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
        if half and not 1 <= hour <= 12 or hour > 23 or minute > 59:
            raise ValidationError(f"“{name}” must be a real time, such as 9:30am or 14:30")
        if not half and found[2] is None:
            raise ValidationError(f"“{name}” must say am or pm, such as {hour or 9}am")
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        return time(hour, minute)


def check_can_be_sent_to(address):
    """Raise ValidationError for an address that looks right, but that no mail can be sent to."""
    try:
        possible = address.isprintable() and sanitize_address(address, "utf-8")
    except ValueError:  # a domain that cannot be written in ASCII
        possible = False
    if not possible:
        raise ValidationError("Enter an email address like name@example.com")
