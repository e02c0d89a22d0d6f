"""The principal social worker's pages: what they say and save, and keep when something is wrong."""

import html
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from competencies import transitions
from competencies.models import Scheme, SchemeDraft
from competencies.parts import PARTS
from people.roles import Role
from progression.models import Application
from progression.states import State
from tests.access.visit import Fields
from tests.council import NOW, organisation, person, social_worker
from tests.drafting import sent
from tests.reading import text
from tests.walk import application_at

pytestmark = pytest.mark.django_db

DRAFT = "/framework/medway-2010/draft/"


@pytest.fixture
def place():
    return organisation()


@pytest.fixture
def psw(client, place):
    client.force_login(place.psw)
    return place.psw


@pytest.fixture
def draft(psw):
    return transitions.begin_draft("medway-2010", actor=psw, now=NOW)


def test_from_the_start_page_to_a_published_version(client, psw):
    """The whole way, by pages alone."""
    assert "Your schemes" in text(client.get("/"))
    assert "Version 1, from 1 April 2010" in text(client.get("/framework/your-schemes/"))
    assert client.post(DRAFT + "begin/").url == DRAFT
    assert (
        sent(client, DRAFT + "edit/appeal/", **{"appeal-lodge_within-working_days": "15"}).status_code == 302
    )
    assert sent(client, DRAFT + "headings/recording/", **{"criteria-3-0": "Analyses well"}).status_code == 302
    changes = text(client.get(DRAFT + "changes/"))
    assert "Working days to ask for it Before 10 After 15" in changes
    assert "Criterion reworded, Level 3 Social Worker" in changes or "Criterion removed" in changes
    begins = timezone.localdate() + timedelta(days=3)
    day = {"effective_from_0": begins.day, "effective_from_1": begins.month, "effective_from_2": begins.year}
    check = sent(client, DRAFT + "publish/", **day)
    assert "Check before you publish" in text(check)
    answer = client.post(DRAFT + "publish/", carried(check) | {"confirm": "confirm"})
    assert answer.url == "/framework/medway-2010/"
    page = text(client.get(answer.url))
    assert "Version 2 published" in page and "Version 1, from 1 April 2010" in page
    assert Scheme.objects.get(version=2).rules.appeal.lodge_within.working_days == 15
    assert "Before 10 After 15" in text(client.get("/framework/medway-2010/version-2/changes/"))


@pytest.mark.parametrize("part", PARTS)
def test_a_part_saved_as_it_is_shown_changes_nothing(client, draft, part):
    """What a browser sends of each page, untouched."""
    answer = sent(client, f"{DRAFT}edit/{part}/")
    assert answer.status_code == 302
    assert SchemeDraft.objects.get().file == draft.file


@pytest.mark.parametrize(
    "heading", ["recording", "confidentiality", "influence-and-impact", "diversity-and-equality"]
)
def test_a_heading_saved_as_it_is_shown_changes_nothing(client, draft, heading):
    assert sent(client, f"{DRAFT}headings/{heading}/").status_code == 302
    assert SchemeDraft.objects.get().file == draft.file


def test_salaries_saved_as_they_are_shown_change_nothing(client, draft):
    assert sent(client, f"{DRAFT}pay/0/").status_code == 302
    assert SchemeDraft.objects.get().file == draft.file


