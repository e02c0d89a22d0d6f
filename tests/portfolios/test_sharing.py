"""What a worker shares before submission, with whom, and what is said there. R40."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from people.models import Team
from people.permissions import NotAllowed
from people.policies import Blocked
from portfolios import sharing_permissions as permissions
from portfolios import sharing_selectors as selectors
from portfolios import sharing_transitions as transitions
from portfolios import transitions as portfolios
from portfolios.models import Comment, Evidence, Sharing
from portfolios.news_selectors import news_of
from tests import standing_in, walk
from tests.council import organisation, with_rules
from tests.portfolios.makers import piece_of, said
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
SECRET = "A title that nobody else reads"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def place():
    with_rules("medway-2010")
    return organisation()


@pytest.fixture
def piece(place, now):
    return piece_of(place.worker, fields=said(title=SECRET), now=now)


def fresh(piece):
    return selectors.piece_of(piece.worker_id, piece.pk)


def reads(user, piece, today):
    return permissions.reads_shared(user, fresh(piece), today=today)


def comment(piece, actor, text="What did she say?", *, now, key=None):
    today = timezone.localdate(now)
    key = key or uuid.uuid4()
    return transitions.comment(piece, actor=actor, text=text, key=key, now=now, today=today)


def hand_over(team, manager):
    Team.objects.filter(pk=team.pk).update(manager=manager)


class TestWhoReads:
    @pytest.mark.parametrize("as_draft", [True, False], ids=["a draft", "finished"])
    def test_nobody_before_it_is_shared_and_nobody_after_it_is_stopped(self, place, now, today, as_draft):
        piece = piece_of(place.worker, as_draft=as_draft, now=now)
        assert not reads(place.manager, piece, today)
        transitions.share(piece, actor=place.worker, now=now)
        assert reads(place.manager, piece, today)
        for other in (place.other_manager, place.service_manager, place.head, place.colleague):
            assert not reads(other, piece, today)
        transitions.stop_sharing(place.worker, actor=place.worker, piece=piece, now=now)
        assert not reads(place.manager, piece, today)

    def test_the_next_manager_is_not_let_in_by_it_nor_the_one_before(self, place, piece, now, today):
        transitions.share(piece, actor=place.worker, now=now)
        hand_over(place.team, place.other_manager)
        assert not reads(place.manager, piece, today)
        assert not reads(place.other_manager, piece, today)
        readers = selectors.readers_of(fresh(piece))
        assert (readers.shared, readers.before) == (False, place.manager.name)
        transitions.share(fresh(piece), actor=fresh(piece).worker, now=now)
        assert reads(place.other_manager, piece, today)
        assert Sharing.objects.filter(ended_at=None).get().shared_with == place.other_manager

    def test_a_stand_in_reads_while_they_stand_in(self, place, piece, now, today):
        transitions.share(piece, actor=place.worker, now=now)
        delegation = standing_in.away(place.manager, place.other_manager)
        assert reads(place.other_manager, piece, today)
        standing_in.back(delegation)
        assert not reads(place.other_manager, piece, today)

    @pytest.mark.parametrize("declares", ["worker", "manager"])
    def test_a_conflict_of_interest_ends_it_and_bars_the_next(self, place, piece, now, today, declares):
        transitions.share(piece, actor=place.worker, now=now)
        sides = [place.worker, place.manager]
        tie = standing_in.tied(*(sides if declares == "worker" else reversed(sides)))
        assert not reads(place.manager, piece, today)
        assert not permissions.reads_progress(place.manager, fresh(piece).worker, today=today)
        with pytest.raises(NotAllowed, match="conflict of interest"):
            transitions.share(piece, actor=place.worker, now=now)
        standing_in.untied(tie)
        assert reads(place.manager, piece, today)

    def test_a_piece_that_was_removed_is_gone_for_both(self, place, piece, now):
        transitions.share(piece, actor=place.worker, now=now)
        portfolios.remove_evidence(piece, worker=place.worker, now=now)
        assert fresh(piece) is None and selectors.shared_by(place.worker, page=1).paginator.count == 0

    def test_only_its_worker_shares_it(self, place, piece, now):
        for other in (place.manager, place.colleague):
            with pytest.raises(NotAllowed):
                transitions.share(piece, actor=other, now=now)
            with pytest.raises(NotAllowed):
                transitions.stop_sharing(place.worker, actor=other, now=now)


class TestEverythingFinished:
    def test_drafts_and_what_is_finished_later_stay_ones_own(self, place, now, today):
        finished = [piece_of(place.worker, now=now) for _ in range(3)]
        draft = piece_of(place.worker, as_draft=True, now=now)
        of_colleague = piece_of(place.colleague, now=now)
        transitions.share(finished[0], actor=place.worker, now=now)
        assert selectors.finished_not_shared(place.worker) == 2
        assert transitions.share_finished(place.worker, actor=place.worker, now=now) == 2
        later = piece_of(place.worker, now=now)
        assert all(reads(place.manager, one, today) for one in finished)
        assert not any(reads(place.manager, one, today) for one in (draft, later, of_colleague))
        assert transitions.share_finished(place.worker, actor=place.worker, now=now) == 1

    def test_all_of_it_is_stopped_at_once(self, place, now, today):
        pieces = [piece_of(place.worker, now=now) for _ in range(2)]
        other = piece_of(place.colleague, now=now)
        transitions.share_finished(place.worker, actor=place.worker, now=now)
        transitions.share(other, actor=place.colleague, now=now)
        assert transitions.stop_sharing(place.worker, actor=place.worker, now=now) == 2
        assert not any(reads(place.manager, one, today) for one in pieces)
        assert reads(place.manager, other, today)


class TestTheThread:
    def test_it_is_dated_and_in_order_and_signed_with_both_names(self, place, piece, now):
        transitions.share(piece, actor=place.worker, now=now)
        standing_in.away(place.manager, place.other_manager)
        comment(piece, place.manager, "What did she say?", now=now - timedelta(days=2))
        comment(piece, place.worker, "I will add it.", now=now - timedelta(days=1))
        comment(piece, place.other_manager, "Well told now.", now=now)
        thread = selectors.thread_of(piece)
        assert [(one.author, one.on_behalf_of, one.text) for one in thread] == [
            (place.manager, None, "What did she say?"),
            (place.worker, None, "I will add it."),
            (place.other_manager, place.manager, "Well told now."),
        ]
        assert [(now - one.written_at).days for one in thread] == [2, 1, 0]

    def test_sent_twice_it_is_there_once_and_the_same_words_twice_are_two(self, place, piece, now):
        transitions.share(piece, actor=place.worker, now=now)
        key = uuid.uuid4()
        for _ in range(2):
            comment(piece, place.manager, "Thank you.", now=now, key=key)
        comment(piece, place.manager, "Thank you.", now=now)
        assert Comment.objects.count() == 2

    def test_nobody_else_and_nobody_on_what_is_not_shared(self, place, piece, now):
        with pytest.raises(NotAllowed):
            comment(piece, place.manager, now=now)
        with pytest.raises(Blocked, match="nobody would read"):
            comment(piece, place.worker, now=now)
        transitions.share(piece, actor=place.worker, now=now)
        for other in (place.other_manager, place.service_manager, place.colleague, place.administrator):
            with pytest.raises(NotAllowed):
                comment(piece, other, now=now)

    def test_what_is_new_to_each_side(self, place, piece, now, today):
        transitions.share(piece, actor=place.worker, now=now)
        first = comment(piece, place.manager, now=now)
        assert news_of(place.worker, now=now).new_comments == 1
        assert selectors.new_for_manager(place.manager) == 0
        comment(piece, place.worker, "I will add it.", now=now)
        assert news_of(place.worker, now=now).new_comments == 0, "whoever answers has read it"
        assert selectors.new_for_manager(place.manager) == 1
        assert selectors.new_for_manager(place.other_manager) == 0
        last = comment(piece, place.worker, "And a file.", now=now)
        transitions.mark_read(piece, actor=place.manager, up_to=last.pk - 1, today=today)
        assert selectors.new_for_manager(place.manager) == 1
        transitions.mark_read(piece, actor=place.manager, up_to=10**15, today=today)
        transitions.mark_read(piece, actor=place.manager, up_to=first.pk, today=today)
        assert selectors.new_for_manager(place.manager) == 0, "nothing becomes unread"

    def test_a_stand_in_reads_for_the_manager(self, place, piece, now, today):
        transitions.share(piece, actor=place.worker, now=now)
        said = comment(piece, place.worker, now=now)
        standing_in.away(place.manager, place.other_manager)
        transitions.mark_read(piece, actor=place.other_manager, up_to=said.pk, today=today)
        assert selectors.new_for_manager(place.manager) == 0

    def test_after_submission_it_is_closed_and_stays_to_read(self, place, now, today):
        """Closed for what was frozen: once it is changed, or the portfolio is back, it is open again."""
        draft = application_at(State.DRAFT, worker=place.worker, now=now)
        walk.portfolio_filled(draft, now=now)
        pieces = list(Evidence.objects.filter(worker=place.worker))
        for one in pieces:
            transitions.share(one, actor=place.worker, now=now)
        other = piece_of(place.worker, now=now)
        transitions.share(other, actor=place.worker, now=now)
        comment(pieces[0], place.manager, "Ready, I think.", now=now)
        submitted = walk.submitted(draft, now=now)
        for actor in (place.manager, place.worker):
            with pytest.raises(Blocked, match="takes no more comments"):
                comment(pieces[0], actor, now=now)
        assert reads(place.manager, pieces[0], today) and len(selectors.thread_of(pieces[0])) == 1
        comment(other, place.manager, "Not handed in.", now=now)
        portfolios.save_evidence(
            pieces[-1],
            worker=place.worker,
            base_revision=pieces[-1].revision,
            fields=said(title="Changed since"),
            now=now + timedelta(minutes=5),
        )
        comment(pieces[-1], place.manager, "Better.", now=now)
        walk.returned(submitted, now=now)
        comment(pieces[0], place.manager, "Say more of the plan.", now=now)


def _delete(model):
    """Past Django, which looks for what hangs on it first."""
    model.objects.all()._raw_delete(model.objects.db)


class TestTheDatabase:
    def test_comments_are_append_only(self, place, piece, now):
        transitions.share(piece, actor=place.worker, now=now)
        comment(piece, place.manager, now=now)
        for change in (lambda: Comment.objects.update(text="x"), lambda: _delete(Comment)):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()

    @pytest.mark.parametrize(
        ("wrong", "law"),
        [
            ({"text": ""}, "comment_says_something"),
            ({"author": "manager", "on_behalf_of": "manager"}, "comment_for_somebody_else"),
            ({"author": "worker", "on_behalf_of": "manager"}, "stands in for nobody"),
        ],
    )
    def test_it_knows_what_a_comment_is(self, place, piece, now, wrong, law):
        transitions.share(piece, actor=place.worker, now=now)
        people = {name: getattr(place, who) for name, who in wrong.items() if name != "text"}
        said = {"author": place.manager, "text": "x", "written_at": now} | wrong | people
        with pytest.raises((IntegrityError, DatabaseError), match=law), transaction.atomic():
            Comment.objects.create(evidence=piece, **said)

    def test_no_comment_on_what_is_not_shared(self, place, piece, now):
        """Whatever the code above it believes."""
        transitions.share(piece, actor=place.worker, now=now)
        transitions.stop_sharing(place.worker, actor=place.worker, piece=piece, now=now)
        with pytest.raises(DatabaseError, match="is not shared"), transaction.atomic():
            Comment.objects.create(evidence=piece, author=place.manager, text="x", written_at=now)

    def test_a_sharing_stays_as_it_was_and_ends_once(self, place, piece, now):
        transitions.share(piece, actor=place.worker, now=now)
        shared = Sharing.objects.all()
        for change in (
            lambda: shared.update(shared_with=place.other_manager),
            lambda: shared.update(shared_at=now - timedelta(days=1)),
            lambda: shared.delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        shared.update(ended_at=now)
        with pytest.raises(DatabaseError, match="ended_at is fixed"), transaction.atomic():
            shared.update(ended_at=None)

    def test_one_at_a_time_and_not_with_oneself(self, place, piece, now):
        transitions.share(piece, actor=place.worker, now=now)
        with pytest.raises(IntegrityError, match="sharing_one_open_a_piece"), transaction.atomic():
            Sharing.objects.create(evidence=piece, shared_with=place.other_manager, shared_at=now)
        other = piece_of(place.worker, now=now)
        with pytest.raises(DatabaseError, match="with themselves"), transaction.atomic():
            Sharing.objects.create(evidence=other, shared_with=place.worker, shared_at=now)
