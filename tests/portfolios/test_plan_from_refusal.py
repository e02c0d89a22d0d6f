"""What a refusal asks for lands in the worker's development plan. R18, R40."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from portfolios.models import DevelopmentAction
from portfolios.supervision_transitions import plan_from_refusal
from tests.council import NOW
from tests.portfolios.makers import headings_of
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio():
    return application_at(State.DRAFT).portfolio


@pytest.mark.rule("R18")
@pytest.mark.rule("R40")
def test_each_action_is_there_once_for_its_heading(portfolio):
    recording, reading = headings_of(portfolio)[:2]
    manager, worker = portfolio.worker.post.team.manager, portfolio.worker
    asked = [
        (recording, "Write the analysis first", date(2026, 6, 1)),
        (reading, "Write the analysis first", None),
        (None, "  Shadow a court case ", None),
        (None, "   ", None),
    ]
    for _ in range(2):
        plan_from_refusal(worker, reference="APP-2026-0001", actions=asked, actor=manager, now=NOW)
    plan = DevelopmentAction.objects.order_by("id").values_list("competency", "action", "by_when")
    assert list(plan) == [
        (recording.pk, "Write the analysis first", date(2026, 6, 1)),
        (reading.pk, "Write the analysis first", None),
        (None, "Shadow a court case", None),
    ]
    plan_from_refusal(worker, reference="APP-2026-0009", actions=asked, actor=manager, now=NOW)
    assert DevelopmentAction.objects.count() == 6


def test_the_law_of_the_plan_is_in_the_database(portfolio):
    worker = portfolio.worker
    plan_from_refusal(
        worker, reference="APP-2026-0001", actions=[(None, "Read it", None)], actor=worker, now=NOW
    )
    action = DevelopmentAction.objects.get()
    for change in ({"action": "Something else"}, {"outcome": "Done"}, {"from_refusal_of": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DevelopmentAction.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        action.delete()
    DevelopmentAction.objects.update(done_on=date(2026, 5, 1), outcome="Read")
    with pytest.raises(IntegrityError), transaction.atomic():
        DevelopmentAction.objects.update(outcome="Not read")
