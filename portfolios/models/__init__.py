"""What a worker can show: a bank of evidence, and a portfolio that claims it for one step."""

from portfolios.models.development import DevelopmentAction, Priority, SupervisionNote, Training
from portfolios.models.evidence import LARGEST_ATTACHMENT, Attachment, Evidence, EvidenceRevision
from portfolios.models.portfolio import Claim, Portfolio, Submission

__all__ = [
    "LARGEST_ATTACHMENT",
    "Attachment",
    "Claim",
    "DevelopmentAction",
    "Evidence",
    "EvidenceRevision",
    "Portfolio",
    "Priority",
    "Submission",
    "SupervisionNote",
    "Training",
]
