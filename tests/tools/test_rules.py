"""docs/rules.md: every rule has a test, and the page says which."""

import re

import pytest

from competencies.management.commands.load_schemes import SCHEMES
from tests.access.visit import addresses
from tools import rules
from tools.console import Trouble


@pytest.fixture(scope="module")
def found():
    return rules.proofs()


def _plain(address):
    """An address without a first stroke and without what kind its parameters are."""
    return re.sub(r"<\w+:(\w+)>", r"<\1>", address.removeprefix("/"))


def test_every_rule_has_its_test(found):
    assert {proof.rule for proof in found} == {f"R{number}" for number in range(1, 41)}


def test_the_page_is_fresh(found):
    """After a new mark: make rules."""
    assert rules.PAGE.read_text("utf-8") == rules.document(found)


def test_every_page_named_is_there(found):
    there = {_plain(address) for address in addresses()}
    assert {proof.page for proof in found if proof.page and _plain(proof.page) not in there} == set()


def test_every_scheme_named_is_there(found):
    assert {proof.scheme for proof in found} <= {path.stem for path in SCHEMES.glob("*.yaml")} | {""}


def test_marks_are_read_wherever_they_stand(tmp_path):
    (tmp_path / "test_all.py").write_text(
        """
import pytest
PAGE, ONE = "/here/", "one"
pytestmark = [pytest.mark.django_db, pytest.mark.rule("R1")]

@pytest.mark.rule("R3", scheme=ONE)
@pytest.mark.rule("R2", page=PAGE)
@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.rule("R4"))])
def test_one(x): ...

@pytest.mark.rule("R5", scheme=("one", "two"))
class TestTwo:
    @pytest.mark.rule("R10")
    def test_three(self): ...
"""
    )
    assert [(one.rule, one.scheme, one.test, one.page) for one in rules.proofs(tmp_path)] == [
        ("R1", "", "test_all.py", ""),
        ("R2", "", "test_all.py::test_one", "/here/"),
        ("R3", "one", "test_all.py::test_one", ""),
        ("R4", "", "test_all.py::test_one", ""),
        ("R5", "one", "test_all.py::TestTwo", ""),
        ("R5", "two", "test_all.py::TestTwo", ""),
        ("R10", "", "test_all.py::TestTwo::test_three", ""),
    ]


@pytest.mark.parametrize("mark", ['"R41"', "", "RULE", '"R1", schema="one"', '"R1", "R2"'])
def test_a_mark_that_says_nothing_is_refused(tmp_path, mark):
    (tmp_path / "test_wrong.py").write_text(f"@pytest.mark.rule({mark})\ndef test_it(): ...\n")
    with pytest.raises(Trouble, match="test_wrong.py::test_it"):
        rules.proofs(tmp_path)
