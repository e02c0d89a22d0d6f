"""Publishing a draft on its pages: when it begins, the page to check, and what is said if it cannot be."""

from datetime import date

import pytest
from django.utils import timezone

from competencies import transitions
from competencies.models import Scheme, SchemeDraft
from competencies.parts import PARTS
from people.roles import Role
from progression.states import State
from tests.council import NOW, organisation, person
from tests.drafting import Page, sent
from tests.reading import text
from tests.walk import application_at

pytestmark = pytest.mark.django_db

DRAFT = "/framework/medway-2010/draft/"
PUBLISH = DRAFT + "publish/"
ON = {"effective_from_0": "1", "effective_from_1": "4", "effective_from_2": "2099"}


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def draft(place, client):
    client.force_login(place.psw)
    draft = transitions.begin_draft("medway-2010", actor=place.psw, now=NOW)
    return longer(draft, 15)


def longer(draft, days, *, by=None):
    values = PARTS["appeal"].read(draft.file) | {"appeal-lodge_within-working_days": days}
    actor = by or draft.begun_by
    return transitions.save_draft(draft, part=PARTS["appeal"], values=values, actor=actor, now=NOW)


@pytest.mark.rule("R24", page="/framework/<code>/draft/publish/")
def test_everything_to_check_before_it_counts(client, place, draft):
    application_at(State.DRAFT, place)
    application_at(State.SENT_TO_PAYROLL, place)
    sent(client, DRAFT + "edit/wording/", title="The framework anew")
    answer = sent(client, PUBLISH, **ON)
    page = text(answer)
    assert "Check before you publish" in page
    assert "Scheme The framework anew Version 2 Begins 1 April 2099" in page
    assert "2 differences from version 1" in page
    assert "Title and source: 1" in page and "Challenging a refusal: 1" in page
    assert "1 of 2 open applications would have been touched. All stay on version 1." in page
    assert "You cannot change version 2 once it is published." in page
    for link in ("draft/changes/", "draft/applications/"):
        assert f'href="/framework/medway-2010/{link}"' in answer.text
    assert Scheme.objects.filter(code="medway-2010").count() == 1
    answer = client.post(PUBLISH, Page(answer).answers | {"confirm": "confirm"})
    assert answer.url == "/framework/medway-2010/"
    scheme = Scheme.objects.get(code="medway-2010", version=2)
    assert (scheme.effective_from, scheme.published_by) == (date(2099, 4, 1), place.psw)


def test_going_back_keeps_the_date(client, draft):
    check = sent(client, PUBLISH, **ON)
    back = client.post(PUBLISH, Page(check).answers | {"change": "change"})
    assert Page(back).answers["effective_from_2"] == "2099"
    assert "Check before" not in text(back)
    assert SchemeDraft.objects.get().is_open


def test_pressed_twice_it_is_published_once(client, place, draft):
    said = Page(sent(client, PUBLISH, **ON)).answers | {"confirm": "confirm"}
    first, second = (client.post(PUBLISH, said) for _ in range(2))
    assert first.url == second.url == "/framework/medway-2010/"
    assert Scheme.objects.filter(code="medway-2010").count() == 2
    assert client.get(PUBLISH).status_code == 409
    # Near misses: another day, and somebody else.
    assert client.post(PUBLISH, said | {"effective_from_2": "2100"}).status_code == 409
    colleague = person(Role.PRINCIPAL_SOCIAL_WORKER)
    place.service.officers.add(colleague)
    client.force_login(colleague)
    answer = client.post(PUBLISH, said)
    assert answer.status_code == 409
    assert f"{place.psw.name} has published this draft, as version 2 of the scheme." in text(answer)
    assert Scheme.objects.filter(code="medway-2010").count() == 2


def test_what_was_changed_meanwhile_is_looked_at_again(client, place, draft):
    said = Page(sent(client, PUBLISH, **ON)).answers | {"confirm": "confirm"}
    colleague = person(Role.PRINCIPAL_SOCIAL_WORKER, "Ada Colleague")
    place.service.officers.add(colleague)
    longer(draft, 20, by=colleague)
    answer = client.post(PUBLISH, said)
    assert answer.status_code == 409
    assert "Ada Colleague has changed the draft since you opened this page" in text(answer)
    again = client.post(PUBLISH, Page(answer).answers)
    assert "Check before you publish" in text(again)
    assert client.post(PUBLISH, Page(again).answers | {"confirm": "confirm"}).status_code == 302


def test_a_date_that_is_past_is_refused_beside_its_field(client, draft):
    answer = sent(client, PUBLISH, **(ON | {"effective_from_2": "2020"}))
    today = timezone.localdate()
    assert f"The day it begins must be {today.day} {today:%B %Y} or later" in text(answer)
    assert "Check before" not in text(answer)


