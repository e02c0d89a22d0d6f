"""The case: its state, meetings, deadlines, history and notices."""

from progression.models.audit_checks import AuditCheck
from progression.models.case import (
    AFTER_ASSESSMENT,
    TOWARDS_PAY,
    Application,
    ApplicationGrant,
    Capacity,
    Event,
    Recusal,
    ReferenceCounter,
)
from progression.models.deadlines import OF_A_STATE, BankHoliday, CouncilClosure, Deadline, DeadlineKind
from progression.models.holds import LegalHold
from progression.models.meetings import Meeting, MeetingMove
from progression.models.notices import Notice, NoticeHistory, NoticeStatus, NoticeStep

__all__ = [
    "AFTER_ASSESSMENT",
    "Application",
    "ApplicationGrant",
    "AuditCheck",
    "BankHoliday",
    "Capacity",
    "CouncilClosure",
    "Deadline",
    "DeadlineKind",
    "Event",
    "LegalHold",
    "Meeting",
    "MeetingMove",
    "Notice",
    "NoticeHistory",
    "NoticeStatus",
    "NoticeStep",
    "OF_A_STATE",
    "Recusal",
    "ReferenceCounter",
    "TOWARDS_PAY",
]
