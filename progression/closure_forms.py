"""A day on which a council's offices are shut."""

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fluid, Layout
from django import forms

from people.form_fields import DateField


class ClosureForm(forms.Form):
    """Which day, why, and, for somebody who looks after several, of which service."""

    service = forms.ChoiceField(
        label="Which service?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the service whose offices are shut"},
    )
    day = DateField(label="On which day are the offices shut?", called="the day the offices are shut")
    title = forms.CharField(
        label="Why?",
        help_text="For example: the days between Christmas and New Year.",
        max_length=100,
        error_messages={"required": "Say why the offices are shut"},
    )

    def __init__(self, *args, services, **kwargs):
        super().__init__(*args, **kwargs)
        self._services = {str(service.pk): service for service in services}
        fields = [Field("day"), Field.text("title", field_width=Fluid.TWO_THIRDS)]
        if len(self._services) == 1:
            del self.fields["service"]
        else:
            self.fields["service"].choices = [
                Choice(pk, str(service)) for pk, service in self._services.items()
            ]
            fields.insert(0, Field.radios("service"))
        self.helper = FormHelper()
        self.helper.layout = Layout(*fields, Button.primary("send", "Add this closure"))

    @property
    def chosen_service(self):
        """The Service, once the form is valid."""
        if "service" in self.fields:
            return self._services[self.cleaned_data["service"]]
        return next(iter(self._services.values()))