def test_a_draft_that_is_not_whole_is_saved_and_not_published(client, draft):
    """A level more: its points are not paid yet, and no heading asks anything for the step to it."""
    level = {"new-name": "Level 4 Social Worker", "new-spinal_points": "44, 45"}
    assert sent(client, DRAFT + "edit/levels/", **level).status_code == 302
    step = {"new-from": "3", "new-to": "4", "new-criteria_of_levels": ["4"]}
    assert sent(client, DRAFT + "edit/steps/", **step).status_code == 302
    for page in (client.get(DRAFT), client.get(PUBLISH)):
        assert "Pay : point 44 has no salary" in text(page)
        assert "Headings : none has a criterion for the step to level 4" in text(page)
        assert 'href="/framework/medway-2010/draft/pay/"' in page.text
    refused = client.post(PUBLISH, ON | {"revision": "4", "confirm": "confirm"})
    assert refused.status_code == 409
    assert SchemeDraft.objects.get().is_open
    salaries = {"point-44": "37000", "point-45": "38000"}
    assert sent(client, DRAFT + "pay/0/", **salaries).status_code == 302
    assert sent(client, DRAFT + "headings/recording/", **{"criteria-4-0": "Leads"}).status_code == 302
    assert "To mend before" not in text(client.get(DRAFT))
    check = sent(client, PUBLISH, **ON)
    assert client.post(PUBLISH, Page(check).answers | {"confirm": "confirm"}).status_code == 302
    scheme = Scheme.objects.get(version=2)
    assert list(scheme.levels.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert scheme.rules.pay.salaries[44] == 37000


def test_the_top_level_goes_with_all_that_hangs_on_it(client, draft):
    """Near miss: of the levels below it none is offered for removal."""
    page = Page(client.get(DRAFT + "edit/levels/"))
    assert [one.name for one in page.controls if one.name.endswith("remove")] == ["2-remove"]
    assert sent(client, DRAFT + "edit/levels/", **{"2-remove": "on"}).status_code == 302
    file = SchemeDraft.objects.get().file
    assert [level["number"] for level in file["levels"]] == [1, 2]
    assert [step["to"] for step in file["progressions"]] == [2]
    assert max(map(int, file["pay"]["salaries"])) == 40
    assert not any("3" in heading["criteria"] for heading in file["competencies"])
    said = text(client.get(DRAFT))
    assert "Desirable, Post-qualifying training : there is no step to level 3" in said
    gone = client.get(DRAFT + "edit/desirables/")
    assert "3: no longer there" in text(gone)


def test_a_step_removed_leaves_its_criteria_to_be_dealt_with(client, draft):
    assert sent(client, DRAFT + "edit/steps/", **{"1-remove": "on"}).status_code == 302
    assert "Recording : no step is judged on level 3" in text(client.get(DRAFT))
    url = DRAFT + "headings/recording/"
    assert "Criteria, Level 3 Social Worker, which no step asks" in text(client.get(url))
    sent(client, url, **{"criteria-3-0": "", "criteria-3-1": ""})
    assert "Recording : no step" not in text(client.get(DRAFT))


def test_points_and_days_are_told_apart_from_words(client, draft):
    answer = sent(client, DRAFT + "edit/levels/", **{"0-spinal_points": "33 to 35"})
    assert "“Spinal column points” must be whole numbers with commas between, such as 1, 5" in text(answer)
    assert "33 to 35" in answer.text
    answer = sent(client, DRAFT + "edit/levels/", **{"1-spinal_points": "34, 36"})
    assert "point 34 does not come after point 35" in text(answer)
    answer = sent(client, DRAFT + "edit/increments/", **{"pay-increment_day-day": "31"})
    assert "month 4 has no day 31 every year" in text(answer)
    answer = sent(client, DRAFT + "edit/reminders/", **{"reminders-act-within": ""})
    assert "“When a manager, an authoriser or payroll must act: working days it should take" in text(answer)


def test_a_reminder_changed_leaves_the_rest_of_its_ladder_as_it_was(client, draft):
    before = draft.based_on.rules.reminders
    sent(client, DRAFT + "edit/reminders/", **{"reminders-act-before": "4", "reminders-idle": ""})
    after = type(draft.based_on.rules).model_validate(SchemeDraft.objects.get().file).reminders
    assert after.idle == []
    assert after.act == before.act.model_copy(update={"before": [4]})
    assert after.decide_review == before.decide_review


@pytest.mark.rule("R20", page="/framework/<code>/draft/edit/<part>/")
def test_a_hearing_is_given_up_and_brought_back(client, draft):
    url = DRAFT + "edit/appeal/"
    sent(client, url, **{"appeal-hearing": []})
    assert "hearing" not in SchemeDraft.objects.get().file["appeal"]
    sent(client, url, **{"appeal-hearing": "on", "appeal-hearing-representative_allowed": "on"})
    hearing = SchemeDraft.objects.get().file["appeal"]["hearing"]
    assert [name for name, said in hearing.items() if said] == ["representative_allowed"]


@pytest.mark.rule("R22", page="/framework/<code>/draft/pay/")
def test_pay_is_given_up_and_brought_back(client, draft):
    assert client.post(DRAFT + "pay/0/remove/").status_code == 302
    assert "Pay : is missing, though levels have spinal points" in text(client.get(DRAFT))
    assert client.get(DRAFT + "edit/increments/").status_code == 404
    salaries = {f"point-{point}": str(point * 1000) for point in range(33, 44)}
    day = {"effective_from_0": "1", "effective_from_1": "4", "effective_from_2": "2010"}
    assert sent(client, DRAFT + "pay/0/", **day, **salaries).status_code == 302
    assert SchemeDraft.objects.get().file["pay"]["salaries"]["33"] == "33000"
    assert "To mend before" not in text(client.get(DRAFT))
