"""The operators' page of a team, which offers the schemes that there are."""

from django import forms
from django.contrib import admin

from competencies import selectors
from competencies.models import Scheme
from people.admin import TeamAdmin
from people.models import Team
from people.roles import Role, at_least

admin.site.unregister(Team)


class TeamForm(forms.ModelForm):
    """A mistyped scheme would leave a team's workers without any page: it is chosen, not typed."""

    scheme_code = forms.ChoiceField(label="Scheme", choices=lambda: _codes())

    class Meta:
        model = Team
        fields = ("service", "name", "manager", "scheme_code", "most_workers")

    def clean_manager(self):
        """They read its workers' evidence, so theirs is a role that signs in by a second step."""
        manager = self.cleaned_data["manager"]
        if not at_least(manager.role, Role.TEAM_MANAGER):
            raise forms.ValidationError(f"{manager.name} is no manager: give them that role first.")
        return manager

    def clean(self):
        """The directory warns past a size that the team's scheme gives, where it gives any. R39."""
        cleaned = super().clean()
        kinds = selectors.kinds_of_team(cleaned.get("scheme_code"))
        if kinds and cleaned.get("most_workers") not in [kind.social_workers for kind in kinds]:
            sizes = "; ".join(f"{kind.kind}: {kind.social_workers}" for kind in kinds)
            self.add_error("most_workers", f"The scheme gives these sizes. {sizes}.")
        return cleaned


@admin.register(Team)
class TeamOnSchemeAdmin(TeamAdmin):
    form = TeamForm


def _codes():
    codes = Scheme.objects.order_by("code").values_list("code", flat=True).distinct()
    return [(code, code) for code in codes]
