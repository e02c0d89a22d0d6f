"""What a worker fills in about evidence and their portfolio."""

import re
import uuid
from contextlib import suppress
from datetime import date

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Field, Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.template.defaultfilters import filesizeformat

from competencies.rules import EvidenceKind
from people.form_fields import DateField
from portfolios import policies
from portfolios.folded import Folded, KindsExplained
from portfolios.kinds import ASKED, SUPPORTING
from portfolios.transitions import MOST_ATTACHMENTS, NEEDED

LONGEST_TITLE = 200
LONGEST_TEXT = 20_000
EARLIEST = date(1970, 1, 1)
MOST_UNFOLDED = 10
"""Headings that are shown at once: more are folded away, group by group."""
# What no keyboard types and no page or PDF can show; tab and new line stay.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


class TypedText(forms.CharField):
    """Text as typed, with plain new lines, and without what cannot be shown.

    The browser is not told the longest length: it would cut what is pasted without a word.
    """

    def __init__(self, *, longest, required=False, **kwargs):
        super().__init__(required=required, **kwargs)
        self.longest = longest
        self.call(self.label)

    def call(self, label):
        """Name it, on the screen and in what is said of it."""
        self.label = label
        sentence = f"“{label}” must be {self.longest:,} characters or fewer"
        self.validators = [MaxLengthValidator(self.longest, message=sentence)]

    def to_python(self, value):
        return super().to_python(CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))

    def clean(self, value):
        return super().clean(value or "")


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self):
        super().__init__(attrs={"multiple": True})

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if files else []


class Files(forms.FileField):
    """Any number of files; answers a list. What is in them is checked as each is kept."""

    widget = FilesInput

    def clean(self, data, initial=None):
        return list(data or [])


class Tokens(forms.MultipleChoiceField):
    """Tokens of files; answers those that could be one. Whose they are is asked when they are used."""

    def clean(self, value):
        found = []
        for token in value or ():
            with suppress(ValueError):
                found.append(uuid.UUID(token))
        return found


