"""Writing evidence: drafts and examples, the history, two tabs, the same form sent twice."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from competencies.models import Competency
from people.permissions import NotAllowed
from people.policies import Blocked
from portfolios import policies, portfolio_transitions, selectors, transitions
from portfolios.models import Claim, Evidence, EvidenceRevision, Portfolio
from tests.council import NOW, organisation
from tests.portfolios.makers import headings_of, piece_of, said
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def portfolio():
    return application_at(State.DRAFT).portfolio


@pytest.fixture
def worker(portfolio):
    return portfolio.worker


@pytest.fixture
def headings(portfolio):
    return headings_of(portfolio)


def save(piece, **options):
    return transitions.save_evidence(piece, worker=piece.worker, now=LATER, **options)


def shown(portfolio):
    portfolio.refresh_from_db()
    return portfolio.headings_shown


def claimed(portfolio, piece):
    return [claim.competency.code for claim in portfolio.claims.filter(evidence=piece)]


def revisions(piece):
    return list(piece.revisions.values_list("number", flat=True))


def test_a_finished_piece_counts_for_many_headings(portfolio, worker, headings):
    piece = piece_of(worker, portfolio, headings[:4])
    assert piece.complete
    assert claimed(portfolio, piece) == [heading.code for heading in headings[:4]]
    assert shown(portfolio) == 4


@pytest.mark.parametrize("name", transitions.NEEDED)
def test_a_piece_without_any_one_thing_is_a_draft_and_counts_for_nothing(portfolio, worker, headings, name):
    without = said() | {name: None if name == "practised_on" else ""}
    piece = piece_of(worker, portfolio, headings[:2], fields=without)
    assert not piece.complete
    assert shown(portfolio) == 0
    assert policies.examples_by_heading(portfolio)[headings[0].pk] == (0, 1)


def test_a_full_draft_counts_once_the_worker_says_it_is_finished(portfolio, worker, headings):
    piece = piece_of(worker, portfolio, headings[:1], as_draft=True)
    assert (piece.complete, shown(portfolio)) == (False, 0)
    save(piece, portfolio=portfolio, base_revision=piece.revision, fields={})
    assert shown(portfolio) == 1


def test_saving_a_finished_piece_as_a_draft_takes_it_out_of_the_count(portfolio, worker, headings):
    piece = piece_of(worker, portfolio, headings[:1])
    save(piece, base_revision=1, fields={}, as_draft=True)
    assert shown(portfolio) == 0


def test_unticking_a_heading_takes_it_out_of_the_count(portfolio, worker, headings):
    piece = piece_of(worker, portfolio, headings[:3])
    save(piece, portfolio=portfolio, base_revision=1, fields={}, competencies=headings[1:2])
    assert claimed(portfolio, piece) == [headings[1].code]
    assert shown(portfolio) == 1


def test_the_bank_needs_no_portfolio():
    worker = organisation().worker
    piece = piece_of(worker)
    assert piece.complete
    with pytest.raises(Blocked, match="no open portfolio"):
        save(piece, base_revision=1, fields={}, competencies=[Competency.objects.first()])


def test_each_save_leaves_what_the_piece_said(worker):
    piece = piece_of(worker, fields=said(title="First"))
    save(piece, base_revision=1, fields={"title": "Second"})
    assert [row.content["title"] for row in piece.revisions.all()] == ["First", "Second"]


def test_autosave_leaves_no_history_and_the_next_save_does(worker):
    piece = piece_of(worker, fields={"title": "A"})
    for revision, title in ((1, "AB"), (2, "ABC")):
        transitions.autosave_evidence(
            piece, worker=worker, base_revision=revision, fields={"title": title}, now=NOW
        )
    assert revisions(piece) == [1]
    save(piece, base_revision=3, fields={"title": "ABC"})
    assert revisions(piece) == [1, 3]


def test_autosave_never_makes_an_example_and_unmakes_one_that_loses_a_part(portfolio, worker, headings):
    draft = piece_of(worker, portfolio, headings[:1], as_draft=True)
    draft = transitions.autosave_evidence(
        draft, worker=worker, base_revision=1, fields=said(title="All there"), now=NOW
    )
    assert not draft.complete
    example = piece_of(worker, portfolio, headings[:1])
    example = transitions.autosave_evidence(
        example, worker=worker, base_revision=1, fields={"title": "Still finished"}, now=NOW
    )
    assert example.complete
    example = transitions.autosave_evidence(
        example, worker=worker, base_revision=2, fields={"outcome": ""}, now=NOW
    )
    assert not example.complete
    assert shown(portfolio) == 0


def test_a_stale_save_is_refused_with_the_other_text_and_writes_nothing(worker):
    piece = piece_of(worker, fields=said(title="As it was"))
    save(piece, base_revision=1, fields={"title": "From the other tab"})
    with pytest.raises(transitions.StaleSave) as stale:
        save(piece, base_revision=1, fields={"title": "From this tab"})
    assert stale.value.theirs.title == "From the other tab"
    assert stale.value.theirs.revision == 2
    piece.refresh_from_db()
    assert piece.title == "From the other tab"
    assert revisions(piece) == [1, 2]


def test_a_stale_autosave_is_refused_too(worker):
    piece = piece_of(worker)
    save(piece, base_revision=1, fields={"title": "From the other tab"})
    with pytest.raises(transitions.StaleSave):
        transitions.autosave_evidence(piece, worker=worker, base_revision=1, fields={"title": "x"}, now=NOW)


def test_a_stale_change_of_headings_is_refused(portfolio, worker, headings):
    piece = piece_of(worker, portfolio, headings[:1])
    transitions.claim_from_bank(portfolio, worker=worker, wanted={headings[5]: [piece.pk]}, now=NOW)
    with pytest.raises(transitions.StaleSave) as stale:
        save(piece, portfolio=portfolio, base_revision=1, fields={}, competencies=headings[:1])
    assert stale.value.theirs.claimed == {headings[0].pk, headings[5].pk}


def test_saving_what_is_there_already_is_never_stale(worker):
    piece = piece_of(worker, fields=said(title="As it was"))
    save(piece, base_revision=1, fields={"title": "The same in both tabs"})
    again = save(piece, base_revision=1, fields={"title": "The same in both tabs"})
    assert again.revision == 2
    assert revisions(piece) == [1, 2]


def test_overruling_keeps_what_is_written_over(worker):
    piece = piece_of(worker, fields=said(title="As it was"))
    transitions.autosave_evidence(
        piece, worker=worker, base_revision=1, fields={"title": "Only autosaved"}, now=NOW
    )
    save(piece, base_revision=1, fields={"title": "Mine"}, overrule=True)
    assert [row.content["title"] for row in piece.revisions.all()] == ["As it was", "Only autosaved", "Mine"]


def test_a_new_form_sent_twice_makes_one_piece(portfolio, worker, headings):
    key, fields = uuid.uuid4(), said()
    first, second = (
        piece_of(worker, portfolio, headings[:2], key=key, fields=fields) for _ in ("first", "second")
    )
    assert first.pk == second.pk
    assert Evidence.objects.count() == 1
    assert revisions(first) == [1]


def test_a_new_form_sent_twice_with_other_words_is_stale_and_not_a_second_piece(worker):
    key = uuid.uuid4()
    piece_of(worker, key=key, fields={"title": "First"})
    with pytest.raises(transitions.StaleSave):
        piece_of(worker, key=key, fields={"title": "Second"})
    assert Evidence.objects.get().title == "First"


def test_two_workers_forms_may_have_the_same_key(worker):
    key = uuid.uuid4()
    assert piece_of(worker, key=key) != piece_of(organisation().worker, key=key)


def test_only_a_social_worker_in_post_keeps_evidence(worker):
    with pytest.raises(NotAllowed):
        piece_of(worker.post.team.manager)


def test_another_workers_piece_is_not_there_to_save_or_remove(worker):
    theirs = piece_of(organisation().worker)
    for act in (
        lambda: transitions.save_evidence(theirs, worker=worker, base_revision=1, fields={}, now=NOW),
        lambda: transitions.autosave_evidence(theirs, worker=worker, base_revision=1, fields={}, now=NOW),
        lambda: transitions.remove_evidence(theirs, worker=worker, now=NOW),
        lambda: transitions.remove_attachments(theirs, worker=worker, tokens=[], now=NOW),
    ):
        with pytest.raises(Evidence.DoesNotExist):
            act()


def test_another_workers_portfolio_cannot_be_claimed_towards(worker):
    theirs = application_at(State.DRAFT).portfolio
    with pytest.raises(NotAllowed):
        piece_of(worker, theirs, headings_of(theirs)[:1])


@pytest.mark.rule("R4", scheme="medway-2010")
def test_a_heading_that_is_not_asked_cannot_be_claimed(portfolio, worker):
    """R4: Diversity and equality is the manager's to declare."""
    diversity = Competency.objects.get(scheme=portfolio.step.scheme, code="diversity-and-equality")
    with pytest.raises(Blocked, match="does not ask"):
        piece_of(worker, portfolio, [diversity])
    assert not Evidence.objects.exists()


