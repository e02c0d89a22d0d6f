"""What a manager fills in while assessing. Everything may be left empty until the signature."""

from dataclasses import dataclass
from datetime import timedelta

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, ConditionalQuestion, ConditionalRadios, Div, Field, Layout
from django import forms

from competencies.models import Criterion
from people.form_fields import DateField
from portfolios.family_data_forms import MayStay
from portfolios.forms import TypedText
from portfolios.self_assessment_selectors import Said

LONGEST_NOTE = 5_000
LONGEST_REASONS = 20_000
FARTHEST_ACTION = timedelta(days=5 * 366)


class YesOrNo(forms.TypedChoiceField):
    """Two radios answering True or False, or None where neither is chosen."""

    def __init__(self, *, label, yes="Yes", no="No", **kwargs):
        super().__init__(
            label=label,
            required=False,
            choices=[("yes", yes), ("no", no)],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )


def _chosen(answer):
    """What the radios of a YesOrNo show for a stored answer."""
    return {True: "yes", False: "no"}.get(answer, "")


def _buttons(onwards):
    later = Button.secondary("later", "Save and come back later")
    return Div(Button.primary("next", onwards), later, css_class="govuk-button-group")


class PartForm(MayStay, forms.Form):
    """One part of an assessment, with the revision of it that the page was opened at."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data=None, *, revision, initial):
        super().__init__(data, initial={"revision": revision, **initial})

    def write_over(self, revision):
        """Say that the part is at `revision` now: sent again, these words replace what is there."""
        self.data = self.data.copy()
        self.data["revision"] = revision
        self.add_error(None, "Check what was saved elsewhere before you save this page")


@dataclass(frozen=True)
class Asked:
    """The bound fields that ask about one criterion, the `number`th on its page, and what the worker says."""

    number: int
    criterion: Criterion
    said: Said | None
    met: forms.BoundField
    evidence: forms.BoundField
    action: forms.BoundField
    action_by: forms.BoundField


class HeadingForm(PartForm):
    """Met or not met, the evidence, and what is agreed where not met, for each criterion of one heading. R9.

    A note given once stands for every criterion whose own evidence is left empty. The page lays this form out
    itself: with its fifty inputs, crispy-forms would take most of the page's time.
    """

    note = TypedText(
        label="Evidence for every criterion on this page (optional)",
        longest=LONGEST_NOTE,
        widget=forms.Textarea,
        help_text="Goes to each criterion below whose own evidence you leave empty.",
    )

    def __init__(self, data=None, *, findings, revision, today):
        super().__init__(data, revision=revision, initial={})
        self.findings = findings
        self.looked_through = {"note": "Evidence for every criterion"}
        for number, finding in enumerate(findings, 1):
            self._ask(number, finding, today)

    def _ask(self, number, finding, today):
        met, evidence, action, action_by = _names(finding.criterion_id)
        self.looked_through |= {evidence: "", action: ""}
        self.fields[met] = YesOrNo(label=f"{number}. {finding.criterion.text}", yes="Met", no="Not met")
        self.fields[evidence] = TypedText(
            label=f"Evidence for criterion {number}", longest=LONGEST_NOTE, widget=forms.Textarea
        )
        self.fields[action] = TypedText(
            label=f"Agreed action for criterion {number}",
            longest=LONGEST_NOTE,
            widget=forms.Textarea,
            help_text="What the worker will do to meet it.",
        )
        self.fields[action_by] = DateField(
            label=f"By when, for criterion {number}",
            called=f"the day for criterion {number}",
            required=False,
            earliest=min(today, finding.action_by or today),
            latest=today + FARTHEST_ACTION,
        )
        self.initial |= {
            met: _chosen(finding.met),
            evidence: finding.evidence,
            action: finding.action,
            action_by: finding.action_by,
        }

    def asked(self):
        """What the page asks about each criterion, in their order."""
        for number, finding in enumerate(self.findings, 1):
            fields = (self[name] for name in _names(finding.criterion_id))
            yield Asked(number, finding.criterion, finding.said, *fields)

    def clean(self):
        for finding in self.findings:
            met, _, action, action_by = _names(finding.criterion_id)
            if self.cleaned_data.get(met):
                # Nothing is agreed for a criterion that is met: what its hidden fields hold does not matter.
                self.errors.pop(action, None)
                self.errors.pop(action_by, None)
                self.cleaned_data[action] = ""
        return self.cleaned_data

    def answers(self):
        """What to save, by the criterion's id."""
        return {finding.criterion_id: self._answer(finding.criterion_id) for finding in self.findings}

    def _answer(self, criterion_id):
        met, evidence, action, action_by = (self.cleaned_data.get(name) for name in _names(criterion_id))
        return {
            "met": met,
            "evidence": evidence or self.cleaned_data["note"],
            "action": action or "",
            "action_by": action_by,
        }


