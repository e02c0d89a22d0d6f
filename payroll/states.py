"""Where a form to payroll stands: the words on screen, the colour of its tag, and the lists it is kept in."""

from django.db.models import Q, TextChoices


class FormState(TextChoices):
    PREPARING = "preparing", "Being prepared"
    FAILED = "failed", "Not prepared yet"
    TO_DOWNLOAD = "to_download", "To download"
    DOWNLOADED = "downloaded", "Downloaded"
    IN_PAY = "in_pay", "In pay"
    KEPT = "kept", "For information"


COLOURS = {
    FormState.PREPARING: "light-blue",
    FormState.FAILED: "red",
    FormState.TO_DOWNLOAD: "blue",
    FormState.DOWNLOADED: "purple",
    FormState.IN_PAY: "green",
    FormState.KEPT: "grey",
}


class Tray(TextChoices):
    """The lists on payroll's page. A form that says NOT progressed asks nothing and has its own. R13."""

    TO_DOWNLOAD = "to-download", "To download"
    DOWNLOADED = "downloaded", "Downloaded"
    IN_PAY = "in-pay", "In pay"
    NOT_PROGRESSED = "not-progressed", "Not progressed"


TRAYS = {
    Tray.TO_DOWNLOAD: Q(progressed=True, downloaded_at__isnull=True, in_pay_at__isnull=True),
    Tray.DOWNLOADED: Q(progressed=True, downloaded_at__isnull=False, in_pay_at__isnull=True),
    Tray.IN_PAY: Q(in_pay_at__isnull=False),
    Tray.NOT_PROGRESSED: Q(progressed=False),
}
"""Which forms lie in each tray. Every form lies in one."""
