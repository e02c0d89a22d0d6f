"""What a manager fills in while assessing. Everything may be left empty until the signature."""

from datetime import timedelta

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, ConditionalQuestion, ConditionalRadios, Div, Field, Layout, Size
from django import forms
from django.utils.html import format_html

from people.form_fields import DateField
from portfolios.forms import TypedText

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


class PartForm(forms.Form):
    """One part of an assessment, with the revision of it that the page was opened at."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data=None, *, revision, initial):
        super().__init__(data, initial={"revision": revision, **initial})
        self.helper = FormHelper()

    def write_over(self, revision):
        """Say that the part is at `revision` now: sent again, these words replace what is there."""
        self.data = self.data.copy()
        self.data["revision"] = revision
        self.add_error(None, "Check what was saved elsewhere before you save this page")


class HeadingForm(PartForm):
    """Met or not met, the evidence, and what is agreed where not met, for each criterion of one heading. R9.

    A note given once stands for every criterion whose own evidence is left empty.
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
        asked = [
            part for number, finding in enumerate(findings, 1) for part in self._ask(number, finding, today)
        ]
        self.helper.layout = Layout(
            "revision",
            Field.textarea("note", rows=3, label_size=Size.SMALL),
            *asked,
            _buttons("Save and go to next heading"),
        )

    def _ask(self, number, finding, today):
        """Add the fields for one criterion, and answer where they stand."""
        met, evidence, action, action_by = (f"{name}_{finding.criterion_id}" for name in _FIELDS)
        criterion = finding.criterion
        label = format_html(
            '<span class="govuk-caption-m">{}</span><span class="govuk-!-font-weight-bold">{}. {}</span>',
            criterion.level.name,
            number,
            criterion.text,
        )
        self.fields[met] = YesOrNo(label=label, yes="Met", no="Not met")
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
        agreed = ConditionalQuestion("Not met", Field.textarea(action, rows=3), action_by)
        return ConditionalRadios(met, "Met", agreed), Field.textarea(evidence, rows=3)

    def clean(self):
        for finding in self.findings:
            if self.cleaned_data.get(f"met_{finding.criterion_id}"):
                # Nothing is agreed for a criterion that is met: what the hidden fields hold does not matter.
                for name in ("action", "action_by"):
                    self.errors.pop(f"{name}_{finding.criterion_id}", None)
        return self.cleaned_data

    def answers(self):
        """What to save, by the criterion's id."""
        return {finding.criterion_id: self._answer(finding.criterion_id) for finding in self.findings}

    def _answer(self, criterion_id):
        answer = {name: self.cleaned_data.get(f"{name}_{criterion_id}") for name in _FIELDS}
        answer["evidence"] = answer["evidence"] or self.cleaned_data["note"]
        answer["action"] = answer["action"] or ""
        return answer


_FIELDS = ("met", "evidence", "action", "action_by")


class DeclarationsForm(PartForm):
    """What the manager declares of the worker, yes or no to each. R5, R13."""

    def __init__(self, data=None, *, worker, declarations, revision):
        """`declarations` are (Declaration, statement) pairs."""
        super().__init__(
            data,
            revision=revision,
            initial={declaration.code: _chosen(declaration.shown) for declaration, _ in declarations},
        )
        self.codes = [declaration.code for declaration, _ in declarations]
        for declaration, statement in declarations:
            self.fields[declaration.code] = YesOrNo(label=f"{worker.name} {statement}")
        self.helper.layout = Layout(
            "revision",
            *(Field.radios(code, inline=True, legend_size=Size.SMALL) for code in self.codes),
            _buttons("Save and continue"),
        )

    def answers(self):
        """What to save, by the declaration's code."""
        return {code: self.cleaned_data[code] for code in self.codes}


class RecommendationForm(PartForm):
    """Whether the manager recommends progression, and why not. R11, R14, R28."""

    recommended = YesOrNo(label="Do you recommend progression?")
    reasons = TypedText(
        label="Your full reasons",
        longest=LONGEST_REASONS,
        widget=forms.Textarea,
        help_text="The worker reads them, and they go on the form. Say what is needed to progress next time.",
    )

    def __init__(self, data=None, *, assessment, expected, revision):
        """`expected` are the sentences of what the scheme expects and does not hold yet. R11."""
        asked = ("recommended", "reasons", "precis", "short_service_reason")
        initial = {name: getattr(assessment, name) for name in asked}
        initial["recommended"] = _chosen(assessment.recommended)
        super().__init__(data, revision=revision, initial=initial)
        more = []
        if assessment.application.scheme.rules.decision.precis_required:
            self.fields["precis"] = TypedText(
                label="Summary of the evidence",
                longest=LONGEST_REASONS,
                widget=forms.Textarea,
                help_text="In a few paragraphs, for whoever decides.",
            )
            more.append(Field.textarea("precis", rows=8, label_size=Size.MEDIUM))
        if expected:
            self.fields["short_service_reason"] = TypedText(
                label="Why should the application go on?",
                longest=LONGEST_NOTE,
                widget=forms.Textarea,
                help_text=" ".join(expected),
            )
            more.append(Field.textarea("short_service_reason", rows=4, label_size=Size.MEDIUM))
        self.helper.layout = Layout(
            "revision",
            ConditionalRadios(
                "recommended", "Yes", ConditionalQuestion("No", Field.textarea("reasons", rows=10))
            ),
            *more,
            _buttons("Save and continue"),
        )

    def answers(self):
        """What to save, as save_recommendation's arguments; a question not asked keeps its answer."""
        asked = ("reasons", "precis", "short_service_reason")
        texts = {name: self.cleaned_data.get(name, self.initial[name]) for name in asked}
        return {"recommended": self.cleaned_data["recommended"], **texts}


class ReturnForm(forms.Form):
    """Why the portfolio goes back to the worker."""

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
            Field.textarea("reason", rows=8, label_size=Size.MEDIUM),
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
