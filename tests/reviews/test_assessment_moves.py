"""A manager's assessment as moves: begin, save, come back, return, sign."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from competencies import selectors as competencies
from people.permissions import NotAllowed
from people.policies import Blocked
from progression.models import Event
from progression.states import State
from reviews import selectors, transitions
from reviews.models import Assessment
from tests.built_once import built_once
from tests.council import NOW, TODAY, manager_of, organisation, social_worker
from tests.walk import application_at, assessed, portfolio_filled, submitted

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


built, cases = built_once(lambda: SimpleNamespace(submitted=application_at(State.SUBMITTED)))


@pytest.fixture
def application(cases):
    return cases.submitted


@pytest.fixture
def manager(application):
    return manager_of(application)


@pytest.fixture
def assessment(application, manager):
    return transitions.begin_assessment(application, actor=manager, now=NOW)


def heading(assessment, code):
    return next(one for one in selectors.findings_by_heading(assessment) if one.competency.code == code)


def save(assessment, code, actor, *, base_revision=None, now=NOW, **answer):
    """Give every criterion of a heading the same answer."""
    here = heading(assessment, code)
    return transitions.save_heading(
        assessment,
        here.competency,
        actor=actor,
        base_revision=assessment.revision_of(code) if base_revision is None else base_revision,
        findings={finding.criterion_id: dict(answer) for finding in here.findings},
        now=now,
    )


class TestBeginning:
    @pytest.mark.parametrize(("level", "point", "criteria"), [(1, 35, 66), (2, 37, 110)])
    def test_every_criterion_of_the_step_is_to_be_judged(self, level, point, criteria):
        """R5: 1 → 2 is judged on all Level 2 criteria, 2 → 3 on all Level 2 and Level 3 criteria."""
        place = organisation()
        worker = social_worker(place.team, level=level, spinal_point=point)
        application = application_at(State.SUBMITTED, worker=worker)
        assessment = transitions.begin_assessment(application, actor=place.manager, now=NOW)
        assert assessment.findings.filter(met=None, evidence="").count() == criteria
        assert len(selectors.findings_by_heading(assessment)) == 21

    @pytest.mark.rule("R5", scheme="medway-2010")
    @pytest.mark.parametrize(("level", "point", "asked"), [(1, 35, 3), (2, 37, 4)])
    def test_declarations_are_those_of_the_step(self, level, point, asked):
        """R5: commitment to own development is declared at 2 → 3 alone. R13."""
        place = organisation()
        worker = social_worker(place.team, level=level, spinal_point=point)
        application = application_at(State.SUBMITTED, worker=worker)
        assessment = transitions.begin_assessment(application, actor=place.manager, now=NOW)
        assert [one.shown for one in assessment.declarations.all()] == [None] * asked

    def test_beginning_twice_finds_the_first(self, application, assessment, manager):
        again = transitions.begin_assessment(application, actor=manager, now=LATER)
        assert again == assessment
        assert again.findings.count() == 110
        assert application.events.filter(verb="assessment_started").count() == 1

    def test_a_case_that_is_not_submitted_is_not_assessed(self):
        application = application_at(State.DRAFT)
        with pytest.raises(Blocked, match="It is now"):
            transitions.begin_assessment(application, actor=manager_of(application), now=NOW)


class TestSavingAHeading:
    def test_a_draft_may_have_holes(self, assessment, manager):
        saved = save(assessment, "recording", manager, met=None, evidence="See her record of 3 March.")
        here = heading(saved, "recording")
        assert {finding.evidence for finding in here.findings} == {"See her record of 3 March."}
        assert here.progress.words == "0 of 5"

    def test_a_heading_is_done_with_finding_and_evidence(self, assessment, manager):
        """R9: met or not met and the evidence for it."""
        saved = save(assessment, "recording", manager, met=True, evidence="Her records of March.")
        assert heading(saved, "recording").progress.words == "Done"

    def test_not_met_is_done_with_action_and_date_alone(self, assessment, manager):
        """R9: each not met also has an agreed action: what, by when."""
        saved = save(assessment, "recording", manager, met=False, evidence="Late in March.")
        assert heading(saved, "recording").progress.done == 0
        saved = save(saved, "recording", manager, action="Same-day records.")
        assert heading(saved, "recording").progress.done == 0
        saved = save(saved, "recording", manager, action_by=TODAY)
        assert heading(saved, "recording").progress.done == 5

    def test_what_was_agreed_goes_when_the_criterion_is_met(self, assessment, manager):
        saved = save(assessment, "recording", manager, met=False, action="Same-day records.", action_by=TODAY)
        saved = save(saved, "recording", manager, met=True, action="Same-day records.", action_by=TODAY)
        assert {(one.action, one.action_by) for one in heading(saved, "recording").findings} == {("", None)}

    def test_a_stale_save_is_refused_and_changes_nothing(self, assessment, manager):
        save(assessment, "recording", manager, base_revision=0, met=True, evidence="First.")
        with pytest.raises(transitions.StaleSave) as stale:
            save(assessment, "recording", manager, base_revision=0, met=True, evidence="Second.")
        assert stale.value.revision == 1
        assert {one.evidence for one in heading(assessment, "recording").findings} == {"First."}

    def test_the_same_words_sent_twice_are_no_clash(self, assessment, manager):
        for _ in range(2):
            save(assessment, "recording", manager, base_revision=0, met=True, evidence="First.")
        assert {one.evidence for one in heading(assessment, "recording").findings} == {"First."}

    def test_two_headings_in_two_tabs_do_not_clash(self, assessment, manager):
        save(assessment, "recording", manager, base_revision=0, met=True, evidence="First.")
        save(assessment, "empathy", manager, base_revision=0, met=True, evidence="Second.")
        assert heading(assessment, "empathy").progress.words == "Done"

    def test_a_criterion_of_another_heading_is_left_alone(self, assessment, manager):
        here, other = heading(assessment, "recording"), heading(assessment, "empathy").findings[0]
        transitions.save_heading(
            assessment,
            here.competency,
            actor=manager,
            base_revision=0,
            findings={other.criterion_id: {"met": True, "evidence": "Smuggled."}},
            now=NOW,
        )
        other.refresh_from_db()
        assert (other.met, other.evidence) == (None, "")


class TestRecommending:
    def recommend(self, assessment, manager, recommended, **options):
        return transitions.save_recommendation(
            assessment, actor=manager, recommended=recommended, now=NOW, **{"base_revision": 0} | options
        )

    def test_a_recommendation_carries_no_reasons_against(self, assessment, manager):
        """R14: the reasons are those for not recommending."""
        saved = self.recommend(assessment, manager, True, reasons="Left over from a first thought.")
        assert saved.reasons == ""

    def test_a_stale_recommendation_is_refused(self, assessment, manager):
        self.recommend(assessment, manager, True)
        with pytest.raises(transitions.StaleSave):
            self.recommend(assessment, manager, False, reasons="Late records.")
        assessment.refresh_from_db()
        assert assessment.recommended is True

    def test_stale_declarations_are_refused(self, assessment, manager):
        for shown in (True, False):
            options = {"base_revision": 0, "shown": {"attendance": shown}, "now": NOW}
            if shown:
                transitions.save_declarations(assessment, actor=manager, **options)
            else:
                with pytest.raises(transitions.StaleSave):
                    transitions.save_declarations(assessment, actor=manager, **options)
        assert assessment.declarations.get(code="attendance").shown is True


class TestReturning:
    def test_the_worker_can_change_the_portfolio_again(self, application, manager):
        returned = transitions.return_to_worker(application, actor=manager, reason="Add outcomes.", now=LATER)
        assert returned.state == State.RETURNED
        returned.portfolio.refresh_from_db()
        assert returned.portfolio.is_open
        event = Event.objects.filter(application=returned).last()
        assert (event.verb, event.reason, event.actor) == ("returned", "Add outcomes.", manager)

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_a_return_says_why(self, application, manager, reason):
        with pytest.raises(Blocked, match="Say why"):
            transitions.return_to_worker(application, actor=manager, reason=reason, now=NOW)

    @pytest.fixture
    def returned(self, application, assessment, manager):
        """Recording judged, then returned: the next submission starts from it."""
        save(assessment, "recording", manager, met=True, evidence="Her records of March.")
        return transitions.return_to_worker(application, actor=manager, reason="More on empathy.", now=LATER)

    def test_findings_are_carried_over_and_marked(self, returned, assessment, manager):
        again = transitions.begin_assessment(submitted(returned, now=LATER), actor=manager, now=LATER)
        assert again != assessment
        here = heading(again, "recording")
        assert [finding.evidence for finding in here.findings] == ["Her records of March."] * 5
        assert here.progress.words == "From last time"
        assert heading(again, "empathy").progress.words == "Not started"

    def test_changed_evidence_is_to_be_looked_at_again(self, returned, manager):
        portfolio_filled(returned, now=LATER)
        again = transitions.begin_assessment(submitted(returned, now=LATER), actor=manager, now=LATER)
        assert heading(again, "recording").progress.words == "Evidence changed"
        saved = save(again, "recording", manager)
        assert heading(saved, "recording").progress.words == "Done"

    def test_diversity_has_no_evidence_to_change(self, application, assessment, manager):
        """R4: the manager declares it; nothing that the worker adds asks to look again."""
        save(assessment, "diversity-and-equality", manager, met=True, evidence="Her work on access.")
        returned = transitions.return_to_worker(application, actor=manager, reason="More.", now=LATER)
        portfolio_filled(returned, now=LATER)
        again = transitions.begin_assessment(submitted(returned, now=LATER), actor=manager, now=LATER)
        assert heading(again, "diversity-and-equality").progress.words == "From last time"

    def test_the_assessment_of_the_old_submission_cannot_be_saved(self, returned, assessment, manager):
        submitted(returned, now=LATER)
        with pytest.raises(Blocked, match="submitted again"):
            save(assessment, "recording", manager, met=True, evidence="Too late.")

    def test_nothing_is_saved_while_it_is_with_the_worker(self, returned, assessment, manager):
        with pytest.raises(Blocked, match="It is now"):
            save(assessment, "recording", manager, met=True, evidence="Too early.")


class TestSigning:
    def sign(self, application, actor, **options):
        return transitions.sign(application, actor=actor, **{"now": LATER, "today": LATER.date()} | options)

    @pytest.mark.rule("R17", scheme="medway-2010")
    def test_recommending_dates_the_award_from_the_signature(self, application, manager):
        """R17: the award is backdated to the day the line manager signed."""
        assessed(application)
        signed = self.sign(application, manager)
        assert signed.state == State.RECOMMENDED
        assert (signed.assessor, signed.assessed_on) == (manager, LATER.date())
        assert signed.effective_date == LATER.date()
        assessment = selectors.signed_assessment(signed)
        assert (assessment.signed_at, assessment.signed_on) == (LATER, LATER.date())

    def test_not_recommending_goes_on_with_the_reasons(self, application, manager):
        """R14: full reasons. No award, so no date of one."""
        assessed(application, recommended=False)
        signed = self.sign(application, manager)
        assert signed.state == State.NOT_RECOMMENDED
        assert (signed.assessed_on, signed.effective_date) == (LATER.date(), None)
        event = signed.events.last()
        assert (event.verb, event.reason) == ("not_recommended", "Recording is not yet made on time.")

    @pytest.mark.rule("R32", scheme="redbridge-2013")
    def test_where_the_scheme_says_so_the_managers_word_refuses(self):
        """R32: no authoriser confirms; both moves are in the history."""
        application = application_at(State.SUBMITTED, scheme="redbridge-2013")
        assessed(application, recommended=False)
        signed = self.sign(application, manager_of(application))
        assert signed.state == State.REFUSED
        moves = [event.to_state for event in signed.events.all() if event.to_state]
        assert moves[-2:] == [State.NOT_RECOMMENDED, State.REFUSED]

    def test_nothing_is_signed_before_it_is_begun(self, application, manager):
        with pytest.raises(Blocked, match="Start the assessment first"):
            self.sign(application, manager)

    def test_holes_are_named_and_nothing_moves(self, application, assessment, manager):
        save(assessment, "recording", manager, met=True, evidence="Her records of March.")
        with pytest.raises(Blocked) as blocked:
            self.sign(application, manager)
        assert (
            "Looked after children: say met or not met, with your evidence, for 4 criteria."
            in blocked.value.sentences
        )
        assert not [sentence for sentence in blocked.value.sentences if "Recording" in sentence]
        application.refresh_from_db()
        assert application.state == State.SUBMITTED

    def test_the_second_signature_is_told_who_was_first_and_when(self, application, manager):
        assessed(application)
        self.sign(application, manager)
        with pytest.raises(
            Blocked, match=f"{manager.name} moved this application on 13 March 2026 at 10:00am"
        ):
            self.sign(application, manager)
        assert application.events.filter(to_state=State.RECOMMENDED).count() == 1

    def test_one_signs_what_one_has_read(self, application, manager):
        assessment = assessed(application)
        save(assessment, "recording", manager, evidence="Changed in another tab.")
        with pytest.raises(Blocked, match="changed after you opened"):
            self.sign(application, manager, seen=assessment.saves)

    def test_a_new_manager_signs_what_the_old_one_began(self, application, manager):
        assessed(application)
        team = application.team
        team.manager = organisation().manager
        team.save()
        with pytest.raises(NotAllowed):
            self.sign(application, manager)
        signed = self.sign(application, team.manager)
        assert signed.assessor == selectors.signed_assessment(signed).assessor == team.manager


@pytest.mark.rule("R6", scheme="medway-2010")
def test_desirables_are_shown_and_never_block(application, manager):
    """R6: consolidation, post-qualifying training, practice teaching, a placement: recorded, not required."""
    assert [held for _, held in selectors.desirables(application)] == [False, False, False]
    assessed(application)
    transitions.sign(application, actor=manager, now=NOW, today=TODAY)
    assert Assessment.objects.get(application=application).signed_at


def test_every_heading_judged_is_the_schemes(application, assessment):
    judged = [one.competency.code for one in selectors.findings_by_heading(assessment)]
    assert judged == [one.competency.code for one in competencies.headings_judged(application.step)]
