"""What is kept about people in portfolios: a worker's own evidence, and what was said about it."""

from django.db.models import Q

from people.personal import ERASED, About, Kept

FINGERPRINT = "It knows a passage or a word again and cannot be read."
EVIDENCE_OF = ("evidence__worker",)


def never_submitted(to_evidence=""):
    """Rows of evidence that stands in no portfolio which was ever handed in."""
    return ~Q(**{f"{to_evidence}claims__portfolio__submissions__isnull": False})


NOT_HANDED_IN = Q(submitted_at__isnull=True)

DECLARED = [
    About(
        "portfolios.Testimony",
        Kept.YEARS,
        called="Testimonies",
        of=("request__evidence__worker",),
        withheld={"key": "Of the form it was sent with."},
        goes=True,
        sooner=never_submitted("request__evidence__"),
    ),
    About(
        "portfolios.ObserverLink",
        Kept.YEARS,
        called="Links sent to whoever was asked for a testimony",
        of=("request__evidence__worker",),
        withheld={"key": "A part of a link that opens by itself.", "token_sha256": FINGERPRINT},
        goes=True,
        sooner=never_submitted("request__evidence__"),
    ),
    About(
        "portfolios.ObserverRequest",
        Kept.YEARS,
        called="Whom you asked for a testimony",
        of=EVIDENCE_OF,
        withheld={"email": "Somebody else's address."},
        goes=True,
        sooner=never_submitted("evidence__"),
    ),
    About(
        "portfolios.Pack",
        Kept.A_WHILE,
        called="Files put together for you",
        of=("portfolio__worker", "submission__portfolio__worker", "asked_by"),
        withheld={"stored_as": "A copy of what is given out here already, gone within a week."},
    ),
    About("portfolios.CpdRecord", Kept.MONTHS, called="CPD for the regulator", of=("worker",), goes=True),
    About("portfolios.HeadingMark", Kept.YEARS, called="Headings that evidence shows", of=EVIDENCE_OF),
    About(
        "portfolios.CriterionMark",
        Kept.YEARS,
        called="Criteria that evidence shows",
        of=("mark__evidence__worker",),
    ),
    About("portfolios.ReferenceMark", Kept.YEARS, called="Standards that evidence shows", of=EVIDENCE_OF),
    About("portfolios.NameToWatch", Kept.MONTHS, called="Names to watch", of=("worker",), goes=True),
    About(
        "portfolios.FoundInFile",
        Kept.YEARS,
        called="What looked like family data in a file",
        of=("attachment__evidence__worker",),
        withheld={"digest": FINGERPRINT},
        goes=True,
        sooner=Q(attachment__submitted_at__isnull=True),
    ),
    About(
        "portfolios.WordsOfFile",
        Kept.YEARS,
        called="Files that are searched for names",
        of=("attachment__evidence__worker",),
        withheld={"digests": FINGERPRINT},
        goes=True,
        sooner=Q(attachment__submitted_at__isnull=True),
    ),
    About(
        "portfolios.Attachment",
        Kept.YEARS,
        called="Files",
        of=EVIDENCE_OF,
        withheld={"token": "A part of the file's address here."},
        file="stored_as",
        emptied={"name": "erased", "stored_as": "erased-{pk}", "sha256": "erased-{pk}"},
        sooner=NOT_HANDED_IN,
    ),
    About(
        "portfolios.Declaration",
        Kept.YEARS,
        called="Why something stays in evidence",
        of=EVIDENCE_OF,
        by=("declared_by",),
        at="declared_at",
        withheld={"digest": FINGERPRINT},
        emptied={"reason": ERASED},
        sooner=never_submitted("evidence__"),
    ),
    About(
        "portfolios.Comment",
        Kept.YEARS,
        called="Comments on evidence",
        of=EVIDENCE_OF,
        by=("author", "on_behalf_of"),
        at="written_at",
        emptied={"text": ERASED},
        sooner=never_submitted("evidence__"),
    ),
    About(
        "portfolios.CommentsRead",
        Kept.YEARS,
        called="How far comments were read",
        of=("evidence__worker", "reader"),
    ),
    About(
        "portfolios.Sharing",
        Kept.YEARS,
        called="Evidence shared with a manager",
        of=EVIDENCE_OF,
        by=("shared_with",),
        at="shared_at",
    ),
    About(
        "portfolios.EvidenceRevision",
        Kept.YEARS,
        called="Earlier versions of evidence",
        of=EVIDENCE_OF,
        emptied={"content": ERASED},
        sooner=never_submitted("evidence__"),
    ),
    About(
        "portfolios.Evidence",
        Kept.YEARS,
        called="Evidence",
        of=("worker",),
        withheld={"words": "The same words once more, as PostgreSQL searches them."},
        emptied={"title": ERASED, "what_i_did": ERASED, "outcome": ERASED, "what_i_learned": ERASED},
        sooner=never_submitted(),
    ),
    About("portfolios.Portfolio", Kept.YEARS, called="Portfolios", of=("worker",)),
    About(
        "portfolios.Claim",
        Kept.YEARS,
        called="Evidence that counts in a portfolio",
        of=("portfolio__worker",),
    ),
    About(
        "portfolios.Submission",
        Kept.YEARS,
        called="Portfolios as they were submitted",
        of=("portfolio__worker",),
        emptied={"content": ERASED},
    ),
    About(
        "portfolios.SupervisionNote",
        Kept.YEARS,
        called="Supervision notes",
        of=("worker",),
        by=("written_by", "on_behalf_of"),
        at="written_at",
        emptied={"reflection": ERASED},
    ),
    About(
        "portfolios.SupervisionNote_competencies",
        Kept.YEARS,
        called="Headings of supervision notes",
        of=("supervisionnote__worker",),
    ),
    About(
        "portfolios.Priority",
        Kept.YEARS,
        called="Priorities",
        of=("worker",),
        by=("agreed_by", "on_behalf_of"),
        at="agreed_on",
        emptied={"text": ERASED},
    ),
    About(
        "portfolios.DevelopmentAction",
        Kept.YEARS,
        called="Development plan",
        of=("worker",),
        by=("added_by",),
        at="added_at",
        emptied={"action": "Erased {pk}", "outcome": "{if}Erased"},
    ),
    About(
        "portfolios.Training",
        Kept.YEARS,
        called="Training",
        of=("worker",),
        by=("agreed_by", "on_behalf_of"),
        at="added_at",
        emptied={"title": ERASED, "provider": "", "learned": "", "applied": ""},
    ),
    About(
        "portfolios.Training_competencies",
        Kept.YEARS,
        called="Headings of training",
        of=("training__worker",),
    ),
    About(
        "portfolios.SelfAssessment",
        Kept.YEARS,
        called="Self-assessment",
        of=("worker",),
        emptied={"words": ""},
    ),
]