def _names(criterion_id):
    return [f"{name}_{criterion_id}" for name in ("met", "evidence", "action", "action_by")]


class DeclarationsForm(PartForm):
    """What the manager declares of the worker, yes or no to each. R5, R13."""

    def __init__(self, data=None, *, worker, declarations, revision):
        """`declarations` are (Declaration, statement) pairs."""
        super().__init__(
            data,
            revision=revision,
            initial={declaration.code: _chosen(declaration.shown) for declaration, _ in declarations},
        )
        self.helper = FormHelper()
        self.codes = [declaration.code for declaration, _ in declarations]
        for declaration, statement in declarations:
            self.fields[declaration.code] = YesOrNo(label=f"{worker.name} {statement}")
        self.helper.layout = Layout(
            "revision",
            *(Field.radios(code, inline=True) for code in self.codes),
            _buttons("Save and continue"),
        )

    def answers(self):
        """What to save, by the declaration's code."""
        return {code: self.cleaned_data[code] for code in self.codes}


class RecommendationForm(PartForm):
    """Whether the manager recommends progression, and why not. R11, R14, R28."""

    TEXTS = ("reasons", "precis", "objectives", "feedback", "short_service_reason")
    OF_REVIEW = (
        (
            "objectives",
            "What was shown for the review’s own objectives?",
            "Read beside the portfolio: the objectives set at the last review, and the evidence for each.",
        ),
        ("feedback", "What feedback did you give?", "What you told the worker at the review."),
        ("precis", "Summary of the evidence", "In a few paragraphs, for whoever decides."),
    )
    """What is written up of a review, where the scheme asks for a précis: (field, label, hint). R28."""

    WHERE = {name: label for name, label, _ in OF_REVIEW} | {
        "reasons": "Your full reasons",
        "short_service_reason": "Why the application should go on",
    }

    recommended = YesOrNo(label="Do you recommend progression?")
    reasons = TypedText(
        label="Your full reasons",
        longest=LONGEST_REASONS,
        widget=forms.Textarea,
        help_text="The worker reads them, and they go on the form. Say what is needed to progress next time.",
    )

    def __init__(self, data=None, *, assessment, expected, revision):
        """`expected` are the sentences of what the scheme expects and does not hold yet. R11."""
        asked = ("recommended", *self.TEXTS)
        initial = {name: getattr(assessment, name) for name in asked}
        initial["recommended"] = _chosen(assessment.recommended)
        super().__init__(data, revision=revision, initial=initial)
        self.helper = FormHelper()
        more = []
        if assessment.application.scheme.rules.decision.precis_required:
            for name, label, hint in self.OF_REVIEW:
                self.fields[name] = TypedText(
                    label=label, longest=LONGEST_REASONS, widget=forms.Textarea, help_text=hint
                )
                more.append(Field.textarea(name, rows=6))
        if expected:
            self.fields["short_service_reason"] = TypedText(
                label="Why should the application go on?",
                longest=LONGEST_NOTE,
                widget=forms.Textarea,
                help_text=" ".join(expected),
            )
            more.append(Field.textarea("short_service_reason", rows=4))
        self.helper.layout = Layout(
            "revision",
            ConditionalRadios(
                "recommended", "Yes", ConditionalQuestion("No", Field.textarea("reasons", rows=10))
            ),
            *more,
            _buttons("Save and continue"),
        )

    @property
    def looked_through(self):
        """Reasons that are not kept, since the manager recommends it, do not matter."""
        left_out = {"reasons"} if self.cleaned_data.get("recommended") else set()
        return {name: self.WHERE[name] for name in self.WHERE if name in self.fields and name not in left_out}

    def answers(self):
        """What to save, as save_recommendation's arguments; a question not asked keeps its answer."""
        texts = {name: self.cleaned_data.get(name, self.initial[name]) for name in self.TEXTS}
        return {"recommended": self.cleaned_data["recommended"], **texts}


class ReturnForm(MayStay, forms.Form):
    """Why the portfolio goes back to the worker."""

    looked_through = {"reason": "What the worker needs to do"}
    reason = TypedText(
        label="What does the worker need to do?",
        longest=LONGEST_NOTE,
        widget=forms.Textarea,
        help_text="They read this. Say which headings need more, and what.",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=8),
            Button.primary("return", "Return to the worker"),
        )

    def clean_reason(self):
        if not self.cleaned_data["reason"].strip():
            raise forms.ValidationError("Say what the worker needs to do")
        return self.cleaned_data["reason"]


class SignForm(forms.Form):
    """The signature: a tick and a button. R12, R17."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    confirmed = forms.BooleanField(
        label="I have judged every criterion on the written evidence, and this is my recommendation",
        error_messages={"required": "Tick the box to say that this is your recommendation"},
    )

    def __init__(self, data=None, *, saves):
        super().__init__(data, initial={"seen": saves})
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "seen", Field.checkbox("confirmed"), Button.primary("sign", "Sign the assessment")
        )
