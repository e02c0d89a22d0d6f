"""What a person typed does not reach a log by way of an error of the database."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils.module_loading import import_string

from config.celery import app
from portfolios.models import Evidence
from tests.council import NOW, organisation
from tools.postgres import ALWAYS

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


TYPED = "".join(("Mar", "lowe"))
"""Put together, since a traceback shows the lines of the program as they are."""


def _line(fault, said="It broke", args=()):
    written = settings.LOGGING["formatters"]["line"]
    formatter = import_string(written["class"])(written["format"])
    return formatter.format(logging.LogRecord("x", logging.ERROR, "x", 1, said, args, fault))


def _one_after_another():
    try:
        int(f"{TYPED}\n\n{TYPED}: {TYPED}")
    except ValueError as first:
        raise KeyError(TYPED) from first


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (lambda: int(TYPED), ValueError),
        (lambda: {}[TYPED], KeyError),
        (lambda: f"{TYPED}\udcff".encode(), UnicodeEncodeError),
        (lambda: Evidence.objects.get(pk=TYPED), ValueError),
        (lambda: Evidence.objects.extra(where=["key = %s"], params=[TYPED]).first(), DataError),
        (_one_after_another, KeyError),
    ],
)
def test_what_an_error_quotes_is_not_in_the_log(broken, kind):
    """But where it broke is, and what kind of error it was."""
    with pytest.raises(kind) as caught, transaction.atomic():
        broken()
    assert TYPED in repr(caught.value)
    line = _line((caught.type, caught.value, caught.tb))
    assert TYPED not in line
    assert f"{kind.__name__}: (what it said is left out)" in line and "test_logs.py" in line


def test_nor_in_the_line_of_a_task_that_failed():
    said = {"name": "reviews.make", "id": "7", "exc": repr(ValueError(TYPED))}
    line = _line(None, "Task %(name)s[%(id)s] raised: %(exc)s", (said,))
    assert TYPED not in line and "Task reviews.make[7] raised: ValueError" in line


def test_a_worker_keeps_to_these_lines():
    """Celery would put a handler of its own in their place."""
    before = list(logging.getLogger().handlers)
    app.log.setup_logging_subsystem(loglevel="INFO")
    assert logging.getLogger().handlers == before


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
