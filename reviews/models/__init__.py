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
    "Representative",
    "Reversal",
    "Side",
    "Statement",
]
