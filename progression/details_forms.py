"""What a manager records of a worker's post, as far as the scheme's gates ask for it."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people.form_fields import DateField
from people.models import PerformanceRating
from progression.details_transitions import RECORDED

ASKED_BY = {
    "induction_completed": ("newly_qualified", "induction_completed_on"),
    "minimum_service": ("newly_qualified",),
    "probation_completed": ("probation_ends_on", "probation_completed"),
    "performance_rating_at_least": ("performance_rating",),
    "no_formal_capability_or_disciplinary": ("under_formal_process",),
}
"""Which fields of a post each rule of a scheme rests on."""

YES_OR_NO = (("yes", "Yes"), ("no", "No"))


def fields_asked(rules):
    """The fields that this scheme's gates rest on, in the order of RECORDED."""
    asked = {name for rule in rules.eligibility for name in ASKED_BY[rule.rule]}
    return [name for name in RECORDED if name in asked]


class DetailsForm(forms.Form):
    """Only what this scheme's gates ask: nothing is collected that no rule needs. R10, R11, R35."""

    def __init__(self, data=None, *, post, rules, today):
        asked = fields_asked(rules)
        super().__init__(data, initial={name: _initial(getattr(post, name)) for name in asked})
        self.asked = asked
        made = {
            "newly_qualified": _yes_or_no("Is the worker newly qualified?"),
            "induction_completed_on": DateField(
                label="Induction completed on",
                called="the day induction was completed",
                help_text="Leave it empty until it is completed.",
                required=False,
                earliest=post.service_start,
                latest=today,
            ),
            "probation_ends_on": DateField(
                label="Probation ends on",
                called="the day probation ends",
                required=False,
                earliest=post.service_start,
            ),
            "probation_completed": _yes_or_no("Has probation been satisfactorily completed?"),
            "performance_rating": forms.ChoiceField(
                label="Last performance rating",
                choices=[(rating.value or "none", rating.label) for rating in PerformanceRating],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose the last performance rating"},
            ),
            "under_formal_process": _yes_or_no(
                "Is the worker subject to a formal capability or disciplinary process?",
                help_text="Only the worker, you and the senior managers of the service see this.",
            ),
        }
        self.fields |= {name: made[name] for name in asked}
        self.helper = FormHelper()
        layouts = [Field(name) if name.endswith("_on") else Field.radios(name) for name in asked]
        self.helper.layout = Layout(*layouts, Button.primary("save", "Save"))

    def details(self):
        """What to record, by the post's field."""
        return {name: _value(name, self.cleaned_data[name]) for name in self.asked}


def _yes_or_no(label, **more):
    return forms.ChoiceField(
        label=label,
        choices=YES_OR_NO,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no"},
        **more,
    )


def _initial(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value == PerformanceRating.NOT_RATED else value


def _value(name, answer):
    if name == "performance_rating":
        return "" if answer == "none" else answer
    return answer == "yes" if answer in ("yes", "no") else answer