def test_a_closed_portfolio_takes_no_claim_and_leaves_the_bank_open(portfolio, worker, headings):
    piece = piece_of(worker, portfolio, headings[:1])
    portfolio_transitions.close(portfolio)
    with pytest.raises(Blocked, match="cannot be changed"):
        save(piece, portfolio=portfolio, base_revision=1, fields={}, competencies=headings[:2])
    assert save(piece, base_revision=1, fields={"title": "Better"}).title == "Better"


@pytest.mark.rule("R27", scheme="redbridge-2013")
def test_a_heading_takes_only_its_kinds_of_evidence():
    """R27: case studies for some of the criteria."""
    portfolio = application_at(State.DRAFT, scheme="redbridge-2013").portfolio
    headings = {heading.code: heading for heading in headings_of(portfolio)}
    court = headings["court-work-and-legislation"]
    told = piece_of(portfolio.worker, portfolio, [court], fields=said(kind="training record"))
    assert not told.complete
    assert policies.kind_refusals(portfolio, "training record", [court.pk]) == [
        "Court work and legislation takes a case study, not a training record"
    ]
    study = piece_of(portfolio.worker, portfolio, [court], fields=said(kind="case study"))
    assert study.complete
    assert shown(portfolio) == 1


def test_using_a_piece_again_counts_it_for_one_heading_more(portfolio, worker, headings):
    own = piece_of(worker, portfolio, headings[:1])
    theirs = piece_of(organisation().worker)
    used = transitions.claim_from_bank(
        portfolio, worker=worker, wanted={headings[3]: [own.pk, theirs.pk]}, now=NOW
    )
    assert used == [own]
    assert shown(portfolio) == 2
    assert own.revisions.last().content["headings"] == sorted([headings[0].pk, headings[3].pk])
    assert not Claim.objects.filter(evidence=theirs).exists()


