"""What a worker fills in about themselves: one heading's criteria, none of which must be answered."""

from dataclasses import dataclass

from django import forms

from portfolios.family_data_forms import MayStay
from portfolios.forms import TypedText
from portfolios.models import Stand
from portfolios.self_assessment_selectors import AboutCriterion

LONGEST_WORDS = 1_000


@dataclass(frozen=True)
class Asked:
    """The bound fields about one criterion, and what is known of it."""

    about: AboutCriterion
    stand: forms.BoundField
    words: forms.BoundField


class StandForm(MayStay, forms.Form):
    """Where the worker stands on each criterion of a heading. The page lays it out itself.

    `written` is what the words are looked through for, once they are sent.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)

    def __init__(self, data=None, *, rows, written=None):
        super().__init__(data, initial={"seen": _last(rows)})
        self.rows, self.written = rows, written
        self.looked_through = {
            _names(one)[1]: f"Why, for criterion {number}" for number, one in enumerate(rows, 1)
        }
        for number, one in enumerate(rows, 1):
            stand, words = _names(one)
            self.fields[stand] = forms.ChoiceField(
                label=f"{number}. {one.criterion.text}",
                choices=Stand.choices,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choose one of these"},
            )
            self.fields[words] = TypedText(
                label=f"Why, for criterion {number} (optional)",
                longest=LONGEST_WORDS,
                widget=forms.Textarea,
            )
            if one.now:
                self.initial |= {stand: one.now.stand, words: one.now.words}

    def clean(self):
        for one in self.rows:
            stand, words = _names(one)
            if (
                self.cleaned_data.get(words)
                and not self.cleaned_data.get(stand)
                and not self.has_error(stand)
            ):
                self.add_error(stand, "Say where you stand, beside what you wrote")
        return self.cleaned_data

    def asked(self):
        """What the page asks, in the order of the criteria."""
        return [Asked(one, *(self[name] for name in _names(one))) for one in self.rows]

    def answers(self):
        """{criterion's id: (Stand, words)} of those with an answer."""
        said = {one.criterion.pk: [self.cleaned_data[name] for name in _names(one)] for one in self.rows}
        return {pk: (Stand(stand), words) for pk, (stand, words) in said.items() if stand}

    def reasons(self):
        """{criterion's id: why passages stay in its words}."""
        return {
            one.criterion.pk: [
                told | {"place": "words", "where": "Why"} for told in self.stays(_names(one)[1])
            ]
            for one in self.rows
        }

    def write_over(self, rows):
        """These rows were saved elsewhere: sent again, what was typed here comes after them."""
        self.data = self.data.copy()
        self.data["seen"] = _last(rows)
        self.add_error(None, "Check what you saved elsewhere before you save this page")


def _last(rows):
    return max((one.now.row for one in rows if one.now), default=0)


def _names(one):
    return f"stand_{one.criterion.pk}", f"words_{one.criterion.pk}"
