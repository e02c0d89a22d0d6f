"""Rows of the table for personal data: having everything about somebody, and legal holds."""

from django.utils import timezone

from people.models import DataExport
from progression.models import LegalHold
from tests.access.cast import ADMINISTRATOR, SIGNED_IN
from tests.access.row import Row
from tests.council import NOW


def own_export(world):
    """The colleague's, made already; its file has gone."""
    export = DataExport.objects.create(
        person=world.place.colleague,
        asked_by=world.place.colleague,
        asked_at=NOW,
        try_at=NOW,
        made_at=timezone.now(),
        stored_as="no/file",
        sha256="0" * 64,
    )
    return {"pk": export.pk}


def hold_on_colleague(world):
    """By an administrator of the council."""
    administrator = world.place.administrator
    world.place.service.officers.add(administrator)
    hold = LegalHold.objects.create(
        person=world.place.colleague, reason="A claim", placed_at=NOW, placed_by=administrator
    )
    return {"pk": hold.pk}


ROWS = (
    Row("you/data/", opens=SIGNED_IN, sends={}, empty=302),
    # Not even whoever asked has what is no longer there; nobody else has it at all (test_subject_access.py).
    Row("you/data/<int:pk>/", post_only=True, args=own_export),
    Row(
        "data-about-a-person/",
        opens=ADMINISTRATOR,
        refused=SIGNED_IN - ADMINISTRATOR,
        sends={"email": "nobody@council.example", "why": "A request"},
        then=200,
        keeps=False,
    ),
    Row(
        "legal-holds/",
        opens=ADMINISTRATOR,
        refused=SIGNED_IN - ADMINISTRATOR,
        sends={"whom": "nobody@council.example", "reason": "A claim"},
        then=200,
        keeps=False,
    ),
    Row(
        "legal-holds/<int:pk>/end/",
        opens=ADMINISTRATOR,
        refused=SIGNED_IN - ADMINISTRATOR,
        sends={},
        empty=302,
        args=hold_on_colleague,
    ),
)
