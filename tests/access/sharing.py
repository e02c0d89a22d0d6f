"""Rows of the table for self-assessment, sharing, comments and progress: the worker's and their manager's."""

from uuid import uuid4

from competencies.models import Criterion
from people.models import Team
from portfolios import sharing_transitions as transitions
from progression.states import State
from tests import standing_in
from tests.access import given
from tests.access.cast import COLLEAGUE, MANAGER, NOBODY, OTHER_MANAGER, WORKER, WORKERS
from tests.access.row import Row
from tests.portfolios.makers import piece_of, said

PIECE, FILE = "evidence/<int:pk>/", "attachments/<uuid:token>/"
TEAM, SHARED = "team/<int:worker>/progress/", "team/<int:worker>/evidence/<int:pk>/"
RECORDING = {"code": "recording"}
TOO_LARGE = {"pk": 10**30}


def _stands(case):
    """Every criterion of the heading, of whichever step the reader's is."""
    criteria = Criterion.objects.filter(competency__code="recording").values_list("pk", flat=True)
    return {f"stand_{pk}": "doing" for pk in criteria}


def _comment(case):
    return {"text": "What did she say to that?", "key": str(uuid4())}


def _unfinished(world):
    """A draft of the worker of the case, that nobody else may read."""
    worker = world.case(State.DRAFT).worker
    return piece_of(worker, fields=said(title="Not shared"), as_draft=True, now=world.now)


def _shared(world):
    """A finished piece of theirs, with a file, that they share with the manager of their team."""
    piece = world.file_of(State.DRAFT).evidence
    transitions.share(piece, actor=piece.worker, now=world.now)
    return piece


def own(world):
    return {"pk": world.file_of(State.DRAFT).evidence_id}


def own_shared(world):
    return {"pk": _shared(world).pk}


def of_colleague(world):
    return {"pk": piece_of(world.place.colleague, now=world.now).pk}


def shared(world):
    return {"pk": _shared(world).pk}


def not_shared(world):
    return {"pk": _unfinished(world).pk}


def finished_and_not_shared(world):
    return own(world)


def no_longer_shared(world):
    piece = _shared(world)
    transitions.stop_sharing(piece.worker, actor=piece.worker, piece=piece, now=world.now)
    return {"pk": piece.pk}


def shared_by_colleague(world):
    """Under the address of the worker of the case."""
    piece = piece_of(world.place.colleague, now=world.now)
    transitions.share(piece, actor=piece.worker, now=world.now)
    return {"pk": piece.pk}


def shared_with_the_manager_before(world):
    """Near miss: the team changes hands after it was shared, and comes back to nobody by itself."""
    piece = _shared(world)
    Team.objects.filter(pk=world.place.team.pk).update(manager=world.place.other_manager)
    return {"pk": piece.pk}


def _file(world):
    return {"token": world.file_of(State.DRAFT).token}


def a_shared_file(world):
    return shared(world) | _file(world)


def a_file_not_shared(world):
    return own(world) | _file(world)


def a_file_of_another_shared_piece(world):
    piece = piece_of(world.case(State.DRAFT).worker, now=world.now)
    transitions.share(piece, actor=piece.worker, now=world.now)
    return {"pk": piece.pk} | _file(world)


def other_manager_stands_in(world, case):
    standing_in.away(world.place.manager, world.place.other_manager)


def other_manager_stood_in(world, case):
    """Near miss: until a moment ago."""
    standing_in.back(standing_in.away(world.place.manager, world.place.other_manager))


def manager_tied_to_worker(world, case):
    standing_in.tied(world.place.manager, case.worker)


def team_changed_hands(world, case):
    """Near miss for the manager before."""
    case.team.manager = world.place.other_manager
    case.team.save()


ROWS = (
    # The worker's own
    Row("self-assessment/", opens=WORKERS),
    Row("self-assessment/<slug:code>/", opens=WORKERS, sends=_stands, args=RECORDING),
    Row("self-assessment/<slug:code>/", args={"code": "working-with-children"}),
    Row("evidence/sharing/", opens=WORKERS),
    Row("evidence/sharing/finished/", opens=WORKERS, sends={}, empty=302, keeps=False),
    Row("evidence/sharing/stop/", opens=WORKERS, sends={}, empty=302, keeps=False),
    Row(PIECE + "share/", post_only=True, sends={}, acts=WORKER, empty=302, args=own),
    Row(PIECE + "share/", post_only=True, sends={}, acts=COLLEAGUE, empty=302, args=of_colleague),
    Row(PIECE + "stop-sharing/", post_only=True, sends={}, acts=WORKER, empty=302, args=own_shared),
    Row(
        PIECE + "stop-sharing/",
        post_only=True,
        sends={},
        acts=COLLEAGUE,
        empty=302,
        args=of_colleague,
        keeps=False,
    ),
    Row(PIECE + "comments/", opens=WORKER, sends=_comment, args=own_shared),
    Row(PIECE + "comments/", opens=WORKER, sends=_comment, acts=NOBODY, act_blocked=WORKER, args=own),
    Row(PIECE + "comments/", absent=WORKER, opens=COLLEAGUE, args=of_colleague),
    Row(PIECE + "comments/read/", post_only=True, sends={}, acts=WORKER, empty=302, args=own, keeps=False),
    # The manager's: not another's, nor the one's before, nor the seniors' of the service
    Row(TEAM, opens=MANAGER),
    Row(TEAM, State.DRAFT, team_changed_hands, opens=OTHER_MANAGER, absent=MANAGER),
    Row(TEAM, State.DRAFT, other_manager_stands_in, opens=MANAGER | OTHER_MANAGER),
    Row(TEAM, State.DRAFT, other_manager_stood_in, opens=MANAGER),
    Row(TEAM, State.DRAFT, manager_tied_to_worker, absent=MANAGER),
    Row(TEAM, State.DRAFT, given.worker_now_manages_the_team),
    Row(TEAM, args={"worker": 10**30}),
    Row(SHARED, opens=MANAGER, sends=_comment, args=shared),
    Row(
        SHARED,
        State.DRAFT,
        other_manager_stands_in,
        opens=MANAGER | OTHER_MANAGER,
        sends=_comment,
        args=shared,
    ),
    Row(SHARED, State.DRAFT, manager_tied_to_worker, absent=MANAGER, args=shared),
    Row(SHARED, absent=MANAGER, args=not_shared),
    Row(SHARED, absent=MANAGER, args=finished_and_not_shared),
    Row(SHARED, absent=MANAGER, args=no_longer_shared),
    Row(SHARED, absent=MANAGER, args=shared_by_colleague),
    Row(SHARED, absent=MANAGER | OTHER_MANAGER, args=shared_with_the_manager_before),
    Row(SHARED, absent=MANAGER, args=TOO_LARGE),
    Row(SHARED + "read/", post_only=True, sends={}, acts=MANAGER, empty=302, args=shared, keeps=False),
    Row(SHARED + "read/", post_only=True, sends={}, acts=NOBODY, absent=MANAGER, args=not_shared),
    Row(SHARED + FILE, opens=MANAGER, args=a_shared_file),
    Row(SHARED + FILE, absent=MANAGER, args=a_file_not_shared),
    Row(SHARED + FILE, absent=MANAGER, args=a_file_of_another_shared_piece),
)
