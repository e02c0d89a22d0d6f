"""The operators' pages: people, services, teams and posts. Nothing here moves a case."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group

from people.models import Post, Service, Team, User

admin.site.site_header = admin.site.site_title = "Social work progression: administration"
admin.site.index_title = "People, services, teams and posts"
admin.site.unregister(Group)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "role")


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """A leaver is made inactive, never deleted: their signatures stay."""

    form = UserForm
    add_form = NewUserForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("name", "email", "role", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()
    readonly_fields = ("last_login",)
    fieldsets = (
        (None, {"fields": ("email", "name", "password", "role", "is_active", "is_staff", "is_superuser")}),
        ("Signed in", {"fields": ("last_login",)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "role", "usable_password", "password1", "password2"),
            },
        ),
    )

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Service)
class ServiceAdmin(admin.ModelAdmin):
    list_display = ("name", "council")
    search_fields = ("name", "council")
    autocomplete_fields = ("officers",)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = ("name", "service", "manager", "scheme_code", "most_workers")
    list_filter = ("service",)
    list_select_related = ("service", "manager")
    search_fields = ("name", "manager__name")
    autocomplete_fields = ("manager", "service")


@admin.register(Post)
class PostAdmin(admin.ModelAdmin):
    list_display = ("holder", "team", "job_title", "level", "spinal_point", "ern")
    list_filter = ("level", "newly_qualified")
    list_select_related = ("holder", "team")
    search_fields = ("holder__name", "holder__email", "ern", "post_number")
    autocomplete_fields = ("holder", "team")
