"""A form asked on one page and shown on the next, to check before it counts."""

from crispy_forms_gds.helper import FormHelper
from django import forms


class TwoPageForm(forms.Form):
    """The first page sends `check`; the second sends the same answers again with `yes`, or `change`."""

    yes = "confirm"
    """The name of the second page's button."""

    def __init__(self, data=None, **kwargs):
        super().__init__(data, **kwargs)
        self.helper = FormHelper()

    @property
    def confirmed(self):
        """Whether this is the second page's yes, to something that may be done."""
        return self.yes in self.data and self.is_valid()

    @property
    def to_check(self):
        """Whether the page to check comes next."""
        return "change" not in self.data and self.is_valid()

    @property
    def carried(self):
        """What the page to check sends again, as (name, value) pairs."""
        return [
            (name, value)
            for name, value in self.data.items()
            if name not in ("check", "change", self.yes, "csrfmiddlewaretoken")
        ]
