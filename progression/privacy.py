"""What is kept about people in cases: who asked for what, when, and whom it was told."""

from people.personal import ERASED, About, Kept, Nobody

OF_CASE = ("application__worker",)

DECLARED = [
    About(
        "progression.Application",
        Kept.YEARS,
        called="Applications",
        of=("worker",),
        by=("assessor", "authoriser"),
        at="state_since",
    ),
    About(
        "progression.ApplicationGrant",
        Kept.YEARS,
        called="Who may open an application",
        of=("content_object__worker",),
        by=("user",),
    ),
    About(
        "progression.Event",
        Kept.YEARS,
        called="What happened in applications",
        of=OF_CASE,
        by=("actor", "on_behalf_of"),
        at="at",
        emptied={"reason": "{if}Erased", "detail": ERASED},
    ),
    About(
        "progression.Recusal",
        Kept.YEARS,
        called="Stepping back from a case",
        of=(*OF_CASE, "person"),
        by=("handed_to",),
        at="at",
        emptied={"reason": ERASED},
    ),
    About(
        "progression.LegalHold",
        Kept.YEARS,
        called="Legal holds",
        of=("person",),
        by=("placed_by", "ended_by"),
        at="placed_at",
        emptied={"reason": ERASED},
    ),
    About("progression.Deadline", Kept.YEARS, called="Deadlines", of=OF_CASE),
    About(
        "progression.Meeting",
        Kept.YEARS,
        called="Review meetings",
        of=("worker",),
        by=("arranged_by", "on_behalf_of"),
        at="arranged_at",
        emptied={"place": ERASED, "cancel_reason": "{if}Erased"},
    ),
    About(
        "progression.MeetingMove",
        Kept.YEARS,
        called="Review meetings that were moved",
        of=("meeting__worker",),
        by=("by", "on_behalf_of"),
        at="at",
        emptied={"from_place": ERASED, "to_place": ERASED, "reason": ERASED},
    ),
    About(
        "progression.Notice",
        Kept.YEARS,
        called="Notices",
        of=(*OF_CASE, "recipient"),
        withheld={"last_fault": "What the mail server answered: it says nothing about the person."},
        emptied={"last_fault": ""},
    ),
    About(
        "progression.NoticeHistory",
        Kept.YEARS,
        called="What became of each notice",
        of=("notice__application__worker", "notice__recipient"),
    ),
    About(
        "progression.AuditCheck", Kept.FOR_GOOD, called="Checks of the audit", by=("asked_by",), at="asked_at"
    ),
    Nobody("progression.ReferenceCounter", "The last number given in a year."),
    Nobody("progression.BankHoliday", "A day on which nobody works."),
    Nobody("progression.CouncilClosure", "A day on which an office is shut."),
]