class EvidenceForm(forms.Form):
    """One piece of evidence. Everything may be left empty, unless the worker says that it is `finishing`.

    After `is_valid`, whatever it answered, `storable` holds the fields of the piece that can be kept.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.Field(widget=forms.HiddenInput, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    kind = forms.ChoiceField(
        label="What kind of evidence is it?",
        widget=forms.RadioSelect,
        choices=EvidenceKind.choices,
        error_messages={"required": "Choose what kind of evidence it is"},
    )
    title = TypedText(label="Title", longest=LONGEST_TITLE)
    what_i_did = TypedText(label="What I did", longest=LONGEST_TEXT, widget=forms.Textarea)
    outcome = TypedText(label="Outcome", longest=LONGEST_TEXT, widget=forms.Textarea)
    what_i_learned = TypedText(label="What I learned", longest=LONGEST_TEXT, widget=forms.Textarea)
    remove_files = Tokens(label="Files already added", required=False, widget=forms.CheckboxSelectMultiple)
    files = Files(
        label="Add files",
        required=False,
        help_text="PDF, Word (.docx), JPG or PNG, up to 10 MB each. First take out the names of children "
        "and families.",
    )

    def __init__(
        self,
        data=None,
        files=None,
        *,
        today,
        portfolio,
        aim=None,
        piece=None,
        kind=None,
        headings=(),
        source=None,
        finishing=False,
    ):
        """`portfolio` is the open one, or None; then `aim`, as selectors.Asked, says which headings to mark.
        `piece` is one that exists, else `kind` and the codes of `headings` say what a new one starts with, or
        the `source` of which it is made.
        """
        super().__init__(data, files, initial=_initial(piece, kind))
        if source is not None:
            self.initial |= {"source": source.reference, "kind": source.kind, **source.fields}
            headings = source.headings
        self.portfolio = portfolio
        self.asked = policies.asked(portfolio) if portfolio else aim
        self.finishing = finishing
        self.storable = {}
        self._ask_kind()
        self._ask_what_fits(today)
        self.order_fields(["key", "source", "revision", "kind", *(text.field for text in self.asks.all)])
        self._ask_headings(headings)
        self.offer_removal([])
        self.helper = FormHelper()
        self.helper.layout = self._layout()
        self.helper.attrs = {"id": "evidence"}

    def _ask_kind(self):
        """Every kind is kept in the bank; each says what it is for where the scheme does not take it."""
        taken = self.asked.step.rules.evidence.kinds if self.asked else list(EvidenceKind)
        self.fields["kind"].choices = [_kind_choice(kind, taken) for kind in EvidenceKind]
        self.initial.setdefault("kind", taken[0].value)

    def _ask_what_fits(self, today):
        """Name what is asked in the words of the kind of piece that it is."""
        kind = self.data.get("kind") or self.initial["kind"]
        self.asks = ASKED[EvidenceKind(kind if kind in EvidenceKind.values else self.initial["kind"])]
        for text in self.asks.all:
            if text.field == "practised_on":
                self.fields[text.field] = DateField(
                    label=text.label, called=text.needed, required=False, earliest=EARLIEST, latest=today
                )
            else:
                self.fields[text.field].call(text.label)
            self.fields[text.field].help_text = text.hint

    def _ask_headings(self, ticked):
        groups = {}
        if self.asked is not None:
            for heading in self.asked.evidenced:
                groups.setdefault(heading.competency.group, []).append(heading.competency)
        self.competencies = {}
        self.groups = []
        for number, (group, competencies) in enumerate(groups.items()):
            name = f"headings_{number}"
            self.groups.append(name)
            self.competencies |= {competency.code: competency for competency in competencies}
            self.fields[name] = forms.MultipleChoiceField(
                label=group,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[self._heading_choice(competency) for competency in competencies],
            )
            self.initial[name] = [code for code in ticked if code in dict(self.fields[name].choices)]

    def _heading_choice(self, competency):
        """A heading to tick, saying what it takes where that is not every kind the scheme takes. R27."""
        taken = policies.kinds_taken(self.asked.step, competency)
        if set(taken) >= set(self.asked.step.rules.evidence.kinds):
            return competency.code, competency.name
        hint = " or ".join(kind.label for kind in taken).capitalize()
        return Choice(competency.code, competency.name, hint=hint)

    def _layout(self):
        asked = [
            Field.radios("kind", small=True),
            KindsExplained(),
            Field.text("title"),
            Field("practised_on"),
            *(
                Field.textarea(text.field, rows=8 if text.field == "what_i_did" else 5)
                for text in self.asks.texts
            ),
        ]
        if self.groups:
            asked.append(HTML(f'<h2 class="govuk-heading-m">{self.headings_label}</h2>'))
            many = len(self.competencies) > MOST_UNFOLDED
            asked += [Folded(name) if many else Field.checkboxes(name, small=True) for name in self.groups]
        asked.append(HTML('<h2 class="govuk-heading-m">Files</h2>'))
        asked += [Field.checkboxes("remove_files", small=True)]
        asked += [Field("files")]
        return Layout(
            "key",
            "source",
            "revision",
            *asked,
            Div(
                Button.primary("continue", "Save and continue"),
                Button.secondary("draft", "Save as draft"),
                css_class="govuk-button-group",
            ),
        )

    @property
    def words_by_kind(self):
        """What each kind asks, as static/kinds.js reads it: [name of the field, label, hint] in order."""
        return {
            kind.value: [[text.field, text.label, text.hint] for text in asks.all]
            for kind, asks in ASKED.items()
        }

    @property
    def headings_label(self):
        return "Headings it counts for" if self.portfolio else "Headings it shows"

    def offer_removal(self, attachments):
        """Show these files of the piece, each with a box to tick that takes it off."""
        field = self.fields["remove_files"]
        field.widget = forms.CheckboxSelectMultiple() if attachments else forms.MultipleHiddenInput()
        field.choices = [
            Choice(str(file.token), f"Remove {file.name}", hint=_said_of_file(file)) for file in attachments
        ]

    def clean(self):
        self.storable = {
            name: self.cleaned_data[name] for name in ("kind", *NEEDED) if name in self.cleaned_data
        }
        if self.finishing:
            for text in self.asks.all:
                if text.field in self.storable and not self.storable[text.field]:
                    self.add_error(text.field, text.lacking)
            if self.portfolio is not None:
                self._refuse_kinds()
        if len(self.cleaned_data.get("files", ())) > MOST_ATTACHMENTS:
            self.add_error("files", f"Choose at most {MOST_ATTACHMENTS} files")
        return self.cleaned_data

    def _refuse_kinds(self):
        kind = self.storable.get("kind")
        for name in self.groups:
            ticked = [self.competencies[code].pk for code in self.cleaned_data.get(name, ())]
            for sentence in policies.kind_refusals(self.portfolio, kind, ticked) if kind else ():
                self.add_error(name, sentence)

    @property
    def blank(self):
        """Whether nothing was typed or chosen that would be lost: ticked headings alone are nothing yet."""
        typed = [value for name, value in self.typed() if name in NEEDED or name.startswith("practised_on")]
        return not any(value.strip() for value in typed) and not self.cleaned_data.get("files")

    def watch(self, address):
        """Have static/autosave.js keep what is typed by posting it to `address`."""
        self.helper.attrs = self.helper.attrs | {"data-autosave": address}

    def typed(self):
        """All that was sent, as (name, value) pairs, for sending it again."""
        left_out = {"csrfmiddlewaretoken", "revision", "key", "overrule", "remove_files"}
        return [
            (name, value) for name in self.data if name not in left_out for value in self.data.getlist(name)
        ]

    def differences(self, saved):
        """Where what was sent differs from the piece as `saved`: (label, what was typed, what is saved)."""
        pairs = [
            (self.fields[name].label, self._words(name, self.storable.get(name)), self._words(name, there))
            for name in ("kind", *NEEDED)
            if self.storable.get(name, there := getattr(saved, name)) != there or name in self.errors
        ]
        ticked = self.headings_ticked()
        if ticked is not None and {competency.pk for competency in ticked} != saved.claimed:
            there = [one for one in self.competencies.values() if one.pk in saved.claimed]
            pairs.append((self.headings_label, _names(ticked), _names(there)))
        return pairs

    def _words(self, name, value):
        if name == "kind":
            return EvidenceKind(value).label if value else ""
        if name == "practised_on":
            if value is None and name in self.errors:
                return " ".join(self.data.get(f"{name}_{part}", "") for part in range(3))
            return f"{value.day} {value:%B %Y}" if value else ""
        return value or ""

    def headings_ticked(self):
        """The competencies that the piece is to count for; None where the form does not ask."""
        if not self.groups:
            return None
        codes = [code for name in self.groups for code in self.data.getlist(name)]
        return [self.competencies[code] for code in codes if code in self.competencies]


def _initial(piece, kind):
    if piece is None:
        return {"key": uuid.uuid4(), "revision": 0} | ({"kind": kind} if kind in EvidenceKind.values else {})
    return {name: getattr(piece, name) for name in ("key", "revision", "kind", *NEEDED)}


def _kind_choice(kind, taken):
    """A kind to choose, saying what it is for where the scheme does not take it as an example."""
    if kind in taken:
        return kind.value, kind.label
    use = "Goes beside your examples" if kind in SUPPORTING else "Your framework does not count it"
    return Choice(kind.value, kind.label, hint=use)


def _names(competencies):
    return ", ".join(competency.name for competency in competencies)


class RemoveForm(forms.Form):
    """Nothing to fill in: the page asks, the button answers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(Button.warning("remove", "Remove this evidence"))


