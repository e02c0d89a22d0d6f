"""Text that cannot be changed once it is kept: so nothing in it may look like family data."""

from django.core.exceptions import ValidationError

from portfolios import family_data
from portfolios.forms import TypedText


class LastingText(TypedText):
    """Typed text that is refused while something in it looks like a child's or a family's details.

    `watched` is what is looked for besides, a family_data_selectors.Watched; none until a form says so.
    """

    watched = None

    def clean(self, value):
        value = super().clean(value)
        if self.watched is not None:
            check_of_no_family(value, self.watched)
        return value


def check_of_no_family(text, watched):
    """Raise ValidationError, with the passages, where a text may identify a child or a family."""
    found = family_data.find(text, case_numbers=watched.case_numbers, names=watched.names)
    if found:
        passages = ", ".join(dict.fromkeys(f"“{text[one.start : one.end]}”" for one in found))
        raise ValidationError(f"Take out what may identify a child or family: {passages}")
