"""What an operator may look at: whether e-mails go out and deadlines are kept. Nothing says whose case it is.

The admin never moves a case: no case, and no line of its history, can be opened here at all.
"""

from django.contrib import admin
from django.utils import timezone

from people.admin import ForOperators
from progression import notice_transitions
from progression.models import BankHoliday, Deadline, Notice, NoticeHistory, NoticeStatus


class ReadOnly(ForOperators, admin.ModelAdmin):
    """To look at; nobody adds, changes or deletes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class History(ForOperators, admin.TabularInline):
    """What happened to a notice, line by line."""

    model = NoticeHistory
    fields = readonly_fields = ["at", "what", "fault"]
    extra = 0

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    """The outbox. The recipient is shown, so that a wrong address can be mended; the case is not.

    What was given up can be queued again, once whatever was wrong is mended.
    """

    actions = ["queue_again"]
    inlines = [History]

    list_display = [
        "id",
        "kind",
        "recipient",
        "status",
        "attempts",
        "queued_at",
        "try_at",
        "sent_at",
        "read_at",
        "last_fault",
    ]
    list_filter = ["status", "kind"]
    list_select_related = ["recipient"]
    fields = list_display
    show_full_result_count = False

    @admin.action(description="Queue again what failed")
    def queue_again(self, request, queryset):
        """Those that failed are tried again from the start; of others it says how many were left."""
        chosen = list(queryset)
        failed = [notice for notice in chosen if notice.status == NoticeStatus.FAILED]
        for notice in failed:
            notice_transitions.queue_again(notice, now=timezone.now())
        self.message_user(request, f"{len(failed)} queued again, {len(chosen) - len(failed)} had not failed.")


@admin.register(Deadline)
class DeadlineAdmin(ReadOnly):
    list_display = ["id", "kind", "state", "opened_on", "due_on", "next_reminder_on", "closed_on"]
    list_filter = ["kind", "state"]
    fields = list_display
    show_full_result_count = False


@admin.register(BankHoliday)
class BankHolidayAdmin(ReadOnly):
    list_display = ["day", "title"]