class FromBankForm(forms.Form):
    """Which pieces of the bank count for a heading too."""

    pieces = forms.TypedMultipleChoiceField(
        label="Which evidence counts for this heading too?",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one piece of evidence"},
    )

    def __init__(self, *args, pieces, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["pieces"].choices = [
            Choice(piece.pk, str(piece), hint=_said_of(piece)) for piece in pieces
        ]
        self.helper = FormHelper()
        self.helper.layout = Layout(Field.checkboxes("pieces"), Button.primary("use", "Use for this heading"))


def _said_of_file(file):
    return ". ".join(filter(None, [filesizeformat(file.size), file.scan_words]))


def _said_of(piece):
    day = piece.practised_on
    when = f"{day.day} {day:%B %Y}" if day else "No date yet"
    return when if piece.complete else f"{when}. Draft: it counts once it is finished"


class DesirablesForm(forms.Form):
    """Which of the scheme's desirable things the worker has. None is required. R6."""

    held = forms.MultipleChoiceField(
        label="Which of these do you have?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Choose all that you have. None of them is required.",
    )

    def __init__(self, *args, desirables, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held"].choices = [(desirable.code, desirable.label) for desirable in desirables]
        self.helper = FormHelper()
        self.helper.layout = Layout(Field.checkboxes("held"), Button.primary("save", "Save"))
