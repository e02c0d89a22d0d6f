"""What an auditor looks for in the audit."""

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout
from django import forms

from people.form_fields import DateField
from people.models import AuditEntry
from progression import audit_selectors
from progression.audit_selectors import Sought

ROLES = [
    Choice("either", "Either"),
    Choice("did", "They did it"),
    Choice("about", "It concerns them"),
]


class AuditSearchForm(forms.Form):
    """Every field may stay empty. `sought` is what was asked, once valid."""

    person = forms.CharField(
        label="Person", help_text="Part of their name, or their email address", max_length=200, required=False
    )
    role = forms.ChoiceField(label="How they come into it", choices=ROLES, initial="either", required=False)
    reference = forms.CharField(
        label="Application", help_text="Such as APP-2026-0042", max_length=20, required=False
    )
    kind = forms.ChoiceField(
        label="What happened", choices=[("", "Anything"), *AuditEntry.Kind.choices], required=False
    )
    since = DateField(label="From", called="the first day", required=False)
    until = DateField(label="To", called="the last day", required=False)

    def __init__(self, *args, auditor, **kwargs):
        super().__init__(*args, **kwargs)
        self.auditor = auditor
        self.sought = Sought()
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("person"),
            Field.radios("role", inline=True, small=True),
            Field.text("reference"),
            Field.select("kind"),
            Field("since"),
            Field("until"),
            Button.primary("search", "Search"),
        )

    def clean(self):
        said = super().clean()
        person = self._person((said.get("person") or "").strip())
        case = self._case((said.get("reference") or "").strip())
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day must be the first day or later")
        self.sought = Sought(
            person=person and person.pk,
            role=said.get("role") or "either",
            application=case and case.pk,
            kind=said.get("kind", ""),
            since=since,
            until=until,
        )
        return said

    def _person(self, words):
        if not words:
            return None
        found = audit_selectors.people_called(self.auditor, words)
        if not found:
            self.add_error("person", "Nobody of your services is called that")
        elif len(found) > 1:
            named = ", ".join(one.email for one in found)
            self.add_error("person", f"More than one person is called that. Enter an email address: {named}")
        return found[0] if len(found) == 1 else None

    def _case(self, reference):
        if not reference:
            return None
        case = audit_selectors.case_called(self.auditor, reference)
        if case is None:
            self.add_error("reference", "Your services have no application with this reference")
        return case
