"""What was handed in stays: the database itself keeps the rows of files that a submission holds."""

import pytest
from django.db import DatabaseError, connection, transaction

from portfolios import tasks, transitions
from portfolios.models import Attachment
from tests.council import NOW, organisation
from tests.portfolios.makers import pdf_file, upload
from tests.walk import portfolio_filled, started, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def held():
    """A file that a submission holds."""
    application = started(organisation().worker)
    portfolio_filled(application)
    piece = application.worker.evidence.first()
    file = transitions.attach_file(
        piece, worker=application.worker, upload=upload(pdf_file(), "notes.pdf"), now=NOW
    )
    submitted(application)
    file.refresh_from_db()
    assert file.submitted_at
    return file


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM portfolios_attachment",
        "TRUNCATE portfolios_attachment CASCADE",
        "UPDATE portfolios_attachment SET stored_as = 'ab/other'",
        "UPDATE portfolios_attachment SET sha256 = repeat('0', 64)",
        "UPDATE portfolios_attachment SET submitted_at = NULL",
        "UPDATE portfolios_attachment SET name = 'other.pdf'",
    ],
)
def test_a_file_handed_in_can_be_neither_changed_nor_lost(held, statement):
    with pytest.raises(DatabaseError, match="portfolios_attachment"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Attachment.objects.get(pk=held.pk).sha256 == held.sha256


def test_its_worker_may_still_take_it_off_their_evidence(held):
    transitions.remove_attachments(held.evidence, worker=held.evidence.worker, tokens=[held.token], now=NOW)
    tasks.sweep_attachments()
    assert Attachment.objects.get(pk=held.pk).removed_at == NOW
