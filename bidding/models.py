"""Gathers the models of the slices: one app label, one migrations folder."""

from bidding.auction.models import Auction, AuctionBidder, PriceExplanation, Quote
from bidding.changes.models import Answer, Change, Question
from bidding.evaluation.models import (
    Declaration,
    Evaluation,
    Leaving,
    Qualification,
    Review,
    Rollback,
    Sheet,
    SheetVersion,
    Signature,
    TalkNote,
    TermsChange,
)
from bidding.evaluation.panel_models import Appraisal, LeaderVote, MatterVote, PanelMatter, Recording, SignIn
from bidding.guarantees.models import Freed, Refund
from bidding.holding.models import Keeper, KeptSlots, RosterChange, StandingHolder
from bidding.opening.models import (
    Acknowledgement,
    Admission,
    Attendance,
    CauseDecision,
    CauseStatement,
    FailedAttempt,
    FewStatement,
    HallMessage,
    HallObjection,
    HolderTurn,
    HostLease,
    IdentityCheck,
    Incident,
    Mute,
    Opening,
    OpeningUnit,
    PriceCheck,
    Release,
)
from bidding.papers.models import Paper
from bidding.sealed.models import Assessment, FixedQuotes, Judge, LowQuote
from bidding.submission.models import Bid, Closing, LateBid, Round, StoredEnvelope, Upload, Withdrawal
from bidding.tender.models import (
    CommitteeMember,
    Document,
    KeyCommittee,
    Readiness,
    ReadinessAlarm,
    Slot,
    Taking,
    Tender,
)

__all__ = [
    "Auction", "AuctionBidder", "PriceExplanation", "Quote",
    "Assessment", "FixedQuotes", "Judge", "LowQuote",
    "Acknowledgement", "Admission", "Answer", "Appraisal", "Attendance", "Bid", "CauseDecision", "CauseStatement",
    "Change", "Closing", "CommitteeMember", "Declaration", "Document", "Evaluation", "FailedAttempt", "FewStatement",
    "Freed", "HallMessage", "HallObjection", "HolderTurn", "HostLease", "IdentityCheck", "Incident", "Keeper",
    "KeptSlots", "KeyCommittee", "LateBid", "LeaderVote", "Leaving", "MatterVote", "Mute", "Opening", "OpeningUnit",
    "PanelMatter", "Paper", "PriceCheck", "Qualification", "Question", "Readiness", "ReadinessAlarm", "Recording",
    "Refund", "Release", "Review", "Rollback", "RosterChange", "Round", "Sheet", "SheetVersion", "SignIn", "Signature",
    "Slot", "StandingHolder", "StoredEnvelope", "Taking", "TalkNote", "Tender", "TermsChange", "Upload", "Withdrawal",
]  # fmt: skip
