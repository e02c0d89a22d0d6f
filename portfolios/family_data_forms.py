"""What a worker is asked about family data: the names that they watch for, and why a passage stays."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.html import format_html

from portfolios import family_data
from portfolios.family_data_selectors import watched_by
from portfolios.family_data_transitions import MOST_NAMES
from portfolios.family_data_words import stays_in
from portfolios.models.family_data import LONGEST_NAME_TO_WATCH, LONGEST_REASON

MOST_ASKED_AT_ONCE = 30
"""Passages of one piece. A worker with more mends the text first."""


class NamesForm(forms.Form):
    """Names for the worker's own list, one a line."""

    names = forms.CharField(
        widget=forms.Textarea,
        label="Names to add",
        help_text="One a line. A first name and a surname on lines of their own are each found alone. "
        "Where a name is also an ordinary word, such as Will, the full name is better.",
        error_messages={"required": "Enter at least one name"},
    )

    def __init__(self, *args, already=0, **kwargs):
        """`already` is how many names are on the list."""
        super().__init__(*args, **kwargs)
        self.already = already
        self.helper = FormHelper()
        self.helper.layout = Layout(Field.textarea("names", rows=4), Button.primary("add", "Add to the list"))

    def clean_names(self):
        names = [" ".join(line.split()) for line in self.cleaned_data["names"].splitlines()]
        names = [name for name in names if name]
        if any(len(name) > LONGEST_NAME_TO_WATCH for name in names):
            raise forms.ValidationError(
                f"Enter one name a line, each of {LONGEST_NAME_TO_WATCH} characters or fewer"
            )
        if any(len(family_data.said(name)) < 2 for name in names):
            raise forms.ValidationError("Each name must have at least two letters")
        if self.already + len(names) > MOST_NAMES:
            raise forms.ValidationError(f"Your list can hold {MOST_NAMES} names: remove some first")
        return names


class WhyItStays:
    """The part of the evidence form that asks of each passage: mend the text, or say why it stays.

    The reasons come with the form, each under its passage's digest.
    """

    PREFIX = "why_"
    heading = "To look at before it counts"
    kept = "What you say is kept with the evidence, for whoever reads it."

    def __init__(self, form, worker):
        self.form, self.worker = form, worker

    @property
    def reasons(self):
        """What was sent, by digest, without what cannot be kept: `ask` says of that what is wrong."""
        typed = {
            name.removeprefix(self.PREFIX): " ".join(filter(str.isprintable, value.split()))
            for name, value in self.form.data.items()
            if name.startswith(self.PREFIX)
        }
        typed = {digest: reason for digest, reason in typed.items() if reason}
        watched = self.watched() if typed else None
        return {digest: reason for digest, reason in typed.items() if not _wrong_with(reason, watched)}

    def ask(self, passages, *, refusing=False):
        """Ask of these passages, above the other fields; when `refusing`, each of them is an error."""
        if not passages:
            return
        asked = {self.PREFIX + passage.digest: passage for passage in passages[:MOST_ASKED_AT_ONCE]}
        for name, passage in asked.items():
            self.form.fields[name] = forms.CharField(required=False, label=_label(passage))
        self.form.order_fields([*asked, *self.form.fields])
        told = _Passages(asked, len(passages) - len(asked), self.heading, self.kept)
        if hasattr(self.form, "helper"):
            self.form.helper.layout.insert(0, told)
        else:
            self.form.to_look_at = told
        if refusing:
            self._refuse(asked)

    def watched(self):
        """What a reason, too, is looked through for."""
        return watched_by(self.worker)

    def _refuse(self, asked):
        watched = self.watched()
        for name, passage in asked.items():
            typed = self.form.data.get(name, "").strip()
            take_out = "Take the file off" if passage.place == "files" else f"Take out “{passage.marked}”"
            wrong = _wrong_with(typed, watched) if typed else f"{take_out}, or say why it stays"
            if wrong:
                self.form.add_error(name, wrong)


class WhyWordsStay(WhyItStays):
    """The same question of texts that are no evidence, looked through for what is `watched`."""

    heading = "To look at before it is kept"
    kept = "What you say is kept with it, for whoever reads it."

    def __init__(self, form, watched):
        super().__init__(form, None)
        self._watched = watched

    def watched(self):
        return self._watched


class MayStay:
    """Mixed into a form that is kept at once: what looks like family data in its texts goes, or has a reason.

    `looked_through` are those texts by their fields, with what a page calls each, or "" for the question.
    Nothing is looked through without a family_data_words.Wording.
    """

    looked_through = {}
    written = None
    to_look_at = None
    """What to ask of the passages, for a page that lays its form out itself."""

    def stays(self, *names):
        """Why passages stay in these fields, or in any, as a row keeps it."""
        return [one for one in self._stays if one["place"] in names or not names]

    def answers_for(self, passages):
        """Whether each passage of the file sent with it, by digest, has its reason; if not, the form asks."""
        why = WhyWordsStay(self, self.written.watched)
        answered = self.written.answered
        self._stays += stays_in(passages, why.reasons | answered)
        if not passages.keys() - why.reasons.keys() - answered.keys():
            return True
        why.ask([one for digest, one in passages.items() if digest not in answered], refusing=True)
        self.add_error("file", "Choose the file again when you have said why, or one without it")
        return False

    def _post_clean(self):
        super()._post_clean()
        self._stays = []
        if self.written is None:
            return
        passages = self.written.passages(
            (name, called or self.fields[name].label.removesuffix(" (optional)"), self.cleaned_data.get(name))
            for name, called in self.looked_through.items()
        )
        why = WhyWordsStay(self, self.written.watched)
        answered = self.written.answered
        why.ask([one for digest, one in passages.items() if digest not in answered], refusing=True)
        self._stays = stays_in(passages, why.reasons | answered)


class _Passages:
    """The passages with their questions, where the form's layout has them."""

    def __init__(self, asked, more, heading, kept):
        self.asked = asked
        self.told = {"more": more, "heading": heading, "kept": kept}

    def render(self, form, context, **_):
        form.rendered_fields.update(self.asked)
        return self.html(form)

    def html(self, form):
        asked = [(passage, form[name]) for name, passage in self.asked.items()]
        files = any(found.place == "files" for found, _ in asked)
        told = {"asked": asked, "files": files, **self.told}
        return render_to_string("portfolios/family_data/passages.html", told, using="jinja2")


def _label(passage):
    return format_html(
        'If it stays, say why<span class="govuk-visually-hidden">: {}, {}</span>',
        "NHS number" if passage.kind == "nhs number" else passage.kind,
        passage.marked,
    )


def _wrong_with(reason, watched):
    """A sentence on what is wrong with a reason, or nothing: it must not say again what it is about."""
    if len(reason) > LONGEST_REASON:
        return f"Your reason must be {LONGEST_REASON} characters or fewer"
    if family_data.find(reason, case_numbers=watched.case_numbers, names=watched.names):
        return "Say why it stays without a name, number, date of birth or address"
    return ""
