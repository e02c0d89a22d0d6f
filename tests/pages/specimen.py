"""A form with every kind of field, on a page of its own, and pages that break in every way."""

from datetime import date

from crispy_forms_gds.choices import Choice
from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import (
    Button,
    ConditionalQuestion,
    ConditionalRadios,
    Field,
    Fieldset,
    Layout,
    Size,
)
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from config import urls
from people.form_fields import DateField
from people.permissions import NotAllowed
from people.policies import Blocked

HANDLERS = ("handler400", "handler403", "handler404", "handler429", "handler500")
globals().update({name: getattr(urls, name) for name in HANDLERS})


class SpecimenForm(forms.Form):
    title = forms.CharField(label="Title", error_messages={"required": "Enter a title"})
    email = forms.EmailField(
        label="Email", help_text="Where we write.", error_messages={"required": "Enter an email"}
    )
    secret = forms.CharField(
        label="Secret", widget=forms.PasswordInput, error_messages={"required": "Enter a secret"}
    )
    story = forms.CharField(
        label="Story", widget=forms.Textarea, error_messages={"required": "Tell the story"}
    )
    counted = forms.CharField(
        label="Counted", widget=forms.Textarea, error_messages={"required": "Count words"}
    )
    practised_on = DateField(
        label="Date of practice",
        called="the date of practice",
        help_text="For example, 4 5 2026.",
        latest=date(2026, 5, 4),
    )
    team = forms.ChoiceField(
        label="Team",
        choices=[("", "Choose"), ("a", "A"), ("b", "B")],
        error_messages={"required": "Choose a team"},
    )
    met = forms.ChoiceField(
        label="Is it met?",
        widget=forms.RadioSelect,
        choices=(Choice("met", "Met", hint="All of it."), Choice("not", "Not met")),
        error_messages={"required": "Choose met or not met"},
    )
    headings = forms.MultipleChoiceField(
        label="Headings",
        help_text="Choose all that fit.",
        widget=forms.CheckboxSelectMultiple,
        choices=[("r", "Recording"), ("a", "Assessments")],
        error_messages={"required": "Choose a heading"},
    )
    agreed = forms.BooleanField(label="I agree", error_messages={"required": "Say that you agree"})
    document = forms.FileField(
        label="Document", widget=forms.FileInput, error_messages={"required": "Choose a document"}
    )
    contact = forms.ChoiceField(
        label="How?",
        widget=forms.RadioSelect,
        choices=[("phone", "By phone"), ("post", "By post")],
        error_messages={"required": "Choose how"},
    )
    phone = forms.CharField(label="Number", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Field.text("title", field_width=20),
            Field.text("email"),
            Field.text("secret"),
            Field.textarea("story", rows=4),
            Field.textarea("counted", max_words=50),
            Field("practised_on"),
            Field.select("team"),
            Field.radios("met", inline=True),
            Field.checkboxes("headings", small=True),
            Fieldset("agreed", legend="Your word", legend_size=Size.MEDIUM),
            Field("document"),
            ConditionalRadios("contact", ConditionalQuestion("By phone", "phone"), "By post"),
            Button.primary("send", "Send"),
            Button.secondary("draft", "Save as draft"),
        )

    def clean(self):
        if self.cleaned_data.get("title") == "whole":
            raise forms.ValidationError("The whole form is wrong")
        return self.cleaned_data


@login_not_required
def specimen(request):
    form = SpecimenForm(request.POST, request.FILES) if request.method == "POST" else SpecimenForm()
    page = engines["jinja2"].from_string(
        '{% extends "layouts/question.html" %}{% block title %}Specimen{% endblock %}'
    )
    return HttpResponse(page.render({"form": form}, request))


@login_not_required
def breaks(request):
    raise RuntimeError("broken on purpose")


@login_not_required
def refuses(request):
    raise NotAllowed("Only the line manager may do this.")


@login_not_required
def blocks(request):
    raise Blocked(["Recording has no example.", "Induction is not finished."])


urlpatterns = [
    path("specimen/", specimen),
    path("breaks/", breaks),
    path("refuses/", refuses),
    path("blocks/", blocks),
    *urls.urlpatterns,
]
