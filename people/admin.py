"""The operators' pages: people, services, teams and posts. Nothing here moves a case."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin  # noqa: F401 - all three register what is taken off below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.utils import timezone

from people import account_letters, audit, policies, sessions, transitions
from people.admin_search import WordsStayOut
from people.admin_sign_in import HelpsToSignIn
from people.form_fields import check_can_be_sent_to
from people.models import Conflict, Delegation, Post, Service, Team, User
from people.roles import Role, at_least
from people.sign_in_models import Letter

admin.site.site_header = admin.site.site_title = "Social work progression: administration"
admin.site.index_title = "People, services, teams and posts"
# Roles say who may do what here, not groups; a person has one e-mail address, their own; and nobody reads the
# secrets of a second step, or gives somebody's account to another identity.
admin.site.unregister([Group, EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken])


class ForOperators:
    """Whoever may open the admin may use all of it: no second layer of permissions, no superusers."""

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return _said_apart(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return _said_apart(super().formfield_for_manytomany(db_field, request, **kwargs))


def _said_apart(field):
    """A choice of people in which two of one name can be told apart."""
    if field is not None and field.queryset.model is User:
        field.label_from_instance = lambda person: f"{person.name} ({person.email})"
    return field


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role")

    def clean_email(self):
        check_can_be_sent_to(self.cleaned_data["email"])
        return self.cleaned_data["email"].lower()


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "password", "role", "is_active", "is_staff")

    def clean_email(self):
        check_can_be_sent_to(self.cleaned_data["email"])
        return self.cleaned_data["email"].lower()

    def clean_role(self):
        """Whoever manages a team reads its workers' evidence: a role taken away takes that, too."""
        role = self.cleaned_data["role"]
        if not at_least(role, Role.TEAM_MANAGER) and (teams := self.instance.teams_managed.order_by("name")):
            named = ", ".join(team.name for team in teams)
            raise forms.ValidationError(f"They manage {named}. Give that to somebody else first.")
        return role


class NewPasswordForm(AdminPasswordChangeForm):
    """Whose password it is hears of it: nobody takes an account over unseen."""

    def save(self, commit=True):
        user = super().save(commit)
        account_letters.ask_for(Letter.NEW_PASSWORD, user.email, now=timezone.now())
        return user


@admin.register(User)
class UserAdmin(WordsStayOut, HelpsToSignIn, ForOperators, DjangoUserAdmin):
    """A leaver is made inactive, never deleted: their signatures stay."""

    form = UserForm
    add_form = NewUserForm
    change_password_form = NewPasswordForm
    list_display = ("name", "email", "role", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "left_on")
    fieldsets = ((None, {"fields": (*UserForm.Meta.fields, "last_login", "left_on")}),)
    add_fieldsets = (
        (None, {"fields": (*NewUserForm.Meta.fields, "usable_password", "password1", "password2")}),
    )

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            # To the address before: whoever has the new one can ask for a new password.
            account_letters.ask_for(Letter.NEW_ADDRESS, form.initial["email"], now=timezone.now())
        if not obj.is_active:
            sessions.end_all_of(obj)

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Service)
class ServiceAdmin(WordsStayOut, ForOperators, admin.ModelAdmin):
    list_display = ("name", "council")
    search_fields = ("name", "council")
    fields = ("council", "name", "address", "contact", "officers", "case_number_patterns")
    filter_horizontal = ("officers",)


@admin.register(Team)
class TeamAdmin(WordsStayOut, ForOperators, admin.ModelAdmin):
    list_display = ("name", "service", "manager", "scheme_code", "most_workers")
    list_filter = ("service",)
    list_select_related = ("service", "manager")
    search_fields = ("name", "manager__name")


@admin.register(Post)
class PostAdmin(WordsStayOut, ForOperators, admin.ModelAdmin):
    """A post stays with its holder, a leaver too: their case is read with it, and its pay goes to it."""

    list_display = ("holder", "team", "job_title", "level", "spinal_point", "ern")
    list_filter = ("level", "newly_qualified")
    list_select_related = ("holder", "team")
    search_fields = ("holder__name", "holder__email", "ern", "post_number")

    def get_readonly_fields(self, request, obj=None):
        return ("holder",) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False


class DelegationForm(forms.ModelForm):
    """For somebody who is away without having arranged it."""

    class Meta:
        model = Delegation
        fields = ("delegator", "delegate", "first_day", "last_day")

    def clean(self):
        answers = super().clean()
        if not self.errors:
            blocks = policies.blocks_on_delegating(
                answers["delegator"],
                answers["delegate"],
                first_day=answers["first_day"],
                last_day=answers["last_day"],
                today=timezone.localdate(),
            )
            if blocks:
                raise forms.ValidationError(blocks)
        return answers


class ConflictForm(forms.ModelForm):
    """For somebody who cannot declare it themselves."""

    class Meta:
        model = Conflict
        fields = ("person", "other", "tie", "detail")

    def clean(self):
        answers = super().clean()
        if not self.errors and (blocks := policies.blocks_on_declaring(answers["person"], answers["other"])):
            raise forms.ValidationError(blocks)
        return answers


class SaidOnce(WordsStayOut, ForOperators, admin.ModelAdmin):
    """Added, and ended from the list: what was said stays as it was said."""

    actions = ("end_now",)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description="End now", permissions=["add"])
    def end_now(self, request, chosen):
        ended = 0
        for one in chosen.order_by("pk"):
            try:
                self.end(one, actor=request.user, now=timezone.now())
                ended += 1
            except policies.Blocked as blocked:
                self.message_user(request, f"{one}: {blocked}", messages.WARNING)
        self.message_user(request, f"{ended} ended.")


@admin.register(Delegation)
class DelegationAdmin(SaidOnce):
    form = DelegationForm
    list_display = ("delegator", "delegate", "first_day", "last_day", "ended_at")
    list_select_related = ("delegator", "delegate")
    search_fields = ("delegator__name", "delegate__name")
    end = staticmethod(transitions.end_delegation)

    def save_model(self, request, obj, form, change):
        made = transitions.delegate(
            obj.delegator,
            to=obj.delegate,
            first_day=obj.first_day,
            last_day=obj.last_day,
            actor=request.user,
            now=timezone.now(),
        )
        obj.pk = made.pk


@admin.register(Conflict)
class ConflictAdmin(SaidOnce):
    form = ConflictForm
    list_display = ("person", "other", "tie", "declared_at", "ended_at")
    list_select_related = ("person", "other")
    search_fields = ("person__name", "other__name")
    end = staticmethod(transitions.end_conflict)

    def get_object(self, request, object_id, from_field=None):
        """What ties two people, and what they wrote of it: whoever opens it is noted."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            audit.note_read(found, about=[found.person_id, found.other_id])
        return found

    def save_model(self, request, obj, form, change):
        made = transitions.declare_conflict(
            obj.person,
            other=obj.other,
            tie=obj.tie,
            detail=obj.detail,
            actor=request.user,
            now=timezone.now(),
        )
        obj.pk = made.pk
