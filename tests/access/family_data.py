"""Rows of the table for names to watch: the worker's own, and nobody else's."""

from portfolios.models import NameToWatch
from progression.states import State
from tests.access.cast import COLLEAGUE, WORKER, WORKERS
from tests.access.row import Row

NAMES = "evidence/names-to-watch/"


def _a_name(world, who):
    worker = world.place.colleague if who == "colleague" else world.case(State.DRAFT).worker
    name, _ = NameToWatch.objects.get_or_create(worker=worker, name="Kai", defaults={"added_at": world.now})
    return {"pk": name.pk}


def own_name(world):
    return _a_name(world, "worker")


def another_name(world):
    return _a_name(world, "colleague")


ROWS = (
    Row(NAMES, opens=WORKERS, sends={"names": "Kai\nMalakai"}),
    Row(
        NAMES + "<int:pk>/remove/",
        post_only=True,
        acts=WORKER,
        sends={},
        empty=302,
        args=own_name,
        form_on=NAMES,
    ),
    Row(
        NAMES + "<int:pk>/remove/",
        post_only=True,
        acts=COLLEAGUE,
        sends={},
        empty=302,
        args=another_name,
        form_on=NAMES,
    ),
    Row(NAMES + "<int:pk>/remove/", post_only=True, acts=frozenset(), sends={}, args={"pk": 10**30}),
)
