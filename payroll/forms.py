"""What workers, payroll and managers fill in about pay."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people.models import Post
from portfolios.forms import TypedText

LONGEST_REASON = 5_000


class DeclineForm(forms.Form):
    """Why the worker declines the change to their contract. R23."""

    reason = TypedText(
        label="Why do you decline?",
        longest=LONGEST_REASON,
        required=True,
        widget=forms.Textarea,
        help_text="Your manager and payroll can read this.",
        error_messages={"required": "Say why you decline"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=5),
            Button.warning("send", "Decline the new contract"),
        )


class SendBackForm(forms.Form):
    """What payroll finds wrong with a form. R13."""

    reason = TypedText(
        label="What is wrong with it?",
        longest=LONGEST_REASON,
        required=True,
        widget=forms.Textarea,
        help_text="The team manager and whoever authorised it read this.",
        error_messages={"required": "Say what is wrong with the form"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.textarea("reason", rows=5),
            Button.primary("send", "Send it back"),
        )


class AnswerForm(forms.Form):
    """The post as the form is to say it, and what was put right. R13."""

    job_title = forms.CharField(
        label="Job title", max_length=200, error_messages={"required": "Enter the job title"}
    )
    post_number = forms.CharField(
        label="Post number", max_length=20, error_messages={"required": "Enter the post number"}
    )
    ern = forms.CharField(
        label="Employee reference number (ERN)",
        max_length=20,
        error_messages={"required": "Enter the employee reference number"},
    )
    answer = TypedText(
        label="What did you put right?",
        longest=LONGEST_REASON,
        required=True,
        widget=forms.Textarea,
        help_text="Payroll reads this. If nothing was wrong, say why.",
        error_messages={"required": "Say what you put right"},
    )

    def __init__(self, *args, pay_form, points, day, **kwargs):
        """`points` are those of the level held on `day`; empty where the scheme publishes none."""
        says = pay_form.content
        initial = {name: says[name] for name in ("job_title", "post_number", "ern")}
        super().__init__(*args, initial=initial | {"spinal_point": says["from_point"]}, **kwargs)
        self.worker_id = pay_form.application.worker_id
        asked = [Field.text(name) for name in ("job_title", "post_number", "ern")]
        if points:
            self.fields["spinal_point"] = forms.TypedChoiceField(
                label=f"Spinal column point held on {day}",
                choices=[(point, str(point)) for point in points],
                coerce=int,
            )
            asked.append(Field.select("spinal_point"))
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *asked,
            Field.textarea("answer", rows=5),
            Button.primary("send", "Make the corrected form"),
        )

    def clean_ern(self):
        ern = self.cleaned_data["ern"]
        if Post.objects.filter(ern=ern).exclude(holder=self.worker_id).exists():
            raise forms.ValidationError("Enter this worker’s own number: somebody else has that one")
        return ern

    @property
    def details(self):
        """What the post is to say."""
        names = ("job_title", "post_number", "ern", "spinal_point")
        return {name: self.cleaned_data.get(name) for name in names}
