"""Complete by construction: no table with a person in it is left out of what people are given and erased.

A new model fails here until its package's privacy.py says what it holds. What the failure prints says what to
write where.
"""

from collections import Counter
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from people.models import User
from people.personal import DECLARED, About, Kept, Nobody, about_people

BY_MODEL = {one.model.lower(): one for one in DECLARED}
MODELS = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]
NUMBERS = (models.BigIntegerField, models.IntegerField)


def room_of(model):
    """The file that declares this model: its package's, or people's for other people's libraries."""
    app = model._meta.app_label
    ours = app in {"people", "competencies", "portfolios", "progression", "payroll", "reviews"}
    return f"{app if ours else 'people'}/privacy.py"


def fields(model):
    return model._meta.local_concrete_fields


def leads_to_a_person(model):
    """The models that a row of `model` points at which are declared to be about somebody."""
    for field in fields(model):
        if field.is_relation and field.related_model not in (None, model):
            to = BY_MODEL.get(field.related_model._meta.label_lower)
            if isinstance(to, About) and to.of:
                yield field


def looks_personal(field):
    named = field.name == "name" or field.name.endswith(("_name", "codename", "filename"))
    return isinstance(field, models.EmailField) or named and isinstance(field, models.CharField)


def may_be_ids(field):
    """Numbers that are no key of Django's and may be people's: the audit keeps them so."""
    if isinstance(field, ArrayField):
        return isinstance(field.base_field, NUMBERS)
    return isinstance(field, models.BigIntegerField) and not field.primary_key


def first_steps(declared):
    return {lookup.partition("=")[0].partition("__")[0] for lookup in (*declared.of, *declared.by)}


def undeclared():
    """What is missing, as sentences that say what to write where."""
    for model in MODELS:
        label, room = model._meta.label, room_of(model)
        declared = BY_MODEL.get(model._meta.label_lower)
        if declared is None:
            people = [field.name for field in fields(model) if field.related_model is User]
            guess = f"of=({', '.join(repr(one) for one in people)},)" if people else 'of=("…__worker",)'
            yield (
                f'{label} is not declared. In {room} add About("{label}", Kept.YEARS, "…", {guess}), with '
                f"by=(…) and at= for whoever only acted, and goes= or emptied= for when they have left; or "
                f'Nobody("{label}", "why it is about nobody"). See people/personal.py.'
            )
            continue
        yield from _in_columns(model, declared, f"{label}, declared in {room},")


def _in_columns(model, declared, whose):
    about = isinstance(declared, About)
    named = first_steps(declared) if about else set()
    numbers = named | NO_PEOPLE.get(model._meta.label, set())
    for field in fields(model):
        if field.related_model is User and field.name not in named:
            yield (
                f"{whose} has {field.name}, a person: name it in of= (the row is about them) or in by= (they "
                "only acted)."
            )
        elif may_be_ids(field) and field.name not in numbers:
            yield (
                f"{whose} has {field.name}, numbers that may be people's: name it in of= or by=, or in "
                "NO_PEOPLE here."
            )
        elif isinstance(field, models.EmailField) and about and not _answered(declared, field):
            yield f"{whose} has {field.name}: say in withheld= why it is kept back, or in OWN_ADDRESS here."
        elif looks_personal(field) and not about and field.name not in declared.columns:
            yield f"{whose} has {field.name}: declare it About, or name it in columns= as nobody's."
    if not (about and declared.of):
        for field in leads_to_a_person(model):
            if not (about and field.name in named):
                yield (
                    f"{whose} points by {field.name} at rows about people: it needs of= too, such as "
                    f'"{field.name}__worker".'
                )


NO_PEOPLE = {
    "people.AuditEntry": {"transaction", "applications", "number"},
    "progression.AuditCheck": {"number"},
    "people.DataExport": {"size"},
    "portfolios.Pack": {"size"},
    "portfolios.BringingBack": {"size"},
}
"""Columns of numbers that are nobody's."""
OWN_ADDRESS = {"people.User", "people.AccountLetter", "account.EmailAddress"}
"""Tables whose e-mail address is the person's own: they are given it."""


def _answered(declared, field):
    return field.name in declared.withheld or declared.model in OWN_ADDRESS


def test_every_table_with_a_person_in_it_is_declared():
    assert list(undeclared()) == []


def test_nothing_is_declared_twice_or_of_what_is_no_more():
    assert [name for name, times in Counter(one.model.lower() for one in DECLARED).items() if times > 1] == []
    assert set(BY_MODEL) == {model._meta.label_lower for model in MODELS}


def test_each_is_declared_in_its_own_packages_room():
    for model in MODELS:
        room = import_module(room_of(model).removesuffix(".py").replace("/", "."))
        assert BY_MODEL[model._meta.label_lower] in room.DECLARED, f"{model._meta.label}: in {room_of(model)}"


@pytest.mark.parametrize("declared", about_people(), ids=lambda one: one.model)
def test_what_is_declared_is_there(declared):
    model = declared.table
    for name in (*declared.withheld, *declared.emptied, *filter(None, (declared.at, declared.file))):
        model._meta.get_field(name)
    for lookup in (*declared.of, *declared.by):
        path, _, attribute = lookup.partition("=")
        value = [1] if path.endswith("__contains") else "x@council.example" if attribute else 1
        str(model._base_manager.filter(**{path: value}).query)
    assert all(declared.withheld.values()), "why is it withheld?"
    assert declared.at or not declared.by or declared.model == "progression.ApplicationGrant"
    if declared.sooner is not None:
        str(model._base_manager.filter(declared.sooner).query)


@pytest.mark.parametrize("declared", about_people(), ids=lambda one: one.model)
def test_what_a_person_wrote_or_had_written_of_them_does_not_stay_for_ever(declared):
    """Every free text of a table about people is emptied, or goes with its row, or has its reason here."""
    if not declared.of or declared.goes or declared.kept in (Kept.A_WHILE, Kept.WHILE_HERE, Kept.FOR_GOOD):
        return
    texts = {
        field.name
        for field in fields(declared.table)
        if isinstance(field, models.TextField | models.JSONField | models.BinaryField)
    }
    assert texts - set(declared.emptied) <= HARMLESS.get(declared.model, set())


FREE = (models.TextField, models.JSONField, models.BinaryField)
HARMLESS = {
    "portfolios.Portfolio": {"desirables"},
    "reviews.Assessment": {"revisions"},
    "reviews.Appeal": {"tests_met"},
}
"""Codes, counts and yes or no, which figures are made of."""


def test_the_test_itself_sees_what_is_left_out(monkeypatch):
    """A table, a person and an address less in the declarations, and each is missed."""
    for model in ("portfolios.evidence", "payroll.payquery", "reviews.representative"):
        assert not [line for line in undeclared() if line.lower().startswith(model)]
    monkeypatch.delitem(BY_MODEL, "portfolios.evidence")
    monkeypatch.setitem(
        BY_MODEL,
        "payroll.payquery",
        About("payroll.PayQuery", Kept.YEARS, "Questions", of=("pay_form__application__worker",)),
    )
    monkeypatch.setitem(
        BY_MODEL,
        "reviews.representative",
        About("reviews.Representative", Kept.YEARS, "Representatives", of=("appeal__application__worker",)),
    )
    monkeypatch.setitem(BY_MODEL, "reviews.finding", Nobody("reviews.Finding", "no"))
    missed = "\n".join(undeclared())
    for said in (
        "portfolios.Evidence is not declared",
        "asked_by, a person",
        "has email",
        "points by assessment",
    ):
        assert said in missed
