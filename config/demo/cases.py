"""A case in every state, each walked there by the transitions that real people's cases walk."""

import datetime
from functools import cache
from pathlib import Path

from django.utils import timezone
from ruamel.yaml import YAML

from competencies import selectors as competencies
from competencies.rules import EvidenceKind
from config.demo.assessing import Words, fill_assessment
from config.demo.self_assessing import say
from payroll import transitions as payroll
from payroll import variation_transitions as variations
from payroll.models import Letter
from portfolios import transitions as portfolios
from progression import meeting_transitions as meetings
from progression import transitions as progression
from progression.deadlines import add_working_days
from progression.selectors import holidays_of
from progression.states import State
from reviews import appeal_transitions as appeals
from reviews import hearing_transitions as hearings
from reviews import paper_transitions as papers
from reviews import transitions as reviews

HERE = Path(__file__).parent
FRIDAY = 4
REASONS = (
    "You showed clear, careful practice under most headings. Your example of giving evidence is of one "
    "occasion, and I could not find an example in which you present to a panel or another formal group."
)
REQUIRED = "Present one report to a panel, with your manager there, and write it up as an example."
GROUNDS = (
    "My example of giving evidence was read as one occasion. I gave evidence at three hearings, without a "
    "manager present. The conference in another of my examples is a formal group, and I presented my report "
    "there."
)
CASE_STATED = (
    "The proceedings had three hearings and I gave evidence at each. I wrote them up as one example because "
    "it was one family. At the conference I went through my report myself and answered questions on it."
)
DECISION_EXPLAINED = (
    "I recommended this application. I found the criterion met on these two examples and on what I see in "
    "supervision. As they are written, it is fair to read the first as one occasion."
)


FOUND = Words(
    met="Shown in the work that we went through together, and in supervision.",
    short_of="One example shows this in court. None shows a panel or another formal group.",
    short_under="legislation",
    action="Bring a report meant for a panel to supervision, and agree which panel it goes to.",
    reasons=REASONS,
)


@cache
def _examples(scheme_code):
    read = YAML(typ="safe").load
    if scheme_code == "medway-2010":
        return read(HERE / "practice.yaml")
    return read(HERE / "shorter.yaml")[scheme_code]


def workday(today, days):
    """`days` days before today, or the Friday before, where that is at a weekend."""
    day = today - datetime.timedelta(days=days)
    return day - datetime.timedelta(days=max(0, day.weekday() - FRIDAY))


class Walk:
    """One worker's case, moved on a day at a time. `days` are days before today; of a weekend, the Friday."""

    def __init__(self, worker, people, *, today):
        self.worker, self.people, self.today = worker, people, today
        self.application = None

    def at(self, days):
        """The moment of a thing: twenty past ten of a morning `days` days ago, and never in the future."""
        day = workday(self.today, days)
        now = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10, 20)))
        return {"now": min(now, timezone.now()), "today": day}

    def start(self, days):
        self.application = progression.start(worker=self.worker, **self.at(days))
        return self

    def fill(self, days, *, leave_out=()):
        """Write the demonstration's examples into the portfolio, but for the headings to leave out."""
        asked = {
            heading.competency.code: heading.competency
            for heading in competencies.headings_evidenced(self.application.step)
        }
        for example in _examples(self.application.scheme.code):
            codes = [code for code in example["counts_for"] if code in asked and code not in leave_out]
            if not codes:
                continue
            portfolios.save_evidence(
                None,
                worker=self.worker,
                portfolio=self.application.portfolio,
                fields={
                    "kind": example.get("kind", EvidenceKind.PRACTICE_EXAMPLE),
                    "title": example["title"],
                    "practised_on": self.today - datetime.timedelta(days=example["days_ago"]),
                    "what_i_did": example["what_i_did"],
                    "outcome": example["outcome"],
                    "what_i_learned": example["what_i_learned"],
                },
                competencies=[asked[code] for code in codes],
                now=self.at(days)["now"],
            )
        say(self.worker, self.application.step, now=self.at(days)["now"])
        return self

    def review_held(self, days):
        """Their last review was held, diarised a fortnight before."""
        held = self.at(days)
        meeting = self._diarise(self.at(days + 14)["now"], starts_at=held["now"])
        meetings.hold(meeting, actor=self.manager, held_on=held["today"], **held)
        return self

    def give_notice(self, days, *, of_review_in):
        """The next review is in the diary, and they ask to progress at it."""
        starts_at = self.at(0)["now"] + datetime.timedelta(days=of_review_in)
        meeting = self._diarise(self.at(days)["now"], starts_at=starts_at.replace(hour=14, minute=0))
        meetings.give_notice(meeting, self.application, actor=self.worker, **self.at(days))
        return self

    def _diarise(self, now, *, starts_at):
        return meetings.diarise(
            self.worker,
            actor=self.manager,
            starts_at=starts_at,
            place="Meeting room 2, second floor",
            now=now,
        )

    def submit(self, days):
        progression.submit(
            self.application, actor=self.worker, worked_through_with_manager=True, **self.at(days)
        )
        return self

    def return_it(self, days):
        reviews.return_to_worker(
            self.application,
            actor=self.manager,
            reason="Please say in your assessment example how you checked with the children what they had "
            "said, and give the dates of the core groups that you chaired.",
            now=self.at(days)["now"],
        )
        return self

    def assess(self, days, *, recommended):
        """Find every criterion met, or all but one, declare, and sign."""
        assess_in_full(self.application, actor=self.manager, recommended=recommended, **self.at(days))
        return self

    def authorise(self, days):
        reviews.authorise(self.application, actor=self.people["service"], **self.at(days))
        return self

    def decline(self, days):
        reviews.decline(
            self.application,
            actor=self.people["service"],
            reasons=REASONS,
            required=REQUIRED,
            now=self.at(days)["now"],
        )
        return self.issue(days)

    def confirm_refusal(self, days):
        reviews.confirm_refusal(
            self.application,
            actor=self.people["service"],
            reasons=REASONS,
            required=REQUIRED,
            now=self.at(days)["now"],
        )
        return self.issue(days)

    def ask_for_review(self, days):
        appeals.lodge_review(self.application, actor=self.worker, grounds=GROUNDS, **self.at(days))
        return self

    def arrange_hearing(self, days, *, in_working_days=1):
        """For ten in the morning, so many working days after."""
        at = self.at(days)
        day = add_working_days(at["today"], in_working_days, holidays_of(self.worker.post.team.service))
        director = self.people["director"]
        hearings.arrange_hearing(
            self.application,
            actor=director,
            starts_at=timezone.make_aware(datetime.datetime.combine(day, datetime.time(10))),
            place="Room 3, the civic offices",
            attendees=[
                {"name": director.name, "part": "hears it"},
                {"name": self.worker.name, "part": "social worker"},
                {"name": self.manager.name, "part": "manager"},
            ],
            now=at["now"],
        )
        return self

    def state_both_cases(self, days):
        """Each side's statement before the hearing."""
        for person, text in ((self.worker, CASE_STATED), (self.manager, DECISION_EXPLAINED)):
            papers.save_statement(
                self.application, actor=person, text=text, base_revision=0, now=self.at(days)["now"]
            )
        return self

    def uphold(self, days):
        appeals.uphold(
            self.application,
            actor=self.people["director"],
            reasons="You gave evidence at three hearings, and went through your report at the conference, "
            "which is a formal group. With that, every criterion is met.",
            required="",
            **self.at(days),
        )
        return self

    def dismiss(self, days):
        appeals.dismiss(
            self.application,
            actor=self.people["director"],
            reasons="I read both examples again and heard you both. The report to the conference was "
            "presented by its chair. There is still no example in which you present to a formal group.",
            required=REQUIRED,
            now=self.at(days)["now"],
        )
        return self

    def issue(self, days):
        payroll.issue(self.application.pay_forms.latest("version"), now=self.at(days)["now"])
        return self

    def accept_contract(self, days):
        variations.accept_contract(self.application, actor=self.worker, now=self.at(days)["now"])
        return self

    def put_in_pay(self, days):
        form = self.application.pay_forms.latest("version")
        for document in form.documents.all():
            payroll.download(document, actor=self.people["payroll"], now=self.at(days)["now"])
        payroll.put_in_pay(form, actor=self.people["payroll"], now=self.at(days)["now"])
        return self

    def withdraw(self, days):
        progression.withdraw(
            self.application,
            actor=self.worker,
            reason="I am moving to another team.",
            now=self.at(days)["now"],
        )
        return self

    @property
    def manager(self):
        return self.worker.post.team.manager


