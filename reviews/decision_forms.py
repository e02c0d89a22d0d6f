"""What those who decide fill in: the decision on one page, then one that says exactly what signing does."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, ConditionalQuestion, ConditionalRadios, Field, Layout, Size
from django import forms
from django.utils.formats import date_format

from people.form_fields import DateField
from portfolios.forms import TypedText
from reviews import policies
from reviews.decision_selectors import agreed_actions

LONGEST_REASONS = 20_000
BUTTONS = ("check", "change", "sign")


class TwoPageForm(forms.Form):
    """Asked on one page, shown on the next and sent again with the signature: what was shown is signed.

    `about` is what else the signer was shown, in a line. If it is no longer so, the form says so instead.
    """

    about = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, about="", initial=None):
        super().__init__(data, initial={"about": about, **(initial or {})})
        self.now_about = about
        self.helper = FormHelper()

    @property
    def signing(self):
        """Whether this is the signature, on something that may be signed."""
        return "sign" in self.data and self.is_valid()

    @property
    def to_check(self):
        """Whether the page to check comes next."""
        return "change" not in self.data and self.is_valid()

    @property
    def carried(self):
        """What the page to check sends again, as (name, value) pairs."""
        kept = {
            name: value for name, value in self.data.items() if name not in (*BUTTONS, "csrfmiddlewaretoken")
        }
        return [*(kept | {"about": self.now_about}).items()]

    def clean(self):
        if "sign" in self.data and self.cleaned_data.get("about") != self.now_about:
            self.add_error(None, "This changed while you had the page open. Check it again before you sign")
        return self.cleaned_data

    def _demand(self, name, sentence):
        if name not in self.errors and not self.cleaned_data.get(name, "").strip():
            self.add_error(name, sentence)


class StatementForm(TwoPageForm):
    """Full reasons, and what the worker needs to do: the written statement. R18."""

    def __init__(self, data=None, *, application, **kwargs):
        super().__init__(data, **kwargs)
        self.application = application
        name = application.worker.name
        self.fields["reasons"] = TypedText(
            label="Full reasons",
            longest=LONGEST_REASONS,
            widget=forms.Textarea,
            help_text=f"{name} is given these in full, and they go on the form.",
        )
        self.fields["required"] = TypedText(
            label=f"What does {name} need to do to progress?",
            longest=LONGEST_REASONS,
            widget=forms.Textarea,
            help_text="Say what would be enough, and by when if there is a date.",
        )

    def _demand_statement(self):
        self._demand("reasons", "Give your full reasons")
        self._demand("required", f"Say what {self.application.worker.name} needs to do to progress")

    def statement(self):
        return {name: self.cleaned_data[name].strip() for name in ("reasons", "required")}


class RefusalForm(StatementForm):
    """Confirms what the manager did not recommend: there is nothing to choose. R14, R18."""

    def __init__(self, data=None, *, application, assessment, **kwargs):
        initial = {"reasons": assessment.reasons, "required": _agreed(assessment)}
        super().__init__(data, application=application, initial=initial, **kwargs)
        self.helper.layout = Layout(
            "about",
            Field.textarea("reasons", rows=10, label_size=Size.MEDIUM),
            Field.textarea("required", rows=6, label_size=Size.MEDIUM),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        super().clean()
        self.cleaned_data["decision"] = "refuse"
        self._demand_statement()
        return self.cleaned_data

    def answers(self, *, today):
        return self.statement()


class DecisionForm(StatementForm):
    """Authorise what the manager recommended, or decline it with reasons. R15, R18."""

    decision = forms.ChoiceField(
        label="Your decision",
        choices=[("authorise", "Authorise progression"), ("decline", "Decline")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to authorise or decline"},
    )

    def __init__(self, data=None, *, application, blocks, today, **kwargs):
        """`blocks` are the sentences of what stands in the way of authorising."""
        super().__init__(data, application=application, **kwargs)
        self.blocks = blocks
        authorise = _award_question(self, application, "Authorise progression", today=today)
        self.helper.layout = Layout(
            "about",
            ConditionalRadios(
                "decision",
                authorise,
                ConditionalQuestion(
                    "Decline", Field.textarea("reasons", rows=8), Field.textarea("required", rows=5)
                ),
            ),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        super().clean()
        if self.cleaned_data.get("decision") == "decline":
            self._demand_statement()
        elif self.cleaned_data.get("decision") == "authorise":
            _demand_award(self)
        return self.cleaned_data

    def answers(self, *, today):
        if self.cleaned_data["decision"] == "decline":
            return self.statement()
        return {"held_on": self.cleaned_data.get("held_on"), "today": today}


class ReviewForm(StatementForm):
    """Decides a review: reasons in full either way. R21, R32."""

    decision = forms.ChoiceField(
        choices=[("uphold", "Uphold it: progression goes ahead"), ("dismiss", "Dismiss it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to uphold or dismiss it"},
    )

    def __init__(self, data=None, *, application, blocks, today, **kwargs):
        super().__init__(data, application=application, **kwargs)
        self.blocks = blocks
        self.fields["decision"].label = f"Your decision on the {application.scheme.rules.appeal.name.lower()}"
        self.fields["reasons"].help_text = f"{application.worker.name} is given these in full."
        uphold = _award_question(self, application, "Uphold it: progression goes ahead", today=today)
        self.helper.layout = Layout(
            "about",
            ConditionalRadios(
                "decision", uphold, ConditionalQuestion("Dismiss it", Field.textarea("required", rows=5))
            ),
            Field.textarea("reasons", rows=10, label_size=Size.MEDIUM),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        super().clean()
        self._demand("reasons", "Give your full reasons")
        if self.cleaned_data.get("decision") == "dismiss":
            self._demand_statement()
        elif self.cleaned_data.get("decision") == "uphold":
            _demand_award(self)
        return self.cleaned_data

    def answers(self, *, today):
        if self.cleaned_data["decision"] == "dismiss":
            return self.statement()
        held_on = self.cleaned_data.get("held_on")
        return {"reasons": self.cleaned_data["reasons"].strip(), "held_on": held_on, "today": today}


class AskForm(TwoPageForm):
    """The worker's request, in writing, with reasons. R19."""

    grounds = TypedText(
        label="Why do you think the outcome is wrong?",
        longest=LONGEST_REASONS,
        widget=forms.Textarea,
        help_text="Say what was missed or misunderstood, and where in your evidence it is shown.",
    )

    def __init__(self, data=None):
        super().__init__(data)
        self.helper.layout = Layout(
            "about",
            Field.textarea("grounds", rows=10, label_size=Size.MEDIUM),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        super().clean()
        self._demand("grounds", "Say why you think the outcome is wrong")
        return self.cleaned_data


def _award_question(form, application, choice, *, today):
    """The choice to progress; it asks for the day of the meeting where the scheme counts from that. R31."""
    if policies.award_date(application) is not None:
        return choice
    form.fields["held_on"] = DateField(
        label=f"Date of the {application.scheme.rules.cycle.held_at.lower()}",
        help_text="The new pay runs from this day.",
        required=False,
        latest=today,
    )
    return ConditionalQuestion(choice, "held_on")


def _demand_award(form):
    for block in form.blocks:
        form.add_error("decision", block)
    if "held_on" in form.fields and "held_on" not in form.errors and not form.cleaned_data.get("held_on"):
        form.add_error("held_on", "Enter the date that the new pay runs from")


def _agreed(assessment):
    """What the manager agreed for each criterion not met, a line each: where the statement starts from."""
    return "\n".join(_line(finding) for finding in agreed_actions(assessment))


def _line(finding):
    by = f" By {date_format(finding.action_by, 'j F Y')}." if finding.action_by else ""
    return f"{finding.criterion.competency.name}: {finding.action}{by}"
