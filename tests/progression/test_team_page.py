"""The manager's list of their team: when each can apply, their next review, and what is planned with them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Post
from portfolios.supervision_transitions import finish_action, plan_action
from progression import meeting_transitions as meetings
from progression.readiness import ahead_of_all, applications_of_all, readiness
from progression.team_selectors import members_of
from tests.council import NOW, TODAY, organisation, social_worker
from tests.walk import State, application_at, review_noticed, started

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("scheme", ["medway-2010", "medway-2018", "redbridge-2013"])
@pytest.mark.parametrize("today", [TODAY, TODAY - timedelta(days=60)])
def test_many_at_once_are_as_ready_as_each_alone(scheme, today):
    """R10, R26, R34, R35: the list and the worker's own page have one law."""
    place = organisation(scheme)
    social_worker(place.team, level=3)
    social_worker(place.team, level=1, newly_qualified=True)
    social_worker(place.team, under_formal_process=True, probation_completed=False)
    started(place.worker)
    if scheme == "redbridge-2013":
        review_noticed(place.worker.applications.get())
        meetings.diarise(
            place.colleague, actor=place.manager, starts_at=NOW + timedelta(days=9), place="Room 4", now=NOW
        )
    application_at(State.SUBMITTED, place)
    application_at(State.DECLINED, place)
    posts = list(Post.objects.filter(team=place.team).select_related("team", "holder"))
    made = applications_of_all([post.holder_id for post in posts])
    found = ahead_of_all(posts, made, today=today)
    for post in posts:
        alone = readiness(post.holder, today=today)
        assert found[post.holder_id].ready == alone, (post.holder, alone)
    assert len(posts) == 7


@pytest.mark.parametrize(
    ("scheme", "says"),
    [
        ("medway-2010", ("Already applying", "Now")),
        ("redbridge-2013", ("Already applying See what must come first", "See why not")),
    ],
)
def test_R1_who_is_building_an_application_is_not_told_to_apply(client, scheme, says):
    place = organisation(scheme)
    started(place.worker)
    client.force_login(place.manager)
    found = cells(client.get("/team/").content.decode(), "Can apply")
    assert (found[place.worker.name], found[place.colleague.name]) == says


def cells(page, column):
    """{the row's name: what stands in its cell of `column`}, without what only screen readers say."""
    page = re.sub(r'<span class="govuk-visually-hidden">[^<]*</span>', "", page)
    rows = [
        [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in re.split(r"</t[hd]>", row)]
        for row in re.findall(r"<tr.*?</tr>", page, re.S)
    ]
    place = rows[0].index(column)
    return {row[0]: row[place] for row in rows[1:]}


def test_open_actions_are_counted_and_those_that_are_late(client):
    place = organisation()
    today = timezone.localdate()
    for days in (-3, 5, None):
        by_when = None if days is None else today + timedelta(days=days)
        action = plan_action(
            place.worker,
            actor=place.manager,
            action=f"Something, {days}",
            competency=None,
            by_when=by_when,
            now=timezone.now(),
            today=today,
        )
    finish_action(action, actor=place.worker, done_on=today, outcome="It is done.", today=today)
    plans = {
        one.line.name: (one.progress.actions, one.progress.late)
        for one in members_of(place.manager, today=today)
    }
    assert plans == {place.worker.name: (2, 1), place.colleague.name: (0, 0)}
    client.force_login(place.manager)
    page = client.get("/team/").content.decode()
    assert "2 open" in page and "1 late" in page
    assert f"/team/{place.worker.pk}/development/" in page
