"""Rows of the table for personal data: having everything about somebody, and legal holds."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from people.models import DataExport
from progression.models import LegalHold
from tests.access.cast import ADMINISTRATOR, COLLEAGUE, SIGNED_IN
from tests.access.row import Row
from tests.council import NOW


def own_export(world):
    """The colleague's, made already."""
    world.files.append(default_storage.save("zz/export", ContentFile(b"PK")))
    export = DataExport.objects.create(
        person=world.place.colleague,
        asked_by=world.place.colleague,
        asked_at=NOW,
        try_at=NOW,
        made_at=timezone.now(),
        stored_as=world.files[-1],
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
    Row(
        "you/data/<int:pk>/",
        post_only=True,
        acts=COLLEAGUE,
        sends={},
        form_on="you/data/",
        then=200,
        empty=200,
        keeps=False,
        args=own_export,
    ),
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
