"""Rows of the table for what somebody has put together to keep: each person's own, of what they may read."""

import tempfile
from pathlib import Path

from portfolios import pack_transitions, working
from portfolios.models import Pack, PackKind
from portfolios.pack_transitions import Wanted
from tests.access.cast import NOT_BEGUN, SEE_CASE, SEE_RETURNED, WORKER, WORKERS
from tests.access.row import CASE, Row

PACK = CASE + "portfolio/<int:number>/pack/"
FIRST = {"number": 1}


def _made(world, person, wanted):
    pack_transitions.ask_for(wanted, actor=person, now=world.now)
    pack = working.claim(Pack, now=world.now)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pack.pdf"
        path.write_bytes(b"%PDF-1.7 a pack")
        pack_transitions.keep(pack, path, pages=1, now=world.now)


def _first_of(case):
    return Wanted(PackKind.SUBMISSION, submission=case.portfolio.submissions.get(number=1))


def a_pack_is_made(world, case):
    """Of the worker's open portfolio, for the worker."""
    _made(world, case.worker, Wanted(PackKind.PORTFOLIO, portfolio=case.portfolio))


def everybody_has_a_pack(world, case):
    """Everybody who may see the case had the submission put together for themselves."""
    for who in SEE_RETURNED:
        _made(world, world.person(who, case), _first_of(case))


def the_worker_has_a_pack(world, case):
    """The worker alone did: that makes none for anybody else."""
    _made(
        world, case.worker, Wanted(PackKind.SUBMISSION, submission=case.portfolio.submissions.get(number=1))
    )


def everybody_has_an_export(world, case):
    """Every worker of their own."""
    for who in WORKERS:
        _made(world, world.person(who, case), Wanted(PackKind.EXPORT))


def the_worker_has_an_export(world, case):
    """The worker alone: that is nobody else's."""
    _made(world, case.worker, Wanted(PackKind.EXPORT))


ROWS = (
    Row("evidence/export/", opens=WORKERS, sends={}, empty=302),
    Row("evidence/export/state/", opens=WORKERS),
    Row("evidence/export/file/", given=everybody_has_an_export, opens=WORKERS),
    Row("evidence/export/file/", given=the_worker_has_an_export, opens=WORKER, absent=WORKERS - WORKER),
    Row("evidence/import/", opens=WORKERS, sends={}, then=200, keeps=False),
    Row("evidence/import/state/", opens=WORKERS),
    Row("portfolio/pack/", opens=WORKER, sends={}, empty=302),
    Row("portfolio/pack/", NOT_BEGUN, absent=WORKER, sends={}),
    Row("portfolio/pack/state/", opens=WORKER),
    Row("portfolio/pack/file/", given=a_pack_is_made, opens=WORKER),
    Row("portfolio/pack/file/", absent=WORKER),
    Row(PACK, NOT_BEGUN, opens=SEE_RETURNED, sends={}, empty=302, args=FIRST),
    Row(PACK, absent=SEE_CASE, sends={}, args=FIRST),
    Row(PACK + "state/", NOT_BEGUN, opens=SEE_RETURNED, args=FIRST),
    Row(PACK + "file/", NOT_BEGUN, everybody_has_a_pack, opens=SEE_RETURNED, args=FIRST),
    Row(
        PACK + "file/",
        NOT_BEGUN,
        the_worker_has_a_pack,
        opens=WORKER,
        absent=SEE_RETURNED - WORKER,
        args=FIRST,
    ),
)
