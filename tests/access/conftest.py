"""The cast and their cases, for every test of access."""

import logging

import pytest
from django.db import connection, transaction

from config.health import note_worker
from tests.access.visit import Visitor, path_of, values_of
from tests.access.world import World


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    """The cast and their cases, for all rows; each test is a savepoint in this transaction."""
    requests = logging.getLogger("django.request")
    level, requests.level = requests.level, logging.CRITICAL  # each refusal would be a line
    with django_db_blocker.unblock(), transaction.atomic():
        made = World()
        connection.check_constraints()  # now, or the end of each test would check the whole cast again
        yield made
        made.forget_files()
        transaction.set_rollback(True)
    requests.level = level


@pytest.fixture(autouse=True)
def _nobody_is_locked_out(settings):
    settings.ACCOUNT_RATE_LIMITS = False  # so many people at one machine would soon be


@pytest.fixture
def visit(world):
    """A Visitor of the row's case, and the row's path."""

    def begin(row):
        world.signed_in()
        note_worker()
        case = world.case(row.case)
        args = row.args(world) if callable(row.args) else row.args
        path = path_of(row.url, values_of(case) | args)
        if row.given:
            row.given(world, case)
        return Visitor(world, case), path

    return begin