@pytest.mark.rule("R37", page="/framework/<code>/draft/pay/<number>/")
def test_an_award_begins_from_the_salaries_before_it(client, draft):
    answer = sent(
        client, DRAFT + "pay/1/", effective_from_0="1", effective_from_1="4", effective_from_2="2011",
        **{"point-41": "35000.50"},
    )  # fmt: skip
    assert answer.status_code == 302
    (award,) = SchemeDraft.objects.get().file["pay"]["awards"]
    assert award["effective_from"] == "2011-04-01"
    assert (award["salaries"]["40"], award["salaries"]["41"]) == ("33661", "35000.5")
    assert "Award from 1 April 2011" in text(client.get(DRAFT + "pay/"))
    assert client.post(DRAFT + "pay/1/remove/").status_code == 302
    assert SchemeDraft.objects.get().file["pay"]["awards"] == []


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, draft):
    answer = sent(
        client,
        DRAFT + "edit/appeal/",
        **{"appeal-lodge_within-working_days": "0", "appeal-lodged": "By post"},
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_appeal-lodge_within-working_days-error"' in page
    assert "“Working days to ask for it” must be 1 or more" in text(answer)
    assert "By post" in page
    answer = sent(client, DRAFT + "edit/wording/", title="")
    assert "“Title of the scheme” is missing" in text(answer)
    answer = sent(client, DRAFT + "edit/gates/", **{"new-rule": "minimum_service", "new-kind": "must"})
    assert "must give months" in text(answer)
    assert SchemeDraft.objects.get().file == draft.file


def test_criteria_are_added_moved_and_emptied(client, draft):
    url = DRAFT + "headings/recording/"

    def level_2():
        return SchemeDraft.objects.get().file["competencies"][0]["criteria"]["2"]

    first, second, third = level_2()
    assert sent(client, url, down="criteria-2-0").url == url
    assert level_2() == [second, first, third]
    sent(client, url, up="criteria-2-2")
    assert level_2() == [second, third, first]
    sent(client, url, **{"criteria-2-3": "Reads what others wrote", "criteria-2-0": ""})
    assert level_2() == [third, first, "Reads what others wrote"]
    answer = sent(client, url, **{f"criteria-{level}-{place}": "" for level in (2, 3) for place in range(4)})
    assert "has no criterion at any level" in text(answer)


def test_rows_are_added_and_removed(client, draft):
    url = DRAFT + "edit/declarations/"
    sent(
        client,
        url,
        **{"0-remove": "on", "new-statement": "has led a team meeting", "new-progressions": ["3"]},
    )
    declared = SchemeDraft.objects.get().file["decision"]["declarations"]
    assert [one["code"] for one in declared] == [
        "punctuality",
        "diversity",
        "development",
        "has-led-a-team-meeting",
    ]
    assert declared[-1]["progressions"] == [3]


def test_a_save_over_somebody_elses_shows_both(client, place, draft):
    """Near miss: the same page, opened before a colleague saved it."""
    url = DRAFT + "edit/wording/"
    seen = carried(client.get(url))["seen"]
    answers = {"title": "Mine", "service": "Children", "source": "", "seen": seen}
    sent(client, url, title="Theirs")
    answer = client.post(url, answers)
    assert answer.status_code == 409
    assert "Title of the scheme Saved now Theirs You typed Mine" in text(answer)
    again = client.post(url, answers | {"seen": carried(answer)["seen"]})
    assert again.status_code == 302
    assert SchemeDraft.objects.get().file["title"] == "Mine"


def test_the_file_goes_out_and_comes_back(client, draft):
    out = client.get(DRAFT + "file.yaml")
    assert out.headers["Content-Type"] == "text/yaml; charset=utf-8"
    assert out.headers["Content-Disposition"] == 'attachment; filename="medway-2010-draft.yaml"'
    file = out.content.decode().replace("working_days: 10", "working_days: 12", 1)

    def read_in(raw):
        upload = SimpleUploadedFile("scheme.yaml", raw)
        return client.post(
            DRAFT + "read-file/", {"file": upload, **carried(client.get(DRAFT + "read-file/"))}
        )

    assert read_in(file.encode()).url == DRAFT
    assert SchemeDraft.objects.get().file["appeal"]["lodge_within"]["working_days"] == 12
    assert client.get(DRAFT + "file.yaml").content.decode() == file
    answer = read_in(file.replace("working_days: 12", "working_days: never").encode())
    assert answer.status_code == 200
    assert "appeal > lodge_within > working_days: must be a whole number" in html.unescape(text(answer))
    assert "Line" in text(answer)
    assert "is not text in UTF-8" in text(read_in("é".encode("utf-16")))
    assert "is larger than 300,000 bytes" in text(read_in(b"x" * 400_000))


def test_a_published_versions_file(client, psw):
    out = client.get("/framework/medway-2010/version-1/file.yaml")
    assert out.headers["Content-Disposition"] == 'attachment; filename="medway-2010-version-1.yaml"'
    assert out.content.startswith(b"code: medway-2010\n")


def test_who_else_reads_and_edits(client, place, draft):
    """Auditors of the service read; whoever keeps another scheme knows nothing of this draft."""
    client.force_login(place.auditor)
    assert client.get(DRAFT).status_code == 200
    assert "Publish" not in text(client.get(DRAFT))
    assert client.get(DRAFT + "edit/appeal/").status_code == 404
    client.force_login(organisation("redbridge-2013").psw)
    assert client.get(DRAFT).status_code == 404
    assert client.post(DRAFT + "discard/").status_code == 404
    assert SchemeDraft.objects.get().is_open


def test_a_draft_that_is_over_says_who_ended_it(client, place, draft):
    colleague = person(Role.PRINCIPAL_SOCIAL_WORKER, "Ada Colleague")
    place.service.officers.add(colleague)
    transitions.discard(draft, actor=colleague, now=NOW)
    answer = client.post(DRAFT + "edit/wording/", {"title": "Typed for nothing"})
    assert answer.status_code == 409
    assert "Ada Colleague has discarded this draft." in text(answer)


def carried(response):
    """The hidden fields of a page's form."""
    return Fields(response.content.decode()).hidden


@pytest.mark.rule("R24", scheme="medway-2010", page="/framework/<code>/")
def test_the_schemes_page_says_when_it_is_looked_at_again(client, place, psw):
    page = text(client.get("/framework/medway-2010/"))
    assert "Applies from 1 April 2010" in page
    assert "Was due on 1 April 2011, for the Employment Matters Committee" in page
    assert "Figures up to the review, 1 April 2010 to 1 April 2011" in page


@pytest.mark.rule("R24", scheme="medway-2010", page="/figures/<code>/")
def test_the_figures_of_the_first_twelve_months(client, place, psw):
    began = NOW.replace(year=2010, month=4, day=1)
    application_at(State.DRAFT, worker=social_worker(place.team), now=began)
    application_at(State.DRAFT, worker=social_worker(place.team), now=began.replace(year=2011))
    page = text(client.get("/figures/medway-2010/"))
    assert "To Level 3 Social Worker State Applications Being built 1" in page
    assert Application.objects.count() == 2


@pytest.mark.rule("R33", scheme="redbridge-2013", page="/framework/<code>/")
def test_who_leads_the_scheme(client):
    client.force_login(organisation("redbridge-2013").worker)
    page = text(client.get("/framework/redbridge-2013/"))
    assert "Overseen by Children&#39;s Trust Management Team" in page
    assert "Led by Principal Child and Family Social Worker" in page


@pytest.mark.rule("R38", scheme="medway-2018", page="/framework/<code>/")
def test_the_national_statements_are_shown(client):
    client.force_login(organisation("medway-2018").worker)
    page = text(client.get("/framework/medway-2018/"))
    assert "Knowledge and Skills Statement for child and family practitioners" in page
    assert "Relationships and effective direct work" in page
    assert "Critical reflection and analysis" in page


def test_a_worker_reads_about_a_scheme_and_is_offered_nothing_to_change(client, place, draft):
    client.force_login(place.worker)
    page = text(client.get("/framework/medway-2010/"))
    assert "draft" not in page and "Download" not in page
