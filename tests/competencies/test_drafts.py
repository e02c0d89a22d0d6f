"""A scheme's next version: drafted, saved part by part, published. Who may, when, and what stays."""

import copy
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from competencies import selectors, transitions
from competencies.contents import fingerprint
from competencies.heading_parts import HeadingsOrder, NewHeading, heading
from competencies.models import Criterion, Scheme, SchemeDraft
from competencies.parts import PARTS
from competencies.pay_parts import Scale
from competencies.transitions import StaleSave, Unsound
from people.models import Service
from people.permissions import NotAllowed
from people.policies import Blocked
from people.roles import Role
from tests.at_once import at_once
from tests.council import NOW, TODAY, organisation, person, scheme_files, team_of, with_rules

pytestmark = pytest.mark.django_db

CODE = "medway-2010"
APPEAL = PARTS["appeal"]
DAYS = "appeal-lodge_within-working_days"


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def draft(place):
    return begun(place.psw)


def begun(psw, code=CODE):
    return transitions.begin_draft(code, actor=psw, now=NOW)


def saved(draft, part=APPEAL, *, actor=None, seen=None, **answers):
    values = part.read(draft.file) | answers
    actor = actor or draft.begun_by
    return transitions.save_draft(draft, part=part, values=values, actor=actor, seen=seen, now=NOW)


def published(draft, *, on=TODAY, actor=None, today=TODAY, now=NOW):
    return transitions.publish_draft(
        draft,
        effective_from=on,
        actor=actor or draft.begun_by,
        base_revision=draft.revision,
        now=now,
        today=today,
    )


def test_a_draft_is_a_copy_of_the_newest(draft):
    scheme = Scheme.objects.get(code=CODE)
    assert draft.based_on == scheme
    assert draft.file | {"pay": None} == scheme.content.file | {"pay": None}
    assert draft.file["pay"] == scheme.content.file["pay"] | {"effective_from": "2010-04-01"}


def test_one_open_draft_a_scheme(place, draft):
    with pytest.raises(Blocked, match="has begun a draft of this scheme already"):
        begun(place.psw)
    with pytest.raises(IntegrityError, match="scheme_draft_one_open_a_scheme"), transaction.atomic():
        SchemeDraft.objects.create(
            code=CODE, based_on=draft.based_on, file={}, begun_at=NOW, begun_by=place.psw, saved_at=NOW,
            saved_by=place.psw,
        )  # fmt: skip
    transitions.discard(draft, actor=place.psw, now=NOW)
    assert begun(place.psw).pk != draft.pk


def test_saving_changes_the_part_and_nothing_else(draft):
    before = copy.deepcopy(draft.file)
    after = saved(draft, **{DAYS: 15})
    before["appeal"]["lodge_within"]["working_days"] = 15
    assert after.file == before == SchemeDraft.objects.get().file
    assert after.revision == 2


def test_an_answer_that_cannot_stand_is_refused_with_its_place(draft):
    with pytest.raises(Unsound) as refused:
        saved(draft, **{DAYS: 0})
    assert refused.value.problems == [
        (("appeal", "lodge_within", "working_days"), 'must be 1 or more: here it is "0"')
    ]
    with pytest.raises(Unsound) as refused:
        saved(draft, PARTS["decision"], **{"decision-authorised_by": "team_manager"})
    assert refused.value.problems == [(("decision", "authorised_by"), "must be senior to who assesses")]
    assert SchemeDraft.objects.get().revision == 1


def test_what_another_part_leaves_to_mend_keeps_nobody_from_saving(draft):
    """A heading whose group went: said on the draft's page, and in the way of publishing alone."""
    rows = list(enumerate([{"name": "Core skills"}]))
    draft = transitions.save_draft(draft, part=PARTS["groups"], values=rows, actor=draft.begun_by, now=NOW)
    draft = saved(draft, **{DAYS: 15})
    with pytest.raises(Blocked, match='there is no group "competencies"'):
        published(draft)


def test_a_stale_save_is_refused_and_carries_what_is_saved(place, draft):
    seen = fingerprint(APPEAL.read(draft.file))
    saved(draft, seen=seen, **{DAYS: 15})
    with pytest.raises(StaleSave) as stale:
        saved(draft, seen=seen, **{DAYS: 20})
    assert stale.value.draft.file["appeal"]["lodge_within"]["working_days"] == 15


def test_two_may_edit_different_parts_at_once(draft):
    """Near miss of the stale save: the draft has moved on, the part has not."""
    decision = PARTS["decision"]
    seen = fingerprint(decision.read(draft.file))
    saved(draft, **{DAYS: 15})
    after = saved(draft, decision, seen=seen, **{"decision-authorised_by": "head_of_service"})
    assert after.file["appeal"]["lodge_within"]["working_days"] == 15
    assert after.file["decision"]["authorised_by"] == "head_of_service"


