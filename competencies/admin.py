"""The operators' page of a team, which offers the schemes that there are."""

from django import forms
from django.contrib import admin

from competencies.models import Scheme
from people.admin import TeamAdmin
from people.models import Team

admin.site.unregister(Team)


class TeamForm(forms.ModelForm):
    """A mistyped scheme would leave a team's workers without any page: it is chosen, not typed."""

    scheme_code = forms.ChoiceField(label="Scheme", choices=lambda: _codes())

    class Meta:
        model = Team
        fields = ("service", "name", "manager", "scheme_code", "most_workers")


@admin.register(Team)
class TeamOnSchemeAdmin(TeamAdmin):
    form = TeamForm


def _codes():
    codes = Scheme.objects.order_by("code").values_list("code", flat=True).distinct()
    return [(code, code) for code in codes]
