"""What a worker fills in about their bank: what to look for, and what a piece shows."""

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import HTML, Button, Div, Field, Layout
from django import forms

from competencies.rules import EvidenceKind
from people.form_fields import DateField
from portfolios.bank_selectors import Wanted
from portfolios.forms import TypedText

LONGEST_SEARCH = 200
SHOWS = (("", "All"), ("examples", "Finished"), ("drafts", "Drafts"), ("unused", "Not used yet"))


class BankForm(forms.Form):
    """What to show of the bank. Everything may be left empty."""

    words = TypedText(
        label="Search your evidence",
        longest=LONGEST_SEARCH,
        help_text="Words of its title or text. Put a phrase in “quotation marks”.",
    )
    heading = forms.ChoiceField(label="Heading", required=False)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "All"), *EvidenceKind.choices], widget=forms.Select
    )
    only = forms.ChoiceField(label="Show", required=False, choices=SHOWS, widget=forms.Select)

    def __init__(self, *args, asked, opened=False, **kwargs):
        """`asked`, as competencies' Asked, says which headings there are; `opened`: more than words show."""
        super().__init__(*args, **kwargs)
        headings = [heading.competency for heading in asked.evidenced] if asked else []
        self.fields["heading"].choices = [("", "All"), *((one.code, one.name) for one in headings)]
        self.fields["since"] = DateField(
            label="Dated on or after", called="the earliest date", required=False
        )
        self.fields["until"] = DateField(label="Dated on or before", called="the latest date", required=False)
        self.helper = FormHelper()
        self.helper.attrs = {"role": "search"}
        self.helper.layout = Layout(
            Field.text("words"),
            HTML(
                f'<details class="govuk-details"{" open" if opened else ""}>'
                '<summary class="govuk-details__summary">'
                '<span class="govuk-details__summary-text">Narrow it down</span></summary>'
                '<div class="govuk-details__text">'
            ),
            *([Field.select("heading")] if headings else []),
            Field.select("kind"),
            Field.select("only"),
            Field("since"),
            Field("until"),
            HTML("</div></details>"),
            Div(Button.secondary("search", "Search"), css_class="govuk-button-group"),
        )

    @property
    def wanted(self):
        """What is asked for, as bank_selectors.Wanted; the form is valid."""
        said = {name: self.cleaned_data.get(name) or default for name, default in _NOTHING.items()}
        return Wanted(**said)


_NOTHING = {"words": "", "heading": "", "kind": "", "since": None, "until": None, "only": ""}


class ShowsForm(forms.Form):
    """Which criteria of its headings a piece speaks to, and which items of the lists, if any. R38."""

    def __init__(self, *args, shown, **kwargs):
        """`shown` is the matrix_selectors.Shown of the piece."""
        super().__init__(*args, **kwargs)
        self.criteria_fields, self.item_fields = [], {}
        for number, heading in enumerate(shown.headings):
            name = f"criteria_{number}"
            levels = {one.level_id for one in heading.criteria}
            choices = [
                Choice(str(one.pk), one.text, hint=one.level.name if len(levels) > 1 else "")
                for one in heading.criteria
            ]
            ticked = [str(one.pk) for one in heading.criteria if one.pk in shown.criteria]
            self._ask(name, heading.competency.name, choices, ticked)
            self.criteria_fields.append(name)
        for number, reference in enumerate(shown.references):
            name = f"items_{number}"
            choices = [Choice(str(place), item) for place, item in enumerate(reference.items)]
            ticked = [choice.value for choice in choices if (reference.code, choice.label) in shown.items]
            self._ask(name, reference.name, choices, ticked)
            self.item_fields[name] = reference
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(Field.checkboxes(name, small=True) for name in self.fields),
            Button.primary("save", "Save"),
        )

    def _ask(self, name, label, choices, ticked):
        self.fields[name] = forms.MultipleChoiceField(
            label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
        )
        self.initial[name] = ticked

    @property
    def criteria(self):
        """The ids of the criteria ticked; the form is valid."""
        return {int(pk) for name in self.criteria_fields for pk in self.cleaned_data[name]}

    @property
    def items(self):
        """The items ticked, as (list's code, item); the form is valid."""
        return {
            (reference.code, reference.items[int(place)])
            for name, reference in self.item_fields.items()
            for place in self.cleaned_data[name]
        }


class FillForm(forms.Form):
    """Which pieces of the bank fill a heading's gaps: each answer is a criterion's id and a piece's."""

    fills = forms.MultipleChoiceField(error_messages={"required": "Choose at least one piece of evidence"})

    def __init__(self, *args, row, **kwargs):
        """`row` is the matrix_selectors.HeadingRow; what it suggests can be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["fills"].choices = [
            (f"{one.id}-{piece.id}", piece.title) for one in row.criteria for piece in one.might_fill
        ]

    @property
    def pairs(self):
        """(criterion's id, piece's id) of each answer; the form is valid."""
        return {tuple(map(int, said.split("-"))) for said in self.cleaned_data["fills"]}


class CarryOverForm(forms.Form):
    """Which of the pieces marked before count in this application."""

    which = forms.ChoiceField(
        label="Which pieces?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which pieces to use"},
    )
    headings = forms.MultipleChoiceField(
        label="For which headings?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one heading"},
    )

    def __init__(self, *args, offers, **kwargs):
        """`offers` is bank_selectors.Offers, with at least one heading."""
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = [
            *(
                [Choice("last", f"Those you used in {offers.reference}", hint=_pieces(offers.last_pieces))]
                if offers.last_pieces
                else []
            ),
            Choice("newest", f"The newest that you marked, up to {offers.wanted} for each heading"),
            Choice("marked", "All that you marked", hint=_pieces(offers.pieces)),
        ]
        self.fields["headings"].choices = [
            Choice(one.competency.code, one.competency.name, hint=_said_of(one)) for one in offers.headings
        ]
        self.initial.setdefault("which", "last" if offers.last_pieces else "newest")
        self.initial.setdefault("headings", [one.competency.code for one in offers.headings])
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.radios("which"),
            Field.checkboxes("headings", small=True),
            Button.primary("use", "Use them"),
        )


def _pieces(count):
    return f"{count:,} piece{'' if count == 1 else 's'}"


def _said_of(offer):
    used = f", {offer.last} of them used last time" if offer.last else ""
    return f"{_pieces(offer.marked)} marked{used}"
