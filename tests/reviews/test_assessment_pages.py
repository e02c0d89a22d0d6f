"""The pages of an assessment, through the browser's own requests."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from progression.states import State
from reviews import selectors, transitions
from tests.built_once import built_once
from tests.council import NOW, manager_of, organisation, social_worker
from tests.walk import application_at, assessed, portfolio_filled, started, submitted

pytestmark = pytest.mark.django_db


class Pages:
    """One person's browser on one case."""

    def __init__(self, client, application, user=None):
        self.client, self.application = client, application
        client.force_login(user or manager_of(application))

    def address(self, page, *args):
        return reverse(f"reviews:{page}", args=(self.application.reference, *args))

    def get(self, page, *args):
        return self.client.get(self.address(page, *args))

    def post(self, page, *args, **data):
        return self.client.post(self.address(page, *args), data)


built, cases = built_once(lambda: SimpleNamespace(submitted=application_at(State.SUBMITTED)))


@pytest.fixture
def application(cases):
    return cases.submitted


@pytest.fixture
def pages(client, application):
    return Pages(client, application)


@pytest.fixture
def begun(application):
    return transitions.begin_assessment(application, actor=manager_of(application), now=NOW)


def said(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def criteria(assessment, code):
    return [
        finding.criterion_id
        for heading in selectors.findings_by_heading(assessment)
        if heading.competency.code == code
        for finding in heading.findings
    ]


def findings(assessment):
    return list(assessment.findings.order_by("id").values_list("met", "evidence", "action", "action_by"))


class TestStarting:
    def test_looking_writes_nothing(self, application, pages):
        answer = pages.get("assessment")
        assert answer.status_code == 200
        assert "Start assessment" in said(answer)
        assert not application.assessments.exists()

    def test_starting_leads_to_the_first_heading(self, application, pages):
        answer = pages.post("assessment")
        assert answer.url == pages.address("assess_heading", "recording")
        assert application.assessments.count() == 1

    def test_starting_twice_makes_one(self, application, pages):
        pages.post("assessment")
        pages.post("assessment")
        assert application.assessments.count() == 1

    @pytest.mark.parametrize("page", ["declarations", "recommendation", "sign"])
    def test_no_page_is_reached_before_the_start(self, pages, page):
        answer = pages.get(page)
        assert answer.status_code == 409
        assert "Start the assessment first" in said(answer)

    def test_the_task_list_has_every_heading(self, pages, begun):
        text = said(pages.get("assessment"))
        assert text.count("Not started") == 23
        assert "0 of 110 criteria finished" in text
        assert "Practice teaching qualification: not said" in text

    def test_without_a_recommendation_something_is_missing(self, client):
        pages = Pages(client, application_at(State.SUBMITTED))
        assessed(pages.application)
        assert "Check and sign" in said(pages.get("assessment"))
        pages.application.assessments.update(recommended=None)
        assert "See what is missing" in said(pages.get("assessment"))

    @pytest.mark.rule("R11", scheme="medway-2010", page="/applications/<reference>/recommendation/")
    def test_a_newly_qualified_workers_short_service_is_said(self, client):
        """R11: it warns."""
        place = organisation()
        service = {"service_start": timezone.localdate(), "induction_completed_on": timezone.localdate()}
        post = {"level": 1, "spinal_point": 33, "newly_qualified": True} | service
        worker = social_worker(place.team, **post)
        pages = Pages(client, application_at(State.SUBMITTED, worker=worker, now=timezone.now()))
        assert "12 months’ service is expected" in said(pages.get("assessment"))
        pages.post("assessment")
        assert "Why should the application go on?" in said(pages.get("recommendation"))


class TestAHeading:
    def test_evidence_stands_beside_the_criteria(self, pages, begun):
        text = said(pages.get("assess_heading", "recording"))
        assert "I saw the child alone and listened before I asked." in text
        assert "1. Uses the case recording system" in text
        assert "heading 1 of 21" in text

    def test_how_many_examples_there_are_is_said_for_they_scroll(self, client):
        application = started(organisation().worker)
        portfolio_filled(application, pieces=2)
        pages = Pages(client, submitted(application))
        pages.post("assessment")
        assert "The worker’s evidence: 2 examples" in said(pages.get("assess_heading", "recording"))

    def test_where_nothing_is_declared_the_last_heading_leads_to_the_recommendation(self, client):
        pages = Pages(client, application_at(State.SUBMITTED, scheme="redbridge-2013"))
        begun = transitions.begin_assessment(pages.application, actor=manager_of(pages.application), now=NOW)
        last = selectors.findings_by_heading(begun)[-1].competency.code
        answer = pages.post("assess_heading", last, revision=begun.revision_of(last), next="next")
        assert answer.url == pages.address("recommendation")

    @pytest.mark.rule("R4", scheme="medway-2010", page="/applications/<reference>/assessment/<code>/")
    def test_diversity_has_no_evidence_of_the_workers(self, pages, begun):
        """R4: the manager declares it, at every level."""
        text = said(pages.get("assess_heading", "diversity-and-equality"))
        assert "The evidence form does not ask" in text
        assert "A home visit" not in text

    def test_only_what_was_submitted_is_shown(self, application, pages, begun):
        application.worker.evidence.update(what_i_did="Written after handing in.")
        assert "Written after handing in." not in said(pages.get("assess_heading", "recording"))

    def test_an_unknown_heading_is_not_found(self, pages, begun):
        assert pages.get("assess_heading", "juggling").status_code == 404

    def test_one_note_stands_for_every_criterion_left_empty(self, pages, begun):
        """R9: the evidence, typed once."""
        first, *rest = criteria(begun, "recording")
        answers = {f"met_{pk}": "yes" for pk in (first, *rest)}
        answers |= {f"evidence_{first}": "Her own note.", "note": "Seen in March.", "next": "next"}
        answer = pages.post("assess_heading", "recording", revision=0, **answers)
        assert answer.url == pages.address("assess_heading", "assessments")
        assert (
            findings(begun)[:5]
            == [(True, "Her own note.", "", None)] + [(True, "Seen in March.", "", None)] * 4
        )

    def test_a_draft_with_holes_is_kept(self, pages, begun):
        answer = pages.post("assess_heading", "recording", revision=0, later="later")
        assert answer.url == pages.address("assessment")
        assert "Recording saved" in said(pages.client.get(answer.url))

    @pytest.mark.rule("R9", scheme="medway-2010", page="/applications/<reference>/assessment/<code>/")
    def test_not_met_keeps_its_action_and_date(self, pages, begun):
        """R9: what, by when."""
        pk = criteria(begun, "recording")[0]
        year = timezone.localdate().year + 1
        by_when = {f"action_by_{pk}_0": "4", f"action_by_{pk}_1": "5", f"action_by_{pk}_2": str(year)}
        answers = {f"met_{pk}": "no", f"action_{pk}": "Same-day records.", **by_when}
        assert pages.post("assess_heading", "recording", revision=0, **answers).status_code == 302
        assert findings(begun)[0] == (False, "", "Same-day records.", date(year, 5, 4))

    def test_a_wrong_date_is_refused_and_everything_typed_is_kept(self, pages, begun):
        pk, other = criteria(begun, "recording")[:2]
        by_when = {f"action_by_{pk}_0": "31", f"action_by_{pk}_1": "2", f"action_by_{pk}_2": "2030"}
        answers = {f"met_{pk}": "no", f"evidence_{other}": "Typed with care.", **by_when}
        answer = pages.post("assess_heading", "recording", revision=0, **answers)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert f'href="#id_action_by_{pk}_0"' in page
        assert "Typed with care." in page
        assert findings(begun)[0] == (None, "", "", None)

    def test_a_day_gone_by_is_no_day_to_act(self, pages, begun):
        pk = criteria(begun, "recording")[0]
        by_when = {f"action_by_{pk}_0": "1", f"action_by_{pk}_1": "2", f"action_by_{pk}_2": "2020"}
        answer = pages.post("assess_heading", "recording", revision=0, **{f"met_{pk}": "no", **by_when})
        assert "or later" in said(answer)

    def test_met_asks_nothing_of_the_fields_it_hides(self, pages, begun):
        """R9, near miss: the wrong date belonged to an answer since changed."""
        pk = criteria(begun, "recording")[0]
        answers = {f"met_{pk}": "yes", f"action_by_{pk}_0": "31", f"action_{pk}": "Left over."}
        assert pages.post("assess_heading", "recording", revision=0, **answers).status_code == 302
        assert findings(begun)[0] == (True, "", "", None)

    def test_two_tabs_keep_both_texts(self, pages, begun):
        pk = criteria(begun, "recording")[0]
        pages.post("assess_heading", "recording", revision=0, **{f"evidence_{pk}": "From the first tab."})
        answer = pages.post(
            "assess_heading", "recording", revision=0, **{f"evidence_{pk}": "From the second."}
        )
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "From the first tab." in page and "From the second." in page
        assert findings(begun)[0][1] == "From the first tab."
        again = {
            f"evidence_{pk}": "From the second.",
            "revision": re.search(r'name="revision" value="(\d+)"', page)[1],
        }
        assert pages.post("assess_heading", "recording", **again).status_code == 302
        assert findings(begun)[0][1] == "From the second."

    def test_markup_is_shown_and_not_obeyed(self, pages, begun):
        pk = criteria(begun, "recording")[0]
        pages.post(
            "assess_heading", "recording", revision=0, **{f"evidence_{pk}": "</textarea><script>x</script>"}
        )
        for answer in (pages.get("assess_heading", "recording"), pages.get("sign")):
            assert "<script>x" not in answer.content.decode()

    def test_the_last_heading_leads_to_the_declarations(self, pages, begun):
        answer = pages.post("assess_heading", "diversity-and-equality", revision=0, next="next")
        assert answer.url == pages.address("declarations")


class TestDeclaringAndRecommending:
    @pytest.mark.rule("R13", scheme="medway-2010", page="/applications/<reference>/declarations/")
    def test_declarations_are_kept(self, pages, begun):
        """R13: have or have not."""
        answers = {"attendance": "yes", "punctuality": "no", "diversity": "yes"}
        answer = pages.post("declarations", revision=0, **answers)
        assert answer.url == pages.address("recommendation")
        kept = dict(begun.declarations.values_list("code", "shown"))
        assert kept == {"attendance": True, "punctuality": False, "diversity": True, "development": None}

    def test_stale_declarations_show_both(self, pages, begun):
        pages.post("declarations", revision=0, attendance="yes")
        answer = pages.post("declarations", revision=0, attendance="no")
        assert answer.status_code == 409
        assert "has shown good attendance: yes" in said(answer)

    def test_reasons_are_kept(self, pages, begun):
        """R14."""
        answer = pages.post(
            "recommendation", revision=0, recommended="no", reasons="Late records.", later="later"
        )
        assert answer.url == pages.address("assessment")
        begun.refresh_from_db()
        assert (begun.recommended, begun.reasons) == (False, "Late records.")

    def test_a_stale_recommendation_shows_both(self, pages, begun):
        pages.post("recommendation", revision=0, recommended="no", reasons="From the first tab.")
        answer = pages.post("recommendation", revision=0, recommended="no", reasons="From the second.")
        assert answer.status_code == 409
        assert "From the first tab." in said(answer) and "From the second." in said(answer)


class TestSigning:
    def test_holes_are_listed_with_links_and_nothing_can_be_signed(self, pages, begun):
        page = pages.get("sign").content.decode()
        assert f'href="{pages.address("assess_heading", "recording")}"' in page
        assert "Sign the assessment" not in page

    def test_signing_past_the_page_is_refused_with_the_same_sentences(self, application, pages, begun):
        answer = pages.post("sign", seen=0, confirmed="on")
        assert answer.status_code == 409
        assert "Say whether you recommend progression." in said(answer)
        application.refresh_from_db()
        assert application.state == State.SUBMITTED

    @pytest.mark.rule("R17", scheme="medway-2010", page="/applications/<reference>/sign/")
    def test_what_signing_does_is_said_first(self, application, pages):
        """R17: the signature's date is the date that the new pay runs from."""
        assessed(application)
        today = timezone.localdate()
        text = said(pages.get("sign"))
        assert (
            f"Your signature’s date, {today.day} {today:%B %Y}, is the date that the new pay runs from"
            in text
        )
        assert "It goes to a service manager to authorise or decline" in text

    def test_not_recommending_says_no_date(self, application, pages):
        """R17, near miss: no award, no date."""
        assessed(application, recommended=False)
        text = said(pages.get("sign"))
        assert "the new pay runs from" not in text
        assert "It goes to a service manager to confirm" in text

    def test_where_nobody_confirms_it_says_so(self, client):
        """R32: the manager's word opens the appeal."""
        application = application_at(State.SUBMITTED, scheme="redbridge-2013")
        assessed(application, recommended=False)
        assert "The application ends as not progressed" in said(Pages(client, application).get("sign"))

    def test_the_box_is_ticked_first(self, application, pages):
        assessment = assessed(application)
        answer = pages.post("sign", seen=assessment.saves)
        assert "Tick the box" in said(answer)
        application.refresh_from_db()
        assert application.state == State.SUBMITTED

    def test_signing_answers_with_a_panel(self, application, pages):
        assessment = assessed(application)
        answer = pages.post("sign", seen=assessment.saves, confirmed="on")
        assert answer.url == pages.address("signed")
        text = said(pages.client.get(answer.url))
        assert "Assessment signed" in text
        assert "A senior manager authorises progression or declines it" in text

    def test_the_second_press_is_told_who_and_when(self, application, pages):
        assessment = assessed(application)
        pages.post("sign", seen=assessment.saves, confirmed="on")
        answer = pages.post("sign", seen=assessment.saves, confirmed="on")
        assert answer.status_code == 409
        assert f"{manager_of(application).name} moved this application on" in said(answer)

    def test_what_changed_since_the_page_was_opened_is_read_again(self, application, pages):
        assessment = assessed(application)
        answer = pages.post("sign", seen=assessment.saves - 1, confirmed="on")
        assert answer.status_code == 409
        assert "changed after you opened the page" in said(answer)


class TestReturning:
    def test_a_return_says_why_and_leads_to_the_case(self, application, pages):
        answer = pages.post("return_to_worker", reason="Say what came of it.")
        assert answer.url == reverse("progression:case", args=(application.reference,))
        application.refresh_from_db()
        assert application.state == State.RETURNED

    def test_a_return_without_a_reason_is_asked_for_one(self, application, pages):
        assert "Say what the worker needs to do" in said(pages.post("return_to_worker", reason=" "))
        application.refresh_from_db()
        assert application.state == State.SUBMITTED

    def test_what_came_again_is_marked(self, client, application, pages, begun):
        pk = criteria(begun, "recording")[0]
        pages.post("assess_heading", "recording", revision=0, **{f"evidence_{pk}": "Seen before."})
        returned = transitions.return_to_worker(
            application, actor=manager_of(application), reason="More.", now=NOW
        )
        portfolio_filled(returned)
        submitted(returned)
        pages.post("assessment")
        assert "Evidence changed" in said(pages.get("assessment"))
        text = said(pages.get("assess_heading", "recording"))
        assert "The evidence has changed since" in text and "Seen before." in text
        assert "Recording: the worker changed the evidence." in said(pages.get("sign"))


def test_the_signed_assessment_is_read(client):
    application = application_at(State.RECOMMENDED)
    text = said(Pages(client, application).get("findings"))
    assert "Seen in supervision and in the case record." in text
    assert "10 March 2026" in text
    assert "Change" not in text


def test_of_the_signed_assessment_only_what_is_not_met_stands_open(client):
    """On a phone, 110 criteria are 30 screens: whoever was refused looks for the one that was not met."""
    application = application_at(State.NOT_RECOMMENDED)
    html = Pages(client, application).get("findings").text
    folds = re.findall(r'<details class="govuk-details[^"]*"( open)?>.*?summary-text">([^<]*)<', html, re.S)
    assert [words.endswith("met") for _, words in folds] == [True] * 21
    opened = [words for is_open, words in folds if is_open]
    assert opened and all(" of " in words for words in opened) and len(opened) < 21


def test_queries_do_not_grow_with_the_evidence(client, django_assert_max_num_queries):
    """3 pieces and 30, each of them under every heading: 60 examples and 600."""
    counts = []
    for pieces in (3, 30):
        application = started(organisation().worker)
        portfolio_filled(application, pieces=pieces)
        pages = Pages(client, submitted(application))
        pages.post("assessment")
        for page in (
            ("assessment",),
            ("assess_heading", "recording"),
            ("declarations",),
            ("recommendation",),
            ("sign",),
        ):
            pages.get(*page)  # what a process reads once
            with django_assert_max_num_queries(8) as counted:
                assert pages.get(*page).status_code == 200
            counts.append(len(counted))
    assert counts[:5] == counts[5:]
