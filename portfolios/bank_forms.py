"""What a worker fills in about their bank: what to look for, and what a piece shows."""

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
        self.fields["since"] = DateField(label="Practised on or after", required=False)
        self.fields["until"] = DateField(label="Practised on or before", required=False)
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
            Div(Button.secondary("search", "Show"), css_class="govuk-button-group"),
        )

    @property
    def wanted(self):
        """What is asked for, as bank_selectors.Wanted; the form is valid."""
        said = {name: self.cleaned_data.get(name) or default for name, default in _NOTHING.items()}
        return Wanted(**said)


_NOTHING = {"words": "", "heading": "", "kind": "", "since": None, "until": None, "only": ""}
