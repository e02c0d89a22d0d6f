"""What a manager fills in about a worker's review, and the worker's notice of it."""

from datetime import datetime

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout
from django import forms
from django.utils import timezone

from people.form_fields import DateField, TimeField
from portfolios.forms import TypedText

LONGEST_PLACE = 300
LONGEST_REASON = 2_000
LENGTHS = [
    (30, "Half an hour"),
    (45, "45 minutes"),
    (60, "An hour"),
    (90, "An hour and a half"),
    (120, "2 hours"),
]


def _place():
    return TypedText(
        label="Place",
        longest=LONGEST_PLACE,
        required=True,
        help_text="A room, or the address of a call.",
        error_messages={"required": "Enter the place"},
    )


def _reason(label, missing):
    return TypedText(
        label=label,
        longest=LONGEST_REASON,
        required=True,
        widget=forms.Textarea,
        help_text="The worker reads this.",
        error_messages={"required": missing},
    )


class WhenAndWhereForm(forms.Form):
    """The day, the time and the place."""

    day = DateField(label="Day of the review", called="the day of the review")
    at = TimeField(
        label="Time", help_text="For example, 9:30am or 14:30.", error_messages={"required": "Enter the time"}
    )
    place = _place()

    def __init__(self, data=None, *, today, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["day"].earliest = today
        self.helper = FormHelper()
        self.asked = [Field("day"), Field.text("at", field_width=Fluid.ONE_QUARTER), Field.text("place")]

    @property
    def starts_at(self):
        """The moment, in London."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"]))

    def refuse(self, blocked):
        """Show why it cannot be then, beside the day."""
        for sentence in blocked.sentences:
            self.add_error("day", sentence.rstrip("."))


class DiariseForm(WhenAndWhereForm):
    """A new one, with how long it lasts. R25."""

    minutes = forms.TypedChoiceField(label="How long?", choices=LENGTHS, coerce=int, initial=60)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        button = Button.primary("diarise", "Put it in the diary")
        self.helper.layout = Layout(*self.asked, Field.select("minutes"), button)


class MoveForm(WhenAndWhereForm):
    """The same meeting at another time or place, and why."""

    reason = _reason("Why is it moved?", "Say why it is moved")

    def __init__(self, *args, meeting, **kwargs):
        starts_at = timezone.localtime(meeting.starts_at)
        initial = {"day": starts_at.date(), "at": f"{starts_at:%H:%M}", "place": meeting.place}
        super().__init__(*args, initial=initial, **kwargs)
        reason = Field.textarea("reason", rows=3)
        self.helper.layout = Layout(*self.asked, reason, Button.primary("move", "Move it"))


class CancelForm(forms.Form):
    """Why it is called off."""

    reason = _reason("Why is it called off?", "Say why it is called off")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=3),
            Button.warning("cancel", "Call it off"),
        )


class HeldForm(forms.Form):
    """The day on which it was held. R31."""

    held_on = DateField(label="Held on", called="the day it was held")

    def __init__(self, data=None, *, meeting, earliest, today):
        day = timezone.localdate(meeting.starts_at)
        super().__init__(data, initial={"held_on": day if day <= today else None})
        self.fields["held_on"].earliest = min(earliest, today)
        self.fields["held_on"].latest = today
        self.helper = FormHelper()
        self.helper.layout = Layout(Field("held_on"), Button.primary("held", "Record it as held"))
