"""Complete by construction: whatever a scheme's file can say, some page of a draft can change.

The file's structure is read from the model that loads it, and what a page can change by changing it: each
field of each page is sent otherwise than it was shown. A rule added to the file without a page to edit it
fails here.
"""

import copy
import types
import typing

import pytest
from django.urls import reverse
from pydantic import BaseModel

from competencies.differences import differences
from competencies.models import SchemeDraft
from competencies.parts import PARTS
from competencies.rules import SchemeRules
from competencies.transitions import begin_draft
from tests.council import NOW, organisation
from tests.drafting import Page

pytestmark = pytest.mark.django_db

CODES = ("medway-2010", "medway-2018", "redbridge-2013")
WHOSE_IT_IS = {("code",), ("council",)}
"""What makes it this scheme and no other: a draft that says otherwise is refused (test_drafts.py)."""
AT_PUBLISHING = {("effective_from",)}
"""Asked when the draft is published (test_publishing.py)."""
EACH = "each"


def leaves(model, path=()):
    """The path of everything that a file says below `model`, lists as EACH; not what can only be one way."""
    for name, field in model.model_fields.items():
        yield from _leaves(field.annotation, (*path, field.alias or name))


def _leaves(kind, path):
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        yield from _leaves(args[0], path)
    elif origin in (typing.Union, types.UnionType):
        kinds = [one for one in args if one is not type(None)]
        for one in kinds:
            found = list(_leaves(one, path))
            # A single word that may also be left out can be changed.
            yield from found or ([path] if len(kinds) < len(args) else [])
    elif origin is list:
        yield from _leaves(args[0], (*path, EACH))
    elif origin is dict:
        yield from _leaves(args[1], (*path, EACH))
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from leaves(kind, path)
    elif origin is not typing.Literal or len(args) > 1:
        yield path


def said(inside, path=()):
    """{path: all that a file says there}, in the words of `leaves`."""
    found = {}
    if isinstance(inside, dict | list):
        keyed = inside.items() if isinstance(inside, dict) else enumerate(inside)
        for key, value in keyed:
            step = EACH if isinstance(inside, list) or str(key).isdigit() else key
            for where, values in said(value, (*path, step)).items():
                found.setdefault(where, []).extend(values)
    elif inside is not None:
        found[path] = [inside]
    return found


def changed(before, after):
    was, now = said(before), said(after)
    return {path for path in {*was, *now} if was.get(path) != now.get(path)}


def addresses(file):
    """Every page that saves something: the parts, a heading, a new one, salaries and one award more."""
    code = file["code"]
    yield from (reverse("competencies:draft_part", args=(code, part)) for part in PARTS)
    yield reverse("competencies:draft_heading", args=(code, file["competencies"][0]["code"]))
    yield reverse("competencies:add_heading", args=(code,))
    yield from (reverse("competencies:scale", args=(code, number)) for number in (0, 1))


def otherwise(control, answers):
    """What a field could be sent as instead, in what the page sends."""
    if control.kind == "checkbox":
        others = [value for value in answers.get(control.name, []) if value != control.value]
        return [others if control.chosen else [*others, control.value]]
    could = control.options if control.kind == "select" else ("2", "7", "Other words", "7, 8", "41000")
    return [one for one in could if one != control.value][:5]


def one_of_each(page):
    """The page's fields that can be seen; of many rows alike, the first one's."""
    for one in page.controls:
        row = one.name.partition("-")[0]
        if one.kind != "hidden" and not (row.isdigit() and int(row) > 0):
            yield one


def filled_in(page):
    """All that is empty filled in at once: a new row, a section left out; and every tick taken out."""
    answers = page.answers
    empty = [one for one in page.controls if one.name.startswith("new-") or not answers.get(one.name)]
    full = {
        one.name: [one.value] if one.kind == "checkbox" else next(iter(otherwise(one, answers)), "")
        for one in empty
        if one.kind != "hidden"
    }
    day = {f"effective_from_{place}": str(part) for place, part in enumerate((1, 4, 2024))}
    full |= {key: value for key, value in day.items() if key in answers}
    words = {one.name: "Other words" for one in empty if one.name.endswith(("name", "kind", "label"))}
    unticked = {name: value for name, value in (answers | full).items() if not isinstance(value, list)}
    return [answers | full, answers | full | words, answers | unticked, unticked]


def reached(client, draft, known):
    """The leaves that the pages of this draft change; each change is one of the differences shown.

    `known`: the fields that changed something already, of the same pages of another scheme.
    """
    found, file = set(), copy.deepcopy(draft.file)

    def changes(address, answers):
        if client.post(address, answers).status_code != 302:
            return False
        after = SchemeDraft.objects.values_list("file", flat=True).get(pk=draft.pk)
        if after == file:
            return False
        assert differences(file, after), f"no difference says what {address} changed: {answers}"
        found.update(changed(file, after))
        SchemeDraft.objects.filter(pk=draft.pk).update(file=file)
        return True

    for place, address in enumerate(addresses(file)):
        shown = client.get(address)
        if shown.status_code == 404:
            continue
        page = Page(shown)
        for one in one_of_each(page):
            key = (place, one.name, one.value if one.kind == "checkbox" else "")
            if key not in known and any(
                changes(address, page.answers | {one.name: value}) for value in otherwise(one, page.answers)
            ):
                known.add(key)
        for answers in filled_in(page):
            changes(address, answers)
    return found


def test_every_leaf_of_a_schemes_file_can_be_changed_on_a_page(client):
    asked = set(leaves(SchemeRules)) - WHOSE_IT_IS - AT_PUBLISHING
    known = set()
    for code in CODES:
        place = organisation(code)
        client.force_login(place.psw)
        asked -= reached(client, begin_draft(code, actor=place.psw, now=NOW), known)
    assert sorted(map(str, asked)) == []


def test_what_counts_as_a_leaf():
    """The walk itself: everything below lists, tables, sections left out; not what has one possible value."""
    found = set(leaves(SchemeRules))
    assert {
        ("levels", EACH, "spinal_points", EACH),
        ("pay", "salaries", EACH),
        ("pay", "awards", EACH, "effective_from"),
        ("competencies", EACH, "criteria", EACH, EACH),
        ("appeal", "hearing", "representative_allowed"),
        ("reminders", "act", "before", EACH),
        ("decision", "starting_point"),
    } <= found
    assert ("pay", "currency") not in found
    assert changed({"days": {"33": 1}, "on": 4}, {"days": {"33": 2}, "on": 4}) == {("days", EACH)}
