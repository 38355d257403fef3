"""Gathers the models of the slices: one app label, one migrations folder."""

from bidding.changes.models import Answer, Change, Question
from bidding.evaluation.models import Declaration, Evaluation, Qualification, Review, Sheet, SheetVersion, Signature
from bidding.holding.models import Keeper, KeptSlots, RosterChange, StandingHolder
from bidding.opening.models import (
    Acknowledgement,
    Admission,
    Attendance,
    CauseDecision,
    CauseStatement,
    FailedAttempt,
    FewStatement,
    HallObjection,
    HolderTurn,
    HostLease,
    Incident,
    Opening,
    OpeningUnit,
    Release,
)
from bidding.papers.models import Paper
from bidding.submission.models import Bid, Closing, LateBid, StoredEnvelope, Upload, Withdrawal
from bidding.tender.models import CommitteeMember, Document, KeyCommittee, Slot, Taking, Tender

__all__ = [
    "Acknowledgement",
    "Admission",
    "Answer",
    "Attendance",
    "Bid",
    "CauseDecision",
    "CauseStatement",
    "Change",
    "Closing",
    "CommitteeMember",
    "Declaration",
    "Document",
    "Evaluation",
    "FailedAttempt",
    "FewStatement",
    "HallObjection",
    "HolderTurn",
    "HostLease",
    "Incident",
    "Keeper",
    "KeptSlots",
    "KeyCommittee",
    "LateBid",
    "Opening",
    "OpeningUnit",
    "Paper",
    "Qualification",
    "Question",
    "Release",
    "Review",
    "RosterChange",
    "Sheet",
    "SheetVersion",
    "Signature",
    "Slot",
    "StandingHolder",
    "StoredEnvelope",
    "Taking",
    "Tender",
    "Upload",
    "Withdrawal",
]
