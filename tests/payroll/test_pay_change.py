"""Reading what a step up does to a worker's pay from the scheme's pay scales. R22, R37."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from competencies.management.commands.load_schemes import SCHEMES
from payroll.pay import Rate
from payroll.selectors import pay_change, pay_effect
from people.models import Post
from tests.built_once import built_once
from tests.council import TODAY, organisation
from tests.walk import State, application_at

pytestmark = pytest.mark.django_db


def build():
    place = organisation()
    return SimpleNamespace(
        draft=application_at(State.DRAFT, place), recommended=application_at(State.RECOMMENDED, place)
    )


built, cases = built_once(build)

AWARD = """awards:
    - effective_from: 2027-04-01
      salaries: {33: 28406, 34: 29209, 35: 29821, 36: 30611, 37: 31468.02, 38: 32389, 39: 33456, 40: 34334,
                 41: 35239.98, 42: 36139, 43: 37039}
"""


def at_point(application, point):
    Post.objects.filter(holder=application.worker).update(spinal_point=point)
    application.worker.post.refresh_from_db()
    return application


@pytest.mark.rule("R22", scheme="medway-2010")
@pytest.mark.parametrize(("point", "salary"), [(36, 30011), (37, 30851), (40, 33661)])
def test_R22_every_point_of_level_2_goes_to_41(cases, point, salary):
    change = pay_change(at_point(cases.draft, point), effective_from=date(2026, 5, 4), today=date(2026, 5, 4))
    assert (change.from_point, change.to_point) == (point, 41)
    assert (change.old_salary, change.new_salary) == (Decimal(salary), Decimal(34549))


@pytest.mark.parametrize("point", [None, 12, 44])
def test_a_point_without_a_salary_states_no_change(cases, point):
    change = pay_change(at_point(cases.draft, point), effective_from=date(2026, 5, 4), today=date(2026, 5, 4))
    assert (change.stated, change.from_point, change.to_point) == (False, point, 41)


def test_nor_does_a_day_before_the_scale(cases):
    change = pay_change(cases.draft, effective_from=date(2010, 3, 31), today=date(2010, 3, 31))
    assert (change.stated, change.to_point) == (False, None)


@pytest.mark.rule("R37")
def test_R37_an_award_since_raises_the_back_pay_from_its_day(cases, tmp_path):
    scheme = tmp_path / "medway-2010.yaml"
    text = (SCHEMES / scheme.name).read_text(encoding="utf-8")
    assert text.count("awards: []") == 1
    scheme.write_text(text.replace("awards: []", AWARD), encoding="utf-8")
    call_command("load_schemes", str(scheme), verbosity=0)

    # The point without the step up rises on 1 April too, the new one not within six months.
    pay = pay_effect(cases.draft, effective_from=date(2027, 3, 22), today=date(2027, 4, 8))
    assert pay.change.rates == (
        Rate(date(2027, 3, 22), 37, Decimal(30851), 41, Decimal(34549)),
        Rate(date(2027, 4, 1), 38, Decimal(32389), 41, Decimal("35239.98")),
    )
    assert [line.amount for line in pay.back_pay] == [Decimal("99.41"), Decimal("237.58")]
    assert (pay.total, pay.until, pay.blocks) == (Decimal("336.99"), date(2027, 4, 30), [])
    before = pay_effect(cases.draft, effective_from=date(2027, 3, 22), today=date(2027, 3, 31))
    assert len(before.change.rates) == 1
    after = pay_change(cases.draft, effective_from=date(2027, 4, 1), today=date(2027, 4, 8))
    assert after.new_salary == Decimal("35239.98")


@pytest.mark.rule("R12", scheme="medway-2010")
@pytest.mark.parametrize(
    ("now_at", "today", "held"),
    [
        pytest.param(38, date(2026, 3, 20), 38, id="no increment day since: the directory is right"),
        pytest.param(38, date(2026, 4, 20), 37, id="one up since 1 April: an increment"),
        pytest.param(37, date(2026, 4, 20), 37, id="the directory has not followed"),
        pytest.param(39, date(2026, 4, 20), 39, id="two up: put right by hand"),
        pytest.param(36, date(2026, 4, 20), 36, id="one down: put right by hand"),
    ],
)
def test_R12_from_the_point_held_on_the_day_the_manager_signed(cases, now_at, today, held):
    change = pay_change(at_point(cases.recommended, now_at), effective_from=TODAY, today=today)
    assert (change.from_point, change.to_point) == (held, 41)


def test_a_scheme_without_points_states_nothing_and_stops_nothing():
    application = application_at(State.DRAFT, scheme="medway-2018")
    pay = pay_effect(application, effective_from=date(2026, 3, 10), today=date(2026, 3, 10))
    assert (pay.change.stated, pay.change.to_point, pay.back_pay, pay.blocks) == (False, None, [], [])
