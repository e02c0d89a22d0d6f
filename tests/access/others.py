"""Rows of the table for what is another's, or nobody's, under an address that is otherwise one's own: 404."""

from portfolios.models import Evidence
from progression.states import State
from tests.access.cast import (
    BEING_ASSESSED,
    MANAGER,
    NOBODY,
    NOT_BEGUN,
    PAYROLL,
    SEE_CASE,
    SEE_RETURNED,
    SIGNED_IN,
    WORKER,
)
from tests.access.row import CASE, PAY, Row
from tests.access.sent import EXAMPLE

SENT_BEFORE = {"key": "6f2d6f2c-3d29-4f83-9a0e-0d5d1b2f6c11", "revision": "1"}
UNKNOWN, TOO_LARGE, NUL = "no-such-thing", 10**30, "%00"
FROM_REDBRIDGE = {"code": "working-with-children"}


def _file_of_a_draft(world):
    return {"token": world.file_of(State.DRAFT).token}


def _file_of_another(world):
    return {"token": world.file_of(NOT_BEGUN).token}


def _piece_of_another(world):
    return {"pk": world.file_of(NOT_BEGUN).evidence_id}


def _pieces_of_another(case):
    return {"pieces": [str(piece.pk) for piece in Evidence.objects.exclude(worker=case.worker)]}


ROWS = (
    Row("evidence/<int:pk>/", absent=WORKER, args=_piece_of_another),
    Row("evidence/<int:pk>/", absent=WORKER, args={"pk": TOO_LARGE}),
    Row("evidence/<int:pk>/edit/", absent=WORKER, sends=EXAMPLE | SENT_BEFORE, args=_piece_of_another),
    Row("evidence/<int:pk>/edit/", absent=WORKER, sends=EXAMPLE | SENT_BEFORE, args={"pk": TOO_LARGE}),
    Row(
        "evidence/<int:pk>/autosave/",
        post_only=True,
        absent=WORKER,
        sends=EXAMPLE | SENT_BEFORE,
        acts=NOBODY,
        args=_piece_of_another,
    ),
    Row("evidence/<int:pk>/remove/", absent=WORKER, sends={}, args=_piece_of_another),
    Row("evidence/<int:pk>/attachments/<uuid:token>/", absent=WORKER, args=_file_of_another),
    Row("evidence/<int:pk>/attachments/<uuid:token>/", absent=WORKER, args=_piece_of_another),
    Row("portfolio/<slug:code>/", absent=WORKER, args=FROM_REDBRIDGE),
    Row("portfolio/<slug:code>/from-your-evidence/", absent=WORKER, sends={}, args=FROM_REDBRIDGE),
    Row(
        "portfolio/<slug:code>/from-your-evidence/",
        opens=WORKER,
        sends=_pieces_of_another,
        then=200,
        keeps=False,
    ),
    Row("framework/<slug:code>/level-<int:level>/", absent=SIGNED_IN, args={"code": UNKNOWN}),
    Row(
        "framework/<slug:code>/level-<int:level>/",
        absent=SIGNED_IN,
        args={"code": "medway-2010", "level": TOO_LARGE},
    ),
    Row(
        "framework/<slug:code>/version-<int:version>/level-<int:level>/",
        absent=SIGNED_IN,
        args={"code": "medway-2010", "version": TOO_LARGE},
    ),
    Row(CASE, absent=SEE_CASE, args={"reference": NUL}),
    Row(CASE, absent=SEE_CASE, args={"reference": UNKNOWN}),
    Row(CASE + "attachments/<uuid:token>/", NOT_BEGUN, absent=SEE_RETURNED, args=_file_of_a_draft),
    Row(
        CASE + "attachments/<uuid:token>/", State.SENT_TO_PAYROLL, absent=SEE_RETURNED, args=_file_of_another
    ),
    Row(CASE + "portfolio/<int:number>/", NOT_BEGUN, absent=SEE_RETURNED, args={"number": 3}),
    Row(CASE + "portfolio/<int:number>/", NOT_BEGUN, absent=SEE_RETURNED, args={"number": TOO_LARGE}),
    Row(CASE + "assessment/<slug:code>/", BEING_ASSESSED, absent=MANAGER, sends={}, args=FROM_REDBRIDGE),
    Row(PAY, State.SENT_TO_PAYROLL, absent=PAYROLL, args={"reference": UNKNOWN}),
    Row(
        PAY + "<int:version>/<slug:kind>/",
        State.SENT_TO_PAYROLL,
        post_only=True,
        absent=PAYROLL,
        acts=NOBODY,
        sends={},
        args={"version": 2},
    ),
    Row(
        PAY + "<int:version>/<slug:kind>/",
        State.SENT_TO_PAYROLL,
        post_only=True,
        absent=PAYROLL,
        acts=NOBODY,
        sends={},
        args={"version": TOO_LARGE, "kind": UNKNOWN},
    ),
)
