"""Rows of the table for standing in, conflicts of interest and hand-overs, and what each changes."""

from django.utils.timezone import localdate

from people.models import User
from progression.states import State
from tests import standing_in
from tests.access.cast import (
    ADMINISTRATOR,
    COLLEAGUE,
    DIRECTOR,
    MANAGER,
    MANAGERS,
    NEW_STARTER,
    NOBODY,
    NOT_BEGUN,
    OTHER_MANAGER,
    OUTSIDE_DIRECTOR,
    OUTSIDE_SENIORS,
    OUTSIDE_SERVICE_MANAGER,
    SEE_RETURNED,
    SENIORS,
    SERVICE_MANAGER,
    SIGNED_IN,
)
from tests.access.row import CASE, Row
from tests.access.sent import AUTHORISE, DISMISS

DELEGATE = MANAGERS | SENIORS | OUTSIDE_SENIORS
TOO_LARGE = 10**30


# Relations that arise while a case goes on: `given` of a row.


def other_manager_stands_in(world, case):
    standing_in.away(world.place.manager, world.place.other_manager)


def other_manager_stood_in(world, case):
    """Near miss: until a moment ago."""
    standing_in.back(standing_in.away(world.place.manager, world.place.other_manager))


def outside_service_manager_stands_in(world, case):
    """Of another service of the same council."""
    standing_in.away(world.place.service_manager, world.outside.service_manager)


def outside_director_stands_in(world, case):
    standing_in.away(world.place.director, world.outside.director)


def worker_tied_to_manager(world, case):
    standing_in.tied(case.worker, world.place.manager)


def service_manager_tied_to_worker(world, case):
    standing_in.tied(world.place.service_manager, case.worker)


def director_tied_to_worker(world, case):
    standing_in.tied(world.place.director, case.worker)


def handed_to_other_manager(world, case):
    standing_in.handed_over(case, by=world.place.manager, to=world.place.other_manager)


def _away(case):
    """A director may stand in for anybody, but not for themselves."""
    today = localdate()
    days = {f"{name}_{part}": value for name in ("first_day", "last_day") for part, value in _parts(today)}
    director = case.team.service.officers.get(role="assistant_director")
    return {"delegate": director.pk, "confirm": "confirm", **days}


def _parts(day):
    return enumerate((str(day.day), str(day.month), str(day.year)))


def _tied_to_manager(case):
    return {"email": case.team.manager.email, "tie": "friend", "confirm": "confirm"}


def _hand_over(case):
    """To a director of another service of the council, who has no part in any case of this one."""
    others = User.objects.filter(role="assistant_director", is_active=True)
    taker = others.exclude(services=case.team.service).order_by("pk").first()
    return {"handed_to": taker.pk, "reason": "We were at school together.", "confirm": "confirm"}


def _own_absence(world):
    """Of the manager of the team, for days to come."""
    delegation = standing_in.away(world.place.manager, world.place.other_manager, first=5, last=6)
    return {"pk": delegation.pk}


def _own_conflict(world):
    return {"pk": standing_in.tied(world.place.colleague, world.outside.colleague).pk}


ROWS = (
    Row("you/away/", opens=DELEGATE, refused=SIGNED_IN - DELEGATE),
    Row(
        "you/away/new/",
        opens=DELEGATE,
        refused=SIGNED_IN - DELEGATE,
        acts=DELEGATE - DIRECTOR,
        sends=_away,
    ),
    Row("you/away/<int:pk>/end/", opens=MANAGER, sends={}, empty=302, args=_own_absence),
    Row("you/away/<int:pk>/end/", sends={}, acts=NOBODY, args={"pk": TOO_LARGE}),
    Row("you/conflicts/", opens=SIGNED_IN),
    Row(
        "you/conflicts/new/",
        opens=SIGNED_IN,
        acts=SIGNED_IN - MANAGER - ADMINISTRATOR - NEW_STARTER,
        sends=_tied_to_manager,
    ),
    Row("you/conflicts/<int:pk>/end/", opens=COLLEAGUE, sends={}, empty=302, args=_own_conflict),
    Row("you/conflicts/<int:pk>/end/", sends={}, acts=NOBODY, args={"pk": TOO_LARGE}),
    # Handing a case over: whoever judges it now, and the seniors over its manager
    Row(CASE + "step-back/", sends=_hand_over, acts=NOBODY),
    Row(CASE + "step-back/", NOT_BEGUN, opens=MANAGER | SENIORS, sends=_hand_over),
    Row(CASE + "step-back/", State.RECOMMENDED, opens=SENIORS, sends=_hand_over),
    Row(CASE + "step-back/", State.UNDER_APPEAL, opens=DIRECTOR, sends=_hand_over),
    Row(CASE + "step-back/", State.AUTHORISED, sends=_hand_over, acts=NOBODY),
    # Standing in
    Row(CASE, NOT_BEGUN, other_manager_stands_in, opens=SEE_RETURNED | OTHER_MANAGER),
    Row(CASE, NOT_BEGUN, other_manager_stood_in, opens=SEE_RETURNED),
    Row(CASE + "portfolio/", NOT_BEGUN, other_manager_stands_in, opens=SEE_RETURNED | OTHER_MANAGER),
    Row(
        CASE + "assessment/",
        NOT_BEGUN,
        other_manager_stands_in,
        opens=MANAGER | OTHER_MANAGER,
        sends={},
        empty=302,
    ),
    Row(CASE + "assessment/", NOT_BEGUN, other_manager_stood_in, opens=MANAGER, sends={}, empty=302),
    Row(
        CASE + "authorisation/",
        State.RECOMMENDED,
        outside_service_manager_stands_in,
        opens=SENIORS | OUTSIDE_SERVICE_MANAGER,
        sends=AUTHORISE,
    ),
    Row(
        CASE + "review/decide/",
        State.UNDER_APPEAL,
        outside_director_stands_in,
        opens=DIRECTOR | OUTSIDE_DIRECTOR,
        sends=DISMISS,
    ),
    # Conflicts, from either side
    Row(CASE + "assessment/", NOT_BEGUN, worker_tied_to_manager, sends={}, acts=NOBODY),
    Row(CASE + "step-back/", NOT_BEGUN, worker_tied_to_manager, opens=MANAGER | SENIORS, sends=_hand_over),
    Row(
        CASE + "authorisation/",
        State.RECOMMENDED,
        service_manager_tied_to_worker,
        opens=SENIORS - SERVICE_MANAGER,
        sends=AUTHORISE,
    ),
    Row(CASE + "review/decide/", State.UNDER_APPEAL, director_tied_to_worker, sends=DISMISS, acts=NOBODY),
    # Handed over
    Row(CASE, NOT_BEGUN, handed_to_other_manager, opens=SEE_RETURNED | OTHER_MANAGER),
    Row(CASE + "assessment/", NOT_BEGUN, handed_to_other_manager, opens=OTHER_MANAGER, sends={}, empty=302),
    Row(
        CASE + "authorisation/",
        State.RECOMMENDED,
        other_manager_stands_in,  # near miss: sees the case, but stands in for somebody who does not decide
        opens=SENIORS,
        refused=OTHER_MANAGER,
        sends=AUTHORISE,
    ),
)
