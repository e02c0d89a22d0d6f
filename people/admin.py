"""The operators' pages: people, services, teams and posts. Nothing here moves a case."""

import allauth.account.admin  # noqa: F401 - registers what is taken off below
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group

from people.models import Post, Service, Team, User

admin.site.site_header = admin.site.site_title = "Social work progression: administration"
admin.site.index_title = "People, services, teams and posts"
# Roles say who may do what here, not groups; and a person has one e-mail address, their own.
admin.site.unregister([Group, EmailAddress])


class ForOperators:
    """Whoever may open the admin may use all of it: no second layer of permissions, no superusers."""

    def has_module_permission(self, request):
        return request.user.is_active and request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_change_permission = has_delete_permission = has_view_permission


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role")

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "password", "role", "is_active", "is_staff")

    def clean_email(self):
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(ForOperators, DjangoUserAdmin):
    """A leaver is made inactive, never deleted: their signatures stay."""

    form = UserForm
    add_form = NewUserForm
    list_display = ("name", "email", "role", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()
    readonly_fields = ("last_login",)
    fieldsets = ((None, {"fields": (*UserForm.Meta.fields, "last_login")}),)
    add_fieldsets = (
        (None, {"fields": (*NewUserForm.Meta.fields, "usable_password", "password1", "password2")}),
    )

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Service)
class ServiceAdmin(ForOperators, admin.ModelAdmin):
    list_display = ("name", "council")
    search_fields = ("name", "council")
    fields = ("council", "name", "address", "contact", "officers")
    autocomplete_fields = ("officers",)


@admin.register(Team)
class TeamAdmin(ForOperators, admin.ModelAdmin):
    list_display = ("name", "service", "manager", "scheme_code", "most_workers")
    list_filter = ("service",)
    list_select_related = ("service", "manager")
    search_fields = ("name", "manager__name")
    autocomplete_fields = ("manager", "service")


@admin.register(Post)
class PostAdmin(ForOperators, admin.ModelAdmin):
    """A post stays with its holder, a leaver too: their case is read with it, and its pay goes to it."""

    list_display = ("holder", "team", "job_title", "level", "spinal_point", "ern")
    list_filter = ("level", "newly_qualified")
    list_select_related = ("holder", "team")
    search_fields = ("holder__name", "holder__email", "ern", "post_number")
    autocomplete_fields = ("holder", "team")

    def get_readonly_fields(self, request, obj=None):
        return ("holder",) if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False
