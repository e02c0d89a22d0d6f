"""What worker and manager fill in about a shared piece."""

import uuid

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from portfolios.family_data_forms import MayStay
from portfolios.forms import TypedText

LONGEST_COMMENT = 5_000


class CommentForm(MayStay, forms.Form):
    """A comment: it is not changed once it is added. `key` makes one sent twice one comment.

    `written` is what its text is looked through for, once it is sent.
    """

    looked_through = {"text": "Comment"}

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = TypedText(
        label="Add a comment",
        longest=LONGEST_COMMENT,
        required=True,
        widget=forms.Textarea,
        help_text="You cannot change it afterwards. Do not name children or families.",
        error_messages={"required": "Write a comment"},
    )

    def __init__(self, data=None, *, written=None):
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.written = written
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "key", Field.textarea("text", rows=4), Button.primary("comment", "Add the comment")
        )


class ReadForm(forms.Form):
    """Up to which comment somebody says that they have read."""

    up_to = forms.IntegerField(min_value=1, max_value=2**63 - 1)
