"""What a worker sees of the export that they sent to be brought back."""

from dataclasses import dataclass

from portfolios.models import BringingBack


@dataclass(frozen=True)
class Asked:
    """The one that `waits`; else the last, which was `made`, or `failed`. There is one at most."""

    waits: BringingBack | None = None
    made: BringingBack | None = None
    failed: BringingBack | None = None


def asked(worker):
    """One query."""
    one = BringingBack.objects.filter(asked_by=worker).first()
    if one is None or one.is_waiting:
        return Asked(waits=one)
    return Asked(made=one) if one.made_at else Asked(failed=one)
