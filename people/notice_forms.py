"""How a person wants to be told of what."""

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people.models import HowTold, Topic

HINTS = {
    Topic.NEWS: "An application that you have to do with has moved on.",
    Topic.WAITING: "You are the next to act.",
    Topic.REMINDERS: "You, or somebody you manage, has not acted yet.",
}
HOW = {
    HowTold.AT_ONCE: "By email, at once",
    HowTold.DAILY: "In one email each morning",
    HowTold.HERE_ONLY: "Only here, when you sign in",
}


class NoticeChoicesForm(forms.Form):
    """One question for each topic; what concerns somebody's rights is not asked."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for topic in Topic:
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label,
                help_text=HINTS[topic],
                choices=[Choice(how.value, HOW[how]) for how in HowTold],
                widget=forms.RadioSelect,
                error_messages={"required": f"Choose how you are told of “{topic.label.lower()}”"},
            )
        self.helper = FormHelper()
        self.helper.layout = Layout(
            *(Field.radios(topic.value) for topic in Topic),
            Button.primary("send", "Save"),
        )
