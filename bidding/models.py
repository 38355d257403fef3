"""Gathers the models of the slices: one app label, one migrations folder."""

from bidding.tender.models import CommitteeMember, Document, KeyCommittee, Slot, Taking, Tender

__all__ = ["CommitteeMember", "Document", "KeyCommittee", "Slot", "Taking", "Tender"]
