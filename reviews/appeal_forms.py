"""What is filled in about a review before it is decided: late requests, papers, representative, hearing."""

from datetime import datetime, time

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, ConditionalQuestion, ConditionalRadios, Field, Fixed, Layout
from django import forms
from django.utils.timezone import localtime, make_aware

from people.form_fields import DateField, check_can_be_sent_to
from portfolios.family_data_forms import MayStay
from portfolios.forms import TypedText
from reviews.decision_forms import LONGEST_REASONS, SignedForm

LONGEST_LINE = 200
LONGEST_PLACE = 300
LONGEST_STATEMENT = 50_000
LONGEST_TITLE = 200


class AskForm(SignedForm):
    """The worker's request, in writing, with reasons. R19."""

    looked_through = {"grounds": "Why the outcome is wrong"}
    grounds = TypedText(
        label="Why do you think the outcome is wrong?",
        longest=LONGEST_REASONS,
        widget=forms.Textarea,
        help_text="Say what was missed or misunderstood, and where in your evidence it is shown.",
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.helper.layout = Layout("about", *self._asked(), Button.primary("check", "Continue"))

    def _asked(self):
        return [Field.textarea("grounds", rows=10)]

    def clean(self):
        super().clean()
        self._demand("grounds", "Say why you think the outcome is wrong")
        return self.cleaned_data


class LateAskForm(AskForm):
    """The same after the last day: why so late, too. R19."""

    looked_through = {"why_late": "Why you ask late", **AskForm.looked_through}
    why_late = TypedText(
        label="Why do you ask late?",
        longest=LONGEST_REASONS,
        widget=forms.Textarea,
        help_text="Say what kept you from asking in time, and when it ended.",
    )

    def _asked(self):
        return [Field.textarea("why_late", rows=5), *super()._asked()]

    def clean(self):
        super().clean()
        self._demand("why_late", "Say why you ask late")
        return self.cleaned_data


class LateAnswerForm(SignedForm):
    """Whether a late request is heard: a reason either way. R19."""

    looked_through = {"reason": ""}
    accepted = forms.ChoiceField(
        label="Do you accept the late request?",
        choices=[("yes", "Yes, it is heard"), ("no", "No, the outcome stands")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you accept it"},
    )
    reason = TypedText(label="Your reason", longest=LONGEST_REASONS, widget=forms.Textarea)

    def __init__(self, data=None, *, application, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["reason"].help_text = f"{application.worker.name} is given this in full."
        self.helper.layout = Layout(
            "about",
            Field.radios("accepted"),
            Field.textarea("reason", rows=6),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        super().clean()
        self._demand("reason", "Give your reason")
        return self.cleaned_data


class StatementForm(MayStay, forms.Form):
    """What one side says to the hearing in writing, with the revision that the page was opened at. R20."""

    looked_through = {"text": ""}
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    text = TypedText(label="Your statement", longest=LONGEST_STATEMENT, widget=forms.Textarea)

    def __init__(self, data=None, *, statement, help_text):
        begun = {"revision": statement.revision, "text": statement.text} if statement else {"revision": 0}
        super().__init__(data, initial=begun)
        self.fields["text"].help_text = help_text
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "revision",
            Field.textarea("text", rows=15),
            Button.primary("save", "Save"),
        )

    def clean_text(self):
        text = self.cleaned_data["text"].strip()
        if not text:
            raise forms.ValidationError("Write your statement")
        return text

    def write_over(self, theirs):
        """Say that it is at this revision now: sent again, these words replace what is there."""
        self.data = self.data.copy()
        self.data["revision"] = theirs.revision
        self.add_error(None, "This was saved elsewhere. Check what it says there before you save this")


class DocumentForm(MayStay, forms.Form):
    """A file to refer to at the hearing. R20."""

    looked_through = {"title": ""}
    title = TypedText(
        label="What is it?",
        longest=LONGEST_TITLE,
        help_text="A few words that everybody at the hearing will know it by.",
    )
    file = forms.FileField(
        label="The file",
        widget=forms.FileInput,
        help_text="PDF, Word (.docx), JPG or PNG, up to 10 MB. First take out the names of children and "
        "families.",
        error_messages={"required": "Choose a file", "empty": "The file is empty"},
    )

    def __init__(self, data=None, files=None):
        super().__init__(data, files)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("title"), Field("file"), Button.primary("add", "Add the document")
        )

    def clean_title(self):
        title = self.cleaned_data["title"].strip()
        if not title:
            raise forms.ValidationError("Say what it is")
        return title


class RepresentativeForm(forms.Form):
    """Who speaks for the worker, and where a link to the papers may be sent. R20."""

    name = TypedText(label="Name", longest=LONGEST_LINE)
    organisation = TypedText(
        label="Organisation (optional)", longest=LONGEST_LINE, help_text="A trade union, for example."
    )
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address like name@example.com",
        },
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("name"),
            Field.text("organisation"),
            Field.text("email"),
            Button.primary("name_them", "Save"),
        )

    def clean_email(self):
        check_can_be_sent_to(self.cleaned_data["email"])
        return self.cleaned_data["email"]

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if not name:
            raise forms.ValidationError("Enter their name")
        return name


