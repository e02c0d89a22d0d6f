"""What a worker fills in to ask somebody about a piece, and what that person fills in."""

import uuid
from dataclasses import replace

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Field, Layout
from django import forms
from django.template.defaultfilters import filesizeformat

from people.form_fields import check_can_be_sent_to
from portfolios.family_data_fields import LastingText
from portfolios.forms import TypedText
from portfolios.kinds import ASKED
from portfolios.models import Relation
from portfolios.models.observers import LONGEST_OBSERVER_EMAIL, LONGEST_OBSERVER_NAME
from portfolios.models.scanned import ScanState

LONGEST_MESSAGE = 1_000
LONGEST_LINE = 150
LONGEST_TESTIMONY = 10_000


class _Name(LastingText):
    """A person's name, in one line. It is kept for good, so it holds nothing else of anybody's."""

    def __init__(self, **kwargs):
        super().__init__(longest=LONGEST_OBSERVER_NAME, required=True, **kwargs)

    def to_python(self, value):
        return " ".join(super().to_python(value).split())


class _Carried(forms.Form):
    """A form whose answers are checked on a page of their own before they are sent."""

    @property
    def carried(self):
        """(name, value) of all that was posted, for that page to post again."""
        not_answers = ("csrfmiddlewaretoken", "check", "change", "send")
        return [
            (name, value) for name, values in self.data.lists() for value in values if name not in not_answers
        ]


class AskForm(_Carried):
    """Whom to ask about a piece, and what of it they may read."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = _Name(label="Their name", error_messages={"required": "Enter their name"})
    email = forms.EmailField(
        label="Their email address",
        max_length=LONGEST_OBSERVER_EMAIL,
        help_text="Their own address at work, where there is one: whoever reads the testimony sees it.",
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address like name@example.com",
        },
    )
    relation = forms.ChoiceField(
        label="Who are they?",
        widget=forms.RadioSelect,
        choices=[Choice(value, label) for value, label in Relation.choices],
        error_messages={"required": "Choose who they are"},
    )
    texts = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    files = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    message = LastingText(
        label="What would you like them to say something about? (optional)",
        longest=LONGEST_MESSAGE,
        widget=forms.Textarea,
        help_text="They read it with your evidence, not in the email. Do not name children or families.",
    )

    def __init__(self, data=None, *, piece, files, watched=None):
        """`files` are those kept with the piece; `watched` is what the message is looked through for."""
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.fields["message"].watched = watched
        # A colleague may be called as a child is whom the worker watches for.
        self.fields["name"].watched = watched and replace(watched, names=())
        written = [text for text in ASKED[piece.kind].texts if getattr(piece, text.field)]
        texts = self.fields["texts"]
        texts.label = "What else may they read?"
        texts.help_text = "They see the title and the date. What you choose, they see as it is now."
        texts.choices = [Choice(text.field, text.label) for text in written]
        safe = [file for file in files if file.scan == ScanState.SAFE]
        self.fields["files"].label = "Which files may they open?"
        self.fields["files"].choices = [
            Choice(str(file.token), file.name, hint=filesizeformat(file.size)) for file in safe
        ]
        shown = [Field("texts")] if written else []
        shown += [Field("files")] if safe else []
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "key",
            Field.text("name"),
            Field.text("email"),
            Field("relation"),
            *shown,
            Field.textarea("message", rows=4),
            Button.primary("check", "Check before you send it"),
        )

    def clean_email(self):
        check_can_be_sent_to(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class TestimonyForm(_Carried):
    """Who an observer says they are, whether they saw the work, and what they say of it."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    name = _Name(label="Your name", error_messages={"required": "Enter your name"})
    role = LastingText(
        label="Your role",
        longest=LONGEST_LINE,
        required=True,
        help_text="For example, health visitor.",
        error_messages={"required": "Enter your role"},
    )
    organisation = LastingText(
        label="Your organisation",
        longest=LONGEST_LINE,
        required=True,
        error_messages={"required": "Enter your organisation"},
    )
    observed = forms.ChoiceField(
        label="Did you see this work yourself?",
        widget=forms.RadioSelect,
        choices=[
            Choice("yes", "Yes, I saw it"),
            Choice("no", "No, but I know of it", hint="Say below how you know of it."),
        ],
        error_messages={"required": "Say whether you saw this work yourself"},
    )
    words = TypedText(
        label="What can you say of it?",
        longest=LONGEST_TESTIMONY,
        widget=forms.Textarea,
        help_text="What you saw, what went well and what could be better. If you leave it empty, you only "
        "confirm that you saw it. Do not name children or families.",
    )

    WRITTEN = (("words", "What can you say of it?"),)
    """The texts looked through for family data, which may stay with a reason."""

    def __init__(self, data=None, *, name="", watched=None):
        """`name` is whom the worker asked; `watched` what the lines are looked through for."""
        super().__init__(data, initial={"key": uuid.uuid4(), "name": name})
        for line in ("name", "role", "organisation"):
            self.fields[line].watched = watched
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "key",
            HTML('<h2 class="govuk-heading-m">Who you are</h2>'),
            Field.text("name"),
            Field.text("role"),
            Field.text("organisation"),
            Field("observed"),
            Field.textarea("words", rows=10),
            Button.primary("check", "Check before you send it"),
        )

    def clean_observed(self):
        return self.cleaned_data["observed"] == "yes"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("observed") is False and "words" in cleaned and not cleaned["words"]:
            self.add_error("words", "Say how you know of this work")
        return cleaned

    @property
    def written(self):
        """(field, its label, what was typed) of each text that is looked through."""
        return [(field, label, self.cleaned_data.get(field, "")) for field, label in self.WRITTEN]
