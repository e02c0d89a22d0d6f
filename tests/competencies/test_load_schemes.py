"""`manage.py load_schemes`: what it publishes, and what it refuses. R24, R37."""

import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from competencies import selectors
from competencies.management.commands.load_schemes import SCHEMES
from competencies.models import Criterion, Scheme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nothing_published")]


@pytest.fixture
def folder(tmp_path):
    """A copy of the scheme files, to change."""
    for file in SCHEMES.glob("*.yaml"):
        shutil.copy(file, tmp_path)
    return tmp_path


@pytest.fixture
def medway(folder):
    return folder / "medway-2010.yaml"


def load(*paths):
    out = StringIO()
    call_command("load_schemes", *map(str, paths), stdout=out)
    return out.getvalue().splitlines()


def refused(*paths):
    """The problems said, as `line: field: sentence`, after nothing at all was loaded."""
    before = Scheme.objects.count()
    with pytest.raises(CommandError) as error:
        load(*paths)
    assert Scheme.objects.count() == before
    first, *problems = str(error.value).splitlines()
    assert first == "Nothing was loaded."
    return [problem.split("yaml:", 1)[1] for problem in problems]


def change(file, *pairs):
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def line_of(file, words):
    return next(n for n, line in enumerate(file.read_text().splitlines(), 1) if words in line)


def test_loading_says_what_it_did():
    assert load() == [
        "medway-2010: version 1 published, 21 competencies",
        "medway-2018: version 1 published, 9 competencies",
        "redbridge-2013: version 1 published, 8 competencies",
    ]


def test_the_same_content_is_not_loaded_twice(medway):
    load()
    change(medway, ("code: medway-2010", "# A remark changes nothing.\ncode:   'medway-2010'"))
    assert load(medway) == ["medway-2010: version 1 unchanged, 21 competencies"]
    assert Scheme.objects.count() == 3


def test_changed_content_is_a_new_version_beside_the_old(medway):
    load()
    old = Scheme.objects.get(code="medway-2010")
    change(medway, ("Keeps fact apart from professional opinion", "Keeps fact and opinion apart"))
    assert load(medway) == ["medway-2010: version 2 published, 21 competencies"]
    new = selectors.current_scheme("medway-2010", today=date(2026, 3, 10))
    assert (old.version, new.version) == (1, 2)
    of_old, of_new = (
        Criterion.objects.filter(competency__scheme=version).values_list("text", flat=True)
        for version in (old, new)
    )
    assert "Keeps fact apart from professional opinion" in of_old
    assert "Keeps fact and opinion apart" in of_new
    assert of_old.count() == of_new.count() == 110


def test_a_new_version_waits_for_its_day(medway):
    load()
    change(medway, ("effective_from: 2010-04-01", "effective_from: 2027-04-01"))
    load(medway)
    assert selectors.current_scheme("medway-2010", today=date(2027, 3, 31)).version == 1
    assert selectors.current_scheme("medway-2010", today=date(2027, 4, 1)).version == 2


@pytest.mark.rule("R37")
def test_a_pay_award_reaches_those_on_the_older_version(medway):
    """R37: cost-of-living rises apply as awarded, whichever version an application began under."""
    load()
    old = Scheme.objects.get(code="medway-2010")
    award = """awards:
    - effective_from: 2011-04-01
      salaries: {33: 28000, 34: 28900, 35: 29500, 36: 30300, 37: 31100, 38: 32000, 39: 33100, 40: 34000,
                 41: 35000.50, 42: 35800, 43: 36700}
"""
    change(medway, ("awards: []", award))
    load(medway)
    for version in (old, Scheme.objects.get(code="medway-2010", version=2)):
        step = selectors.step_from(version, 2)
        assert selectors.lowest_point(step, on=date(2011, 3, 31)).salary == 34549
        assert str(selectors.lowest_point(step, on=date(2011, 4, 1)).salary) == "35000.50"
    assert selectors.point_on(old, 41, on=date(2010, 3, 31)) is None


def test_a_scheme_borrows_from_one_already_published(folder):
    load(folder / "medway-2010.yaml")
    assert load(folder / "medway-2018.yaml") == ["medway-2018: version 1 published, 9 competencies"]
    rules = Scheme.objects.get(code="medway-2018").rules
    assert rules.appeal == Scheme.objects.get(code="medway-2010").rules.appeal


def test_a_scheme_cannot_borrow_from_one_that_is_not_there(folder):
    later = folder / "medway-2018.yaml"
    said = '"medway-2010" is not another scheme that says this itself'
    assert refused(later) == [
        f"{line_of(later, 'document:') + 1}: document > as: {said}",
        f"{line_of(later, 'appeal:') + 1}: appeal > as: {said}",
    ]


def test_a_scheme_cannot_borrow_from_itself(medway):
    change(medway, ("document:\n  form: PAY002", "document:\n  as: medway-2010\n  form: PAY002"))
    assert refused(medway) == [
        f"{line_of(medway, 'as: medway-2010')}: document > as: stands alone, or not at all"
    ]


def test_the_hash_is_of_the_content_alone():
    """What a file leaves out its content leaves out: a field that the software gains makes no version."""
    load()
    assert "desirables" not in Scheme.objects.get(code="redbridge-2013").content.file
