"""What one of the demonstration's workers watches for, and a draft in which something is to be looked at."""

import datetime

from django.utils import timezone

from config.demo.cases import workday
from people.models import Service
from portfolios import family_data_transitions as family_data
from portfolios import transitions as portfolios

NAMES = ("Idris", "Marlowe-Finch")
STAYS = "This is the duty desk's own number, not a family's."
DRAFT = {
    "title": "A plan that the family wrote themselves",
    "what_i_did": "I took my pen away and let Idris and his aunt write the first page. When they were stuck "
    "they rang our duty desk on 01632 960 155, and somebody who did not know them helped.",
    "outcome": "The plan is in their words, and both of them have kept to it for six weeks.",
    "what_i_learned": "To bring paper and then to wait.",
}


def make_family_data(people, *, today):
    """Each council's case numbers; worker1's names to watch, and a piece of theirs that has one in it."""
    for service, pattern in zip(Service.objects.order_by("pk"), ("MOS-#######", "LCS ######"), strict=False):
        service.case_number_patterns = pattern
        service.save(update_fields=["case_number_patterns"])
    day = workday(today, 3)
    now = timezone.make_aware(datetime.datetime.combine(day, datetime.time(16, 20)))
    worker = people["worker1"]
    family_data.watch_names(worker, names=NAMES, now=now)
    fields = DRAFT | {"practised_on": workday(today, 30)}
    piece = portfolios.save_evidence(None, worker=worker, fields=fields, now=now)
    numbers = [passage for passage in piece.to_look_at if passage.kind == "phone number"]
    portfolios.save_evidence(
        piece,
        worker=worker,
        base_revision=piece.revision,
        fields={},
        reasons={passage.digest: STAYS for passage in numbers},
        now=now,
    )
