"""Where a form to payroll stands: the words on screen, the colour of its tag, and the lists it is kept in."""

from django.db.models import Q, TextChoices


class FormState(TextChoices):
    PREPARING = "preparing", "Being prepared"
    FAILED = "failed", "Not prepared yet"
    WITH_WORKER = "with_worker", "Waiting for the worker"
    TO_DOWNLOAD = "to_download", "To download"
    DOWNLOADED = "downloaded", "To put in pay"
    SENT_BACK = "sent_back", "Sent back"
    IN_PAY = "in_pay", "In pay"
    KEPT = "kept", "For information"
    STOPPED = "stopped", "Stopped"


COLOURS = {
    FormState.PREPARING: "light-blue",
    FormState.FAILED: "red",
    FormState.WITH_WORKER: "yellow",
    FormState.TO_DOWNLOAD: "blue",
    FormState.DOWNLOADED: "purple",
    FormState.SENT_BACK: "orange",
    FormState.IN_PAY: "green",
    FormState.KEPT: "grey",
    FormState.STOPPED: "grey",
}


FORM_NAMES = {"appointment-form-service-area": "Appointment Form - Service Area"}
"""What people call a form, where it is not what the scheme's file calls it."""


class Tray(TextChoices):
    """The lists on payroll's page. A form that says NOT progressed asks nothing and has its own. R13."""

    TO_DOWNLOAD = "to-download", "To download"
    DOWNLOADED = "downloaded", "To put in pay"
    WITH_WORKER = "with-worker", "Waiting for the worker"
    SENT_BACK = "sent-back", "Sent back"
    IN_PAY = "in-pay", "In pay"
    NOT_PROGRESSED = "not-progressed", "Not progressed"
    STOPPED = "stopped", "Stopped"
    PREPARING = "being-prepared", "Being prepared"


ASK_PAYROLL = (Tray.TO_DOWNLOAD, Tray.DOWNLOADED)
"""The trays in which payroll has something to do."""

_ON_ITS_WAY = Q(progressed=True, stopped_at__isnull=True, in_pay_at__isnull=True)
_MADE = _ON_ITS_WAY & Q(issued_at__isnull=False)
_NOT_SENT_BACK = _MADE & Q(payroll_query__isnull=True)
_ACCEPTED = _NOT_SENT_BACK & Q(variation__accepted=True)

TRAYS = {
    Tray.TO_DOWNLOAD: _ACCEPTED & Q(downloaded_at__isnull=True),
    Tray.DOWNLOADED: _ACCEPTED & Q(downloaded_at__isnull=False),
    Tray.WITH_WORKER: _NOT_SENT_BACK & (Q(variation__isnull=True) | Q(variation__accepted__isnull=True)),
    Tray.SENT_BACK: _MADE & Q(payroll_query__isnull=False),
    Tray.IN_PAY: Q(in_pay_at__isnull=False, stopped_at__isnull=True),
    Tray.NOT_PROGRESSED: Q(progressed=False, stopped_at__isnull=True),
    Tray.STOPPED: Q(stopped_at__isnull=False),
    Tray.PREPARING: _ON_ITS_WAY & Q(issued_at__isnull=True),
}
"""Which forms lie in each tray. Every form lies in one."""
