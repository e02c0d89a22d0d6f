"""People who judge: the assessment, the decision, the review of it."""

from reviews.models.appeal import (
    Appeal,
    AppealDocument,
    Bundle,
    Hearing,
    LateRequest,
    Representative,
    Side,
    Statement,
)
from reviews.models.family_words import Part, ReasonWordsStay
from reviews.models.judgement import Assessment, Authorisation, Declaration, Finding, Reversal

__all__ = [
    "Appeal",
    "AppealDocument",
    "Assessment",
    "Authorisation",
    "Bundle",
    "Declaration",
    "Finding",
    "Hearing",
    "LateRequest",
    "Part",
    "ReasonWordsStay",
    "Representative",
    "Reversal",
    "Side",
    "Statement",
]
