"""What a worker can show: a bank of evidence, and a portfolio that claims it for one step."""

from portfolios.models.bank import CriterionMark, HeadingMark, ReferenceMark
from portfolios.models.bringing_back import BringingBack, BringingStage
from portfolios.models.cpd import CpdRecord
from portfolios.models.development import DevelopmentAction, Priority, SupervisionNote, Training
from portfolios.models.evidence import LARGEST_ATTACHMENT, Attachment, Evidence, EvidenceRevision
from portfolios.models.family_data import Declaration, FoundInFile, NameToWatch, WordsOfFile
from portfolios.models.observers import LinkMail, ObserverLink, ObserverRequest, Relation, Testimony
from portfolios.models.pack import Pack, PackKind, PackStage
from portfolios.models.portfolio import Claim, Portfolio, Submission
from portfolios.models.self_assessment import SelfAssessment, Stand
from portfolios.models.sharing import Comment, CommentsRead, Sharing

__all__ = [
    "LARGEST_ATTACHMENT",
    "Attachment",
    "BringingBack",
    "BringingStage",
    "Claim",
    "CriterionMark",
    "Comment",
    "CommentsRead",
    "CpdRecord",
    "Declaration",
    "DevelopmentAction",
    "Evidence",
    "EvidenceRevision",
    "FoundInFile",
    "HeadingMark",
    "LinkMail",
    "NameToWatch",
    "Pack",
    "PackKind",
    "PackStage",
    "ObserverLink",
    "ObserverRequest",
    "Portfolio",
    "Priority",
    "ReferenceMark",
    "Relation",
    "SelfAssessment",
    "Sharing",
    "Stand",
    "Submission",
    "SupervisionNote",
    "Testimony",
    "Training",
    "WordsOfFile",
]