def test_a_removed_piece_counts_no_more_and_cannot_be_saved(portfolio, worker, headings):
    piece = piece_of(worker, portfolio, headings[:2])
    transitions.remove_evidence(piece, worker=worker, now=NOW)
    assert shown(portfolio) == 0
    assert selectors.own_piece(worker, piece.pk) is None
    with pytest.raises(Evidence.DoesNotExist):
        save(piece, base_revision=1, fields={"title": "Back"})


def test_desirables_are_recorded_and_only_those_of_the_step(portfolio, worker):
    """R6: shown and recorded, never blocking."""
    known = [desirable.code for desirable in selectors.desirables_asked(portfolio)]
    portfolio_transitions.declare_desirables(portfolio, worker=worker, codes=[known[0], "made-up"])
    portfolio.refresh_from_db()
    assert portfolio.desirables == [known[0]]


def test_a_worker_has_one_portfolio_open(portfolio, worker):
    with pytest.raises(Blocked, match="already have a portfolio open"):
        portfolio_transitions.open_portfolio(worker=worker, step=portfolio.step, now=NOW)
    with pytest.raises(IntegrityError, match="portfolio_one_open_a_worker"), transaction.atomic():
        Portfolio.objects.create(worker=worker, step=portfolio.step, created_at=NOW)


BROKEN = {
    "evidence_complete_has_everything": {"outcome": ""},
    "evidence_kind_known": {"kind": "rumour"},
    "evidence_removed_counts_for_nothing": {"removed_at": NOW},
}


@pytest.mark.parametrize("constraint", BROKEN)
def test_postgresql_holds_the_law_of_evidence(worker, constraint):
    piece = piece_of(worker)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Evidence.objects.filter(pk=piece.pk).update(**BROKEN[constraint])


def test_postgresql_lets_no_more_headings_be_shown_than_are_asked(portfolio):
    with pytest.raises(IntegrityError, match="portfolio_shows_no_more"), transaction.atomic():
        Portfolio.objects.filter(pk=portfolio.pk).update(headings_shown=21)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE portfolios_evidencerevision SET content = '{}'",
        "DELETE FROM portfolios_evidencerevision",
        "TRUNCATE portfolios_evidencerevision",
    ],
)
def test_the_history_of_evidence_is_append_only(worker, sql):
    piece_of(worker)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)
    assert EvidenceRevision.objects.count() == 1
