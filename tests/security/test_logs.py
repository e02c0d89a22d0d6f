"""What a person typed does not reach a log by way of an error of the database."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string

from portfolios.models import Evidence
from tests.council import NOW, organisation
from tools.services import ALWAYS

pytestmark = pytest.mark.django_db


def test_the_row_that_broke_a_rule_is_not_in_the_log():
    worker = organisation().worker
    written = settings.LOGGING["formatters"]["line"]
    formatter = import_string(written["class"])(written["format"])
    typed = {"title": "Visit to the Marlowes\nTuesday\n\nEvening", "outcome": "Marlowe"}
    try:
        with transaction.atomic():
            Evidence.objects.create(worker=worker, kind="rumour", created_at=NOW, updated_at=NOW, **typed)
    except IntegrityError:
        fault = sys.exc_info()
    assert "Marlowe" in str(fault[1])
    line = formatter.format(logging.LogRecord("x", logging.ERROR, "x", 1, "It broke", (), fault))
    assert "Marlowe" not in line and "Evening" not in line
    assert "evidence_kind_known" in line and "IntegrityError" in line


@pytest.mark.parametrize(
    "address", ["/papers/{}/", "/testimony/{}/", "/testimony/{}/files/7/", "/account/password/new/{}/"]
)
def test_an_address_that_opens_something_by_itself_is_not_in_the_log(address):
    written = settings.LOGGING["formatters"]["line"]
    formatter = import_string(written["class"])(written["format"])
    said = f"Not Found: {address.format('1a-Secret_token-9')}"
    line = formatter.format(logging.LogRecord("x", logging.WARNING, "x", 1, said, (), None))
    assert "Secret" not in line and "token" not in line


def test_the_database_servers_own_log_quotes_no_statement():
    assert ALWAYS["log_min_error_statement"] == "panic" and ALWAYS["log_error_verbosity"] == "terse"
