"""What a worker fills in about their CPD for the regulator."""

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms
from django.utils.formats import date_format

from people.form_fields import DateField
from portfolios.family_data_fields import LastingText
from portfolios.models.cpd import LONGEST_PEER
from portfolios.regulator import regulator

LONGEST_PEER_REFLECTION = 5_000


class ChooseForm(forms.Form):
    """Finished pieces, by id, of those that one page offers."""

    pieces = forms.MultipleChoiceField(
        label="Which count for this year?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one"},
    )

    def __init__(self, data=None, *, offered):
        super().__init__(data)
        self.fields["pieces"].choices = [
            Choice(str(piece.pk), str(piece), hint=_hint(piece)) for piece in offered
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(Field("pieces"), Button.primary("choose", "Count them"))


class PeerForm(forms.Form):
    """Who the worker talked with about a record, when, and what came of it."""

    role = LastingText(
        label="Who did you talk with?",
        longest=LONGEST_PEER,
        required=True,
        help_text="Their role, not their name: “a senior social worker in my team”.",
        error_messages={"required": "Say who you talked with"},
    )
    said = LastingText(
        label="What did you learn from it?",
        longest=LONGEST_PEER_REFLECTION,
        required=True,
        widget=forms.Textarea,
        help_text="What they said, and what you do differently since. Do not name children or families.",
        error_messages={"required": "Say what you learned from it"},
    )

    def __init__(self, data=None, *, record, today, watched):
        """`watched` is what the texts are looked through for."""
        initial = {"role": record.peer_role, "on": record.peer_on, "said": record.peer_said}
        super().__init__(data, initial=initial)
        for name in ("role", "said"):
            self.fields[name].watched = watched
        self.fields["on"] = DateField(
            label="When?",
            called="the day you talked",
            earliest=regulator().year_starts(record.year_ends_on),
            latest=min(today, record.year_ends_on),
            help_text="A day of this registration year. For example, 27 3 2026.",
        )
        self.order_fields(["role", "on", "said"])
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("role"), Field("on"), Field.textarea("said", rows=6), Button.primary("save", "Save")
        )


class EnteredForm(forms.Form):
    """The day on which the worker entered their records on the regulator's site."""

    def __init__(self, data=None, *, ends, today):
        super().__init__(data)
        self.fields["on"] = DateField(
            label="When did you enter them?",
            called="the day you entered them",
            earliest=regulator().year_starts(ends),
            latest=today,
        )
        self.helper = FormHelper()
        self.helper.layout = Layout(Field("on"), Button.primary("entered", "They are entered"))


def _hint(piece):
    return f"{piece.get_kind_display()}, {date_format(piece.practised_on, 'j F Y')}"
