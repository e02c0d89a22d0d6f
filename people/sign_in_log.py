"""What the audit is told of signing in, which changes no table of its own. Never an address that was typed.

Setting up or removing a second step, and a change of password, are changes: PostgreSQL writes their rows.
"""

from people import audit
from people.models import AuditEntry


def signed_in(user):
    audit.note(AuditEntry.Kind.SIGNED_IN, about=[user.pk])


def signed_out(user):
    audit.note(AuditEntry.Kind.SIGNED_OUT, about=[user.pk])


def failed(user, why):
    """`why` is ours to say, such as wrong password; `user` is None where the address is nobody's."""
    audit.note(AuditEntry.Kind.NOT_SIGNED_IN, about=[user.pk] if user else [], words=why)


def sessions_ended(user, count):
    """`user` ended this many of their own sessions on other devices."""
    audit.note(AuditEntry.Kind.SIGNED_OUT, about=[user.pk], words=f"{count} on other devices")
