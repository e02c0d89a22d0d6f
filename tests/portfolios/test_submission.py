"""Handing a portfolio in: what blocks, what is kept, and that nothing later can touch it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from people.policies import Blocked
from portfolios import freezing, policies, portfolio_transitions, selectors, transitions
from portfolios.models import Submission
from tests.council import NOW, organisation
from tests.portfolios.makers import headings_of, pdf_file, piece_of, said, upload
from tests.walk import State, application_at, portfolio_filled

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def portfolio():
    return application_at(State.DRAFT).portfolio


@pytest.fixture
def full(portfolio):
    """A portfolio with one example for every heading."""
    return portfolio_filled(portfolio.application)


def freeze(portfolio, **options):
    return portfolio_transitions.freeze(
        portfolio, **{"worked_through_with_manager": True, "now": NOW} | options
    )


@pytest.mark.rule("R7", scheme="medway-2010")
def test_every_heading_without_an_example_blocks(portfolio):
    """R7: one or more is required. R4: of 20 headings, and not of Diversity and equality."""
    missing = policies.missing_before_submission(portfolio)
    assert len(missing) == 20
    assert missing[0].sentence == "Add an example for Recording."
    assert (missing[0].url_name, missing[0].args) == ("portfolios:heading", ("recording",))
    with pytest.raises(Blocked) as blocked:
        freeze(portfolio)
    assert blocked.value.sentences == [item.sentence for item in missing]


def test_level_2_does_not_ask_for_influence_and_impact():
    """R4: Influence and impact only at Level 3."""
    place = organisation()
    place.worker.post.level = 1
    place.worker.post.spinal_point = 35
    place.worker.post.save()
    asked = [one.code for one in headings_of(application_at(State.DRAFT, worker=place.worker).portfolio)]
    assert len(asked) == 19
    assert not {"influence-and-impact", "diversity-and-equality"}.intersection(asked)


def test_drafts_do_not_stand_for_an_example(portfolio):
    piece_of(portfolio.worker, portfolio, headings_of(portfolio), as_draft=True)
    assert len(policies.missing_before_submission(portfolio)) == 20


@pytest.mark.rule("R7", scheme="medway-2010")
@pytest.mark.parametrize(("pieces", "warned"), [(1, 20), (2, 20), (3, 0), (4, 0)])
def test_fewer_than_about_three_examples_warn_and_never_block(portfolio, pieces, warned):
    """R7: fewer than three warns."""
    portfolio = portfolio_filled(portfolio.application, pieces=pieces)
    warnings = policies.warnings_before_submission(portfolio)
    assert len(warnings) == warned
    if warned:
        assert warnings[0] == f"Recording has {pieces} of about 3 examples."
    assert freeze(portfolio).number == 1


def test_the_worker_says_that_they_worked_through_it_with_the_manager(full):
    """R8."""
    with pytest.raises(Blocked, match="worked through the headings"):
        freeze(full, worked_through_with_manager=False)
    with pytest.raises(IntegrityError, match="submission_worked_through"), transaction.atomic():
        Submission.objects.create(
            portfolio=full,
            number=1,
            content={},
            sha256="",
            worked_through_with_manager=False,
            submitted_at=NOW,
        )


def test_what_is_kept(full):
    worker = full.worker
    piece = piece_of(worker, full, headings_of(full)[:1], fields=said(title="With a file"))
    attachment = transitions.attach_file(piece, worker=worker, upload=upload(pdf_file()), now=NOW)
    piece_of(worker, full, headings_of(full)[:1], fields={"title": "A draft"})
    piece_of(worker, fields=said(title="Claimed for nothing"))
    removed = piece_of(worker, full, headings_of(full)[:1], fields=said(title="Removed"))
    transitions.remove_evidence(removed, worker=worker, now=NOW)
    desirable = selectors.desirables_asked(full)[0]

    submission = freeze(full, desirables=[desirable.code])

    content = submission.content
    assert content["worker"] == {"name": worker.name, "job_title": worker.post.job_title}
    assert content["scheme"]["code"] == "medway-2010"
    assert content["step"] == {"from": "Level 2 Social Worker", "to": "Level 3 Social Worker"}
    assert content["desirables"] == [{"code": desirable.code, "label": desirable.label}]
    assert sorted(one["title"] for one in content["evidence"].values()) == ["A home visit, 1", "With a file"]
    recording = content["headings"][0]
    assert (recording["code"], recording["group"]) == ("recording", "Core skills")
    assert {criterion["level"] for criterion in recording["criteria"]} == {2, 3}
    assert content["evidence"][str(piece.pk)]["attachments"] == [
        {
            "token": str(attachment.token),
            "name": "notes.pdf",
            "size": attachment.size,
            "content_type": "application/pdf",
            "sha256": attachment.sha256,
        }
    ]
    assert submission.sha256 == freezing.fingerprint(content)
    full.refresh_from_db()
    assert not full.is_open


def test_the_fingerprint_survives_the_database_and_shows_a_change(full):
    submission = freeze(full)
    submission.refresh_from_db()
    assert selectors.submission_view(submission).intact
    submission.content["worker"]["name"] = "Somebody Else"
    assert not selectors.submission_view(submission).intact


def test_later_edits_and_removals_do_not_touch_what_was_submitted(full):
    submission = freeze(full)
    piece = full.worker.evidence.get()
    transitions.save_evidence(
        piece, worker=full.worker, base_revision=1, fields=said(title="Rewritten"), now=LATER
    )
    transitions.remove_evidence(piece, worker=full.worker, now=LATER)
    submission.refresh_from_db()
    view = selectors.submission_view(submission)
    assert view.intact
    assert {one.title for heading in view.headings for one in heading.pieces} == {"A home visit, 1"}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE portfolios_submission SET content = '{}'",
        "UPDATE portfolios_submission SET submitted_at = now()",
        "DELETE FROM portfolios_submission",
        "TRUNCATE portfolios_submission CASCADE",
    ],
)
def test_postgresql_refuses_to_change_a_submission(full, sql):
    freeze(full)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)
    assert Submission.objects.count() == 1


def test_a_portfolio_handed_in_cannot_be_handed_in_again_until_it_is_returned(full):
    freeze(full)
    with pytest.raises(Blocked, match="cannot be changed"):
        freeze(full)
    portfolio_transitions.reopen(full)
    assert freeze(full, now=LATER).number == 2


def test_reopening_counts_again_what_the_worker_did_meanwhile(full):
    freeze(full)
    transitions.remove_evidence(full.worker.evidence.get(), worker=full.worker, now=LATER)
    reopened = portfolio_transitions.reopen(full)
    reopened.refresh_from_db()
    assert (reopened.is_open, reopened.headings_shown) == (True, 0)
    assert len(policies.missing_before_submission(reopened)) == 20


def test_a_file_is_found_by_the_submission_that_holds_it_and_no_other(full):
    piece = full.worker.evidence.get()
    held = transitions.attach_file(piece, worker=full.worker, upload=upload(pdf_file("held")), now=NOW)
    submission = freeze(full)
    later = transitions.attach_file(piece, worker=full.worker, upload=upload(pdf_file("later")), now=LATER)
    assert selectors.submitted_attachment(submission, held.token) == held
    assert selectors.submitted_attachment(submission, later.token) is None