class HearingForm(SignedForm):
    """When and where the hearing is, and who attends. R20, R21."""

    def __init__(self, data=None, *, hearing, attendees, today, blocks, **kwargs):
        """`hearing` is the one arranged before, or None; `attendees` (name, part) are suggested.

        `blocks` answers, for a moment, the sentences of why the hearing cannot be then.
        """
        super().__init__(data, initial=_arranged(hearing, attendees), **kwargs)
        self.moving, self.blocks = hearing is not None, blocks
        self.fields["day"] = DateField(
            label="Day of the hearing",
            called="the day of the hearing",
            earliest=today,
            help_text="A working day.",
        )
        self.fields["at"] = TypedText(label="Time", longest=20, help_text="For example, 10am or 2:30pm.")
        self.fields["place"] = TypedText(
            label="Where",
            longest=LONGEST_PLACE,
            help_text="A room with its building, or the link of a call.",
        )
        self.fields["attendees"] = TypedText(
            label="Who attends",
            longest=5_000,
            widget=forms.Textarea,
            help_text="One a line: the name, a comma, and in what part. For example, Ann Lee, HR adviser.",
        )
        asked = [
            Field("day"),
            Field.text("at", field_width=Fixed.FIVE),
            Field.text("place"),
            Field.textarea("attendees", rows=6),
        ]
        if self.moving:
            self.fields["reason"] = TypedText(
                label="Why is it moved?",
                longest=LONGEST_REASONS,
                widget=forms.Textarea,
                help_text="Both sides are given this.",
            )
            asked.append(Field.textarea("reason", rows=4))
        self.helper.layout = Layout("about", *asked, Button.primary("check", "Continue"))

    def clean_at(self):
        found = _time_typed(self.cleaned_data["at"])
        if found is None:
            raise forms.ValidationError("Enter a time, such as 10am or 2:30pm")
        return found

    def clean_place(self):
        place = " ".join(self.cleaned_data["place"].split())
        if not place:
            raise forms.ValidationError("Say where it is")
        return place

    def clean_attendees(self):
        found = []
        for line in self.cleaned_data["attendees"].splitlines():
            name, _, part = (piece.strip() for piece in line.partition(","))
            if name:
                found.append({"name": name, "part": part or "attending"})
        if not found:
            raise forms.ValidationError("Say who attends")
        return found

    def clean(self):
        super().clean()
        if self.moving:
            self._demand("reason", "Say why the hearing is moved")
        if self.cleaned_data.get("day") and self.cleaned_data.get("at"):
            for block in self.blocks(self.starts_at):
                self.add_error("day", block.removesuffix("."))
        return self.cleaned_data

    @property
    def starts_at(self):
        """The moment, in local time: a time that the clocks skip is taken as an hour on."""
        return localtime(make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"])))

    def answers(self):
        return {
            "starts_at": self.starts_at,
            "place": self.cleaned_data["place"],
            "attendees": self.cleaned_data["attendees"],
            "reason": self.cleaned_data.get("reason", ""),
        }


class ReasonForm(SignedForm):
    """One reason, checked before it is signed."""

    looked_through = {"reason": ""}
    reason = TypedText(label="", longest=LONGEST_REASONS, widget=forms.Textarea)

    def __init__(self, data=None, *, label, help_text="", demand="Give your reason", **kwargs):
        super().__init__(data, **kwargs)
        self.fields["reason"].label, self.fields["reason"].help_text = label, help_text
        self.demand = demand
        self.helper.layout = Layout(
            "about",
            Field.textarea("reason", rows=8),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        super().clean()
        self._demand("reason", self.demand)
        return self.cleaned_data


class ReversalAnswerForm(SignedForm):
    """The second person confirms that an authorisation was an error, or says why not. R15."""

    confirmed = forms.ChoiceField(
        label="Was the authorisation made in error?",
        widget=forms.RadioSelect,
        choices=[("yes", "Yes, take it back"), ("no", "No, it stands")],
        error_messages={"required": "Choose whether it is taken back"},
    )
    answer = TypedText(label="Why does it stand?", longest=LONGEST_REASONS, widget=forms.Textarea)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.helper.layout = Layout(
            "about",
            ConditionalRadios(
                "confirmed",
                "Yes, take it back",
                ConditionalQuestion("No, it stands", Field.textarea("answer", rows=5)),
            ),
            Button.primary("check", "Continue"),
        )

    @property
    def looked_through(self):
        """The answer, where it is given."""
        return {"answer": ""} if self.cleaned_data.get("confirmed") == "no" else {}

    def clean(self):
        super().clean()
        if self.cleaned_data.get("confirmed") == "no":
            self._demand("answer", "Say why it stands")
        return self.cleaned_data


def _arranged(hearing, attendees):
    if hearing is None:
        return {"attendees": "\n".join(f"{name}, {part}" for name, part in attendees)}
    starts = localtime(hearing.starts_at)
    return {
        "day": starts.date(),
        "at": f"{starts.hour % 12 or 12}:{starts:%M}{'am' if starts.hour < 12 else 'pm'}",
        "place": hearing.place,
        "attendees": "\n".join(f"{one['name']}, {one['part']}" for one in hearing.attendees),
    }


def _time_typed(text):
    """10am, 2:30pm, 14:30 or 14.30 as a time; None for anything else."""
    typed = "".join(text.lower().split()).replace(".", ":").replace("a:m:", "am").replace("p:m:", "pm")
    if typed in ("noon", "midday", "12noon"):
        return time(12)
    half = typed[-2:] if typed[-2:] in ("am", "pm") else ""
    hours, _, minutes = typed.removesuffix(half).partition(":")
    if not (hours.isascii() and hours.isdigit() and len(hours) <= 2):
        return None
    if not half and not minutes:
        return None
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) == 2):
        return None
    hour, minute = int(hours), int(minutes or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