def assess_in_full(application, *, actor, recommended, now, today):
    """Find every criterion met (when not recommending, all but one), declare everything, and sign."""
    fill_assessment(application, actor=actor, recommended=recommended, words=FOUND, now=now)
    return reviews.sign(application, actor=actor, now=now, today=today)


def make_cases(people, *, today):
    """Leave a case in every state. Returns {state: application}."""

    def walk(name):
        return Walk(people[name], people, today=today)

    def submitted(name, days):
        return walk(name).start(days + 40).fill(days + 30).submit(days)

    cases = {
        State.DRAFT: walk("worker1").start(30).fill(9, leave_out=["confidentiality"]),
        State.SUBMITTED: submitted("worker3", 2),
        State.RECOMMENDED: submitted("worker4", 12).assess(4, recommended=True),
        State.REFUSED: submitted("colleague1", 20).assess(12, recommended=False).confirm_refusal(5),
        State.RETURNED: submitted("colleague2", 9).return_it(3),
        State.WITHDRAWN: submitted("colleague3", 25).withdraw(15),
        State.NOT_RECOMMENDED: submitted("colleague4", 14).assess(3, recommended=False),
        State.DECLINED: submitted("colleague5", 21).assess(13, recommended=True).decline(6),
        State.UNDER_APPEAL: submitted("colleague6", 30)
        .assess(20, recommended=True)
        .decline(12)
        .ask_for_review(4)
        .state_both_cases(2)
        .arrange_hearing(0, in_working_days=5),
        State.DISMISSED: submitted("colleague7", 80)
        .assess(70, recommended=True)
        .decline(60)
        .ask_for_review(52)
        .arrange_hearing(51)
        .dismiss(45),
        State.IMPLEMENTED: submitted("colleague8", 60)
        .assess(50, recommended=True)
        .authorise(40)
        .issue(40)
        .accept_contract(38)
        .put_in_pay(33),
        State.SENT_TO_PAYROLL: submitted("colleague9", 30)
        .assess(20, recommended=True)
        .authorise(3)
        .issue(3)
        .accept_contract(2),
        State.UPHELD: submitted("colleague10", 40)
        .assess(24, recommended=True)
        .decline(14)
        .ask_for_review(8)
        .arrange_hearing(7)
        .uphold(1),
        State.AUTHORISED: submitted("colleague11", 18).assess(9, recommended=True).authorise(0),
    }
    walk("worker6").review_held(160).start(20).fill(10).give_notice(5, of_review_in=14)
    for letter in Letter.objects.filter(issued_at=None):
        payroll.issue_letter(letter, now=letter.created_at)
    return {state: case.application for state, case in cases.items()}
