"""Gathers the models of the slices: one app label, one migrations folder."""

from market.awards.models import Award, Determination, Proposal, ResultObjection
from market.catalogue.models import ItemVersion, ItemWithdrawal, Offer, ServiceItem
from market.contracts.models import Contract
from market.history.models import Transaction, TransactionSet
from market.notices.models import Notice
from market.projects.models import Project
from market.purchases.models import Purchase

__all__ = [
    "Award",
    "Contract",
    "Determination",
    "ItemVersion",
    "ItemWithdrawal",
    "Notice",
    "Offer",
    "Project",
    "Proposal",
    "Purchase",
    "ResultObjection",
    "ServiceItem",
    "Transaction",
    "TransactionSet",
]