def test_who_keeps_a_scheme(place, draft):
    """The principal social worker of a service on the scheme; not one elsewhere, nor other officers of it."""
    colleague = person(Role.PRINCIPAL_SOCIAL_WORKER)
    place.service.officers.add(colleague)
    saved(draft, actor=colleague, **{DAYS: 15})
    elsewhere = organisation("redbridge-2013").psw
    others = [place.head, place.director, place.manager, place.auditor, place.administrator, place.worker]
    moves = [
        lambda who: begun(who),
        lambda who: saved(draft, actor=who, **{DAYS: 20}),
        lambda who: transitions.discard(draft, actor=who, now=NOW),
        lambda who: transitions.compare_with_newest(draft, actor=who, now=NOW),
        lambda who: published(draft, actor=who),
        lambda who: transitions.import_into_draft(
            draft, rules=scheme_files()[CODE], actor=who, base_revision=2, now=NOW
        ),
    ]
    for who in (elsewhere, *others):
        for move in moves:
            with pytest.raises(NotAllowed):
                move(who)


def test_the_councils_own_principal_social_worker_keeps_a_scheme_no_team_is_on_yet(place):
    with_rules("medway-2018")
    with pytest.raises(NotAllowed):
        begun(place.psw, "medway-2018")
    Service.objects.filter(pk=place.service.pk).update(council="Medway Council")
    assert begun(place.psw, "medway-2018").pk


@pytest.mark.rule("R24", page="/framework/<code>/draft/publish/")
def test_a_published_draft_is_the_next_version_from_its_day(place, draft):
    scheme = published(saved(draft, **{DAYS: 15}), on=TODAY + timedelta(days=7))
    assert (scheme.version, scheme.published_by, scheme.published_at) == (2, place.psw, NOW)
    assert selectors.current_scheme(CODE, today=TODAY + timedelta(days=6)).version == 1
    assert selectors.current_scheme(CODE, today=TODAY + timedelta(days=7)).version == 2
    assert scheme.rules.appeal.lodge_within.working_days == 15
    assert Scheme.objects.get(code=CODE, version=1).rules.appeal.lodge_within.working_days == 10


def test_it_begins_today_or_later_and_not_before_the_one_it_follows(draft):
    draft = saved(draft, **{DAYS: 15})
    for day in (TODAY - timedelta(days=1), date(2010, 4, 1)):
        with pytest.raises(Blocked, match="must not be past"):
            published(draft, on=day)
    later = TODAY + timedelta(days=30)
    published(draft, on=later)
    following = saved(begun(draft.begun_by), **{DAYS: 20})
    with pytest.raises(Blocked, match="nor before the version it follows"):
        published(following, on=later - timedelta(days=1))
    assert published(following, on=later).version == 3


def test_a_draft_that_says_nothing_new_is_not_published(draft):
    with pytest.raises(Blocked, match="Nothing has been changed"):
        published(draft)


def test_what_is_published_is_what_was_read(draft):
    read = saved(draft, **{DAYS: 15})
    saved(draft, **{DAYS: 20})
    with pytest.raises(StaleSave):
        published(read)


def test_what_is_over_is_over(place, draft):
    published(saved(draft, **{DAYS: 15}))
    for move in (
        lambda: saved(draft, **{DAYS: 20}),
        lambda: transitions.discard(draft, actor=place.psw, now=NOW),
        lambda: published(draft),
    ):
        with pytest.raises(Blocked, match=f"{place.psw.name} has published this draft, as version 2"):
            move()


def test_a_draft_made_stale_by_a_newer_version_says_so(place, draft):
    """A server is started with a changed file while somebody drafts."""
    changed = scheme_files()[CODE].model_copy(update={"title": "Another title"})
    draft = saved(draft, **{DAYS: 15})
    assert transitions.publish(changed, now=NOW)[0].version == 2
    with pytest.raises(Blocked, match="Version 2 was published after this draft was begun"):
        published(draft)
    draft = transitions.compare_with_newest(draft, actor=place.psw, now=NOW)
    assert draft.based_on.version == 2
    assert published(draft).version == 3


@pytest.mark.rule("R37", scheme="medway-2010")
def test_an_award_agreed_late_reaches_back_and_the_scales_before_it_stay(draft):
    """An award is dated by itself: neither the version's start nor its publishing moves a day of pay."""
    salaries = {point: str(int(amount) + 1000) for point, amount in draft.file["pay"]["salaries"].items()}
    draft = transitions.save_draft(
        draft, part=Scale(1), values=(date(2025, 4, 1), salaries), actor=draft.begun_by, now=NOW
    )
    published(draft, on=TODAY + timedelta(days=60))
    first = Scheme.objects.get(code=CODE, version=1)
    paid = [selectors.point_on(first, 41, on=day) for day in (date(2010, 3, 31), date(2010, 4, 1))]
    assert paid[0] is None and paid[1].salary == 34549
    assert selectors.point_on(first, 41, on=date(2025, 3, 31)).salary == 34549
    assert selectors.point_on(first, 41, on=date(2025, 4, 1)).salary == 35549


