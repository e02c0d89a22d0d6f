"""What is kept about people in what was judged: assessments, decisions, reviews and their papers."""

from people.personal import ERASED, NAMELESS, About, Kept

OF_CASE = ("application__worker",)
OF_APPEAL = ("appeal__application__worker",)
OF_ASSESSMENT = ("assessment__application__worker",)

DECLARED = [
    About(
        "reviews.Finding",
        Kept.YEARS,
        called="What was found on each criterion",
        of=OF_ASSESSMENT,
        emptied={"evidence": "{if}Erased", "action": "{if}Erased"},
    ),
    About(
        "reviews.ReasonWordsStay",
        Kept.YEARS,
        called="Why something stays in what was written in an application",
        of=OF_CASE,
        by=("declared_by",),
        at="declared_at",
        withheld={"digest": "It knows a passage again and cannot be read."},
        emptied={"reason": ERASED},
    ),
    About("reviews.Declaration", Kept.YEARS, called="What the manager declared", of=OF_ASSESSMENT),
    About(
        "reviews.Assessment",
        Kept.YEARS,
        called="Assessments",
        of=OF_CASE,
        by=("assessor", "on_behalf_of"),
        at="started_at",
        emptied={
            name: "{if}Erased"
            for name in ("short_service_reason", "reasons", "precis", "objectives", "feedback")
        },
    ),
    About(
        "reviews.Authorisation",
        Kept.YEARS,
        called="Decisions",
        of=OF_CASE,
        by=("decided_by", "on_behalf_of"),
        at="decided_at",
        emptied={"reasons": "{if}Erased", "required": "{if}Erased"},
    ),
    About(
        "reviews.Reversal",
        Kept.YEARS,
        called="Decisions taken back",
        of=("authorisation__application__worker",),
        by=("asked_by", "asked_for", "answered_by"),
        at="asked_at",
        emptied={"reason": ERASED, "answer": "{if}Erased"},
    ),
    About(
        "reviews.LateRequest",
        Kept.YEARS,
        called="Late requests for a review",
        of=OF_CASE,
        by=("answered_by", "on_behalf_of"),
        at="asked_at",
        emptied={"grounds": ERASED, "why_late": ERASED, "reason": "{if}Erased"},
    ),
    About(
        "reviews.Appeal",
        Kept.YEARS,
        called="Reviews and appeals",
        of=OF_CASE,
        by=("heard_by", "on_behalf_of"),
        at="lodged_at",
        emptied={"grounds": ERASED, "reasons": "{if}Erased", "required": "{if}Erased"},
    ),
    About(
        "reviews.Statement",
        Kept.YEARS,
        called="Statements for a hearing",
        of=OF_APPEAL,
        by=("by", "on_behalf_of"),
        at="saved_at",
        emptied={"text": ERASED},
    ),
    About(
        "reviews.AppealDocument",
        Kept.YEARS,
        called="Documents for a hearing",
        of=OF_APPEAL,
        by=("added_by",),
        at="added_at",
        withheld={"token": "A part of the file's address here."},
        file="stored_as",
        emptied={"title": ERASED, "name": "erased", "stored_as": "erased-{pk}", "sha256": "erased-{pk}"},
    ),
    About(
        "reviews.Hearing",
        Kept.YEARS,
        called="Hearings",
        of=OF_APPEAL,
        by=("arranged_by", "on_behalf_of"),
        at="arranged_at",
        emptied={"place": ERASED, "attendees": ERASED, "move_reason": "{if}Erased"},
    ),
    About(
        "reviews.Representative",
        Kept.YEARS,
        called="Representatives at a hearing",
        of=OF_APPEAL,
        withheld={
            "email": "Somebody else's address.",
            "token_sha256": "It knows a secret link again and cannot be read.",
        },
        emptied={"name": NAMELESS, "organisation": "", "email": "erased@erased.invalid"},
    ),
    About(
        "reviews.Bundle",
        Kept.YEARS,
        called="Papers of a hearing as one file",
        of=OF_APPEAL,
        file="content",
        goes=True,
    ),
]
