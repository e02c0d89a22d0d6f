"""What those who decide fill in: the decision on one page, then one that says exactly what signing does."""

from crispy_forms_gds.layout import Button, ConditionalQuestion, ConditionalRadios, Field, Layout
from django import forms

from people.two_pages import TwoPageForm
from portfolios.family_data_forms import MayStay
from portfolios.forms import TypedText
from reviews.decision_selectors import what_was_agreed

LONGEST_REASONS = 20_000


class SignedForm(MayStay, TwoPageForm):
    """Sent again with the signature: what was shown is signed.

    `about` is what else the signer was shown, in a line. If it is no longer so, the form says so instead.
    """

    yes = "sign"
    about = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, about="", initial=None):
        super().__init__(data, initial={"about": about, **(initial or {})})
        self.now_about = about

    @property
    def carried(self):
        return [*(dict(super().carried) | {"about": self.now_about}).items()]

    def clean(self):
        if self.yes in self.data and self.cleaned_data.get("about") != self.now_about:
            self.add_error(None, "This changed while you had the page open. Check it again before you sign")
        return self.cleaned_data

    def _demand(self, name, sentence):
        if name not in self.errors and not self.cleaned_data.get(name, "").strip():
            self.add_error(name, sentence)


class StatementForm(SignedForm):
    """Full reasons, and what the worker needs to do: the written statement. R18."""

    looked_through = {"reasons": "Full reasons", "required": "What is needed to progress"}

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

    def _demand_no_blocks(self):
        """For a form that may lead to an award: `blocks` are what stands in its way."""
        for block in self.blocks:
            self.add_error("decision", block)

    def statement(self):
        return {name: self.cleaned_data[name].strip() for name in ("reasons", "required")}


class RefusalForm(StatementForm):
    """Confirms what the manager did not recommend: there is nothing to choose. R14, R18."""

    def __init__(self, data=None, *, application, assessment, **kwargs):
        initial = {"reasons": assessment.reasons, "required": what_was_agreed(assessment)}
        super().__init__(data, application=application, initial=initial, **kwargs)
        self.helper.layout = Layout(
            "about",
            Field.textarea("reasons", rows=10),
            Field.textarea("required", rows=6),
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

    def __init__(self, data=None, *, application, blocks, **kwargs):
        """`blocks` are the sentences of what stands in the way of authorising."""
        super().__init__(data, application=application, **kwargs)
        self.blocks = blocks
        self.helper.layout = Layout(
            "about",
            ConditionalRadios(
                "decision",
                "Authorise progression",
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
            self._demand_no_blocks()
        return self.cleaned_data

    @property
    def looked_through(self):
        """The statement, where it is given."""
        return super().looked_through if self.cleaned_data.get("decision") == "decline" else {}

    def answers(self, *, today):
        if self.cleaned_data["decision"] == "decline":
            return self.statement()
        return {"today": today}


class ReviewForm(StatementForm):
    """Decides a review: reasons in full either way, and each of the scheme's tests answered. R21, R32."""

    decision = forms.ChoiceField(
        choices=[("uphold", "Uphold it: progression goes ahead"), ("dismiss", "Dismiss it")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to uphold or dismiss it"},
    )

    def __init__(self, data=None, *, application, blocks, **kwargs):
        super().__init__(data, application=application, **kwargs)
        self.blocks = blocks
        self.name = application.scheme.rules.appeal.name.lower()
        self.fields["decision"].label = f"Your decision on the {self.name}"
        self.fields["reasons"].help_text = f"{application.worker.name} is given these in full."
        self.tests = []
        for number, test in enumerate(application.scheme.rules.appeal.tests, 1):
            self.tests.append(f"test_{number}")
            self.fields[f"test_{number}"] = forms.ChoiceField(
                label=f"Is this met? {test[:1].upper()}{test[1:]}",
                choices=[("met", "Met"), ("not_met", "Not met")],
                widget=forms.RadioSelect,
                error_messages={"required": f"Say whether test {number} is met"},
            )
        self.helper.layout = Layout(
            "about",
            *[Field.radios(name, inline=True) for name in self.tests],
            ConditionalRadios(
                "decision",
                "Uphold it: progression goes ahead",
                ConditionalQuestion("Dismiss it", Field.textarea("required", rows=5)),
            ),
            Field.textarea("reasons", rows=10),
            Button.primary("check", "Continue"),
        )

    def clean(self):
        super().clean()
        self._demand("reasons", "Give your full reasons")
        if self.cleaned_data.get("decision") == "dismiss":
            self._demand_statement()
        elif self.cleaned_data.get("decision") == "uphold":
            self._demand_no_blocks()
        self._hold_tests_and_decision_together()
        return self.cleaned_data

    def _hold_tests_and_decision_together(self):
        answers, decision = self.tests_met, self.cleaned_data.get("decision")
        if not answers or None in answers:
            return
        if decision == "uphold" and not all(answers):
            self.add_error("decision", f"The {self.name} can be upheld only if every test is met")
        if decision == "dismiss" and all(answers):
            self.add_error("decision", f"Every test is met, so the {self.name} is upheld")

    @property
    def tests_met(self):
        """For each of the scheme's tests, in its order, whether it is met; None where not answered."""
        answers = {"met": True, "not_met": False}
        return [answers.get(self.cleaned_data.get(name)) for name in self.tests]

    def answers(self, *, today):
        if self.cleaned_data["decision"] == "dismiss":
            return self.statement() | {"tests_met": self.tests_met}
        reasons = self.cleaned_data["reasons"].strip()
        return {"reasons": reasons, "tests_met": self.tests_met, "today": today}