def test_awards_stand_in_the_order_of_their_days(draft):
    salaries = draft.file["pay"]["salaries"]
    for number, day in ((1, date(2026, 4, 1)), (2, date(2025, 4, 1))):
        draft = transitions.save_draft(
            draft, part=Scale(number), values=(day, salaries), actor=draft.begun_by, now=NOW
        )
    assert [award["effective_from"] for award in draft.file["pay"]["awards"]] == ["2025-04-01", "2026-04-01"]
    with pytest.raises(Unsound):
        transitions.save_draft(
            draft, part=Scale(3), values=(date(2009, 4, 1), salaries), actor=draft.begun_by, now=NOW
        )
    draft = transitions.save_draft(draft, part=Scale(1), values=None, actor=draft.begun_by, now=NOW)
    assert [award["effective_from"] for award in draft.file["pay"]["awards"]] == ["2026-04-01"]


def test_a_server_started_with_the_old_file_makes_no_version(draft):
    published(saved(draft, **{DAYS: 15}))
    scheme, new = transitions.publish(scheme_files()[CODE], now=NOW)
    assert (scheme.version, new) == (1, False)
    changed = scheme_files()[CODE].model_copy(update={"title": "Another title"})
    scheme, new = transitions.publish(changed, now=NOW)
    assert (scheme.version, new) == (2, False), "once looked after in the service, files leave it alone"
    assert Scheme.objects.filter(code=CODE).count() == 2


def test_a_server_still_on_the_file_before_makes_no_version():
    """Two servers, one updated: the other starts again with the older file."""
    with_rules(CODE)
    changed = scheme_files()[CODE].model_copy(update={"title": "Another title"})
    assert transitions.publish(changed, now=NOW)[0].version == 2
    first = Scheme.objects.get(code=CODE, version=1)
    assert transitions.publish(scheme_files()[CODE], now=NOW) == (first, False)


def test_headings_are_added_moved_and_removed(draft):
    values = {"name": "Recording", "group": "skills", "criteria": {2: ["Reads research"]}}
    act = {"actor": draft.begun_by, "now": NOW}
    draft = transitions.save_draft(draft, part=NewHeading(), values=values, **act)
    assert heading(draft.file, "recording-2")["criteria"] == {"2": ["Reads research"]}
    draft = transitions.save_draft(draft, part=HeadingsOrder("recording-2"), values="up", **act)
    draft = transitions.save_draft(draft, part=HeadingsOrder("leadership"), values="remove", **act)
    scheme = published(draft)
    names = list(scheme.competencies.values_list("code", flat=True))
    assert names[10:12] == ["recording-2", "technology"]
    assert "leadership" not in names and len(names) == 21
    assert Criterion.objects.filter(competency__scheme=scheme, text="Reads research").count() == 1


def test_a_heading_without_a_criterion_is_refused(draft):
    values = {"name": "Research", "group": "skills", "criteria": {2: []}}
    with pytest.raises(Unsound) as refused:
        transitions.save_draft(draft, part=NewHeading(), values=values, actor=draft.begun_by, now=NOW)
    assert refused.value.problems == [(("competencies", 11, "criteria"), "must have at least 1")]


def test_a_file_of_another_scheme_or_council_is_not_read_in(place, draft):
    act = {"actor": place.psw, "base_revision": 1, "now": NOW}
    with pytest.raises(Blocked, match="The file’s code is “medway-2018”"):
        transitions.import_into_draft(draft, rules=scheme_files()["medway-2018"], **act)
    renamed = scheme_files()[CODE].model_copy(update={"council": "Another Council"})
    with pytest.raises(Blocked, match="council is “Another Council”"):
        transitions.import_into_draft(draft, rules=renamed, **act)


@pytest.mark.django_db(transaction=True)
def test_two_publish_at_once_and_one_wins(place, draft):
    colleague = person(Role.PRINCIPAL_SOCIAL_WORKER)
    place.service.officers.add(colleague)
    draft = saved(draft, **{DAYS: 15})
    answers = at_once(*(lambda who=who: published(draft, actor=who) for who in (place.psw, colleague)))
    (won,) = [answer for answer in answers if isinstance(answer, Scheme)]
    (lost,) = [answer for answer in answers if isinstance(answer, Blocked)]
    assert lost.sentences == [
        f"{won.published_by.name} has published this draft, as version 2 of the scheme."
    ]
    assert Scheme.objects.filter(code=CODE).count() == 2


def test_a_team_moved_to_the_scheme_gives_its_service_the_keeping(place):
    elsewhere = organisation("redbridge-2013")
    with pytest.raises(NotAllowed):
        begun(elsewhere.psw)
    team_of(elsewhere.service, scheme=CODE)
    assert begun(elsewhere.psw).code == CODE
