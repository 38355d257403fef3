"""Gathers the models of the slices: one app label, one migrations folder."""

from market.awards.models import Award, Determination, Proposal, ResultObjection
from market.catalogue.models import ItemVersion, ItemWithdrawal, Offer, ServiceItem
from market.contracts.models import Contract
from market.history.models import Transaction, TransactionSet
from market.notices.models import Notice
from market.projects.models import Project
from market.purchases.models import Purchase
from market.selection.models import (
    ChoicePool,
    Enrolment,
    EnrolmentWithdrawal,
    EntrantList,
    Pick,
    ShortList,
)

__all__ = [
    "Award",
    "ChoicePool",
    "Contract",
    "Determination",
    "Enrolment",
    "EnrolmentWithdrawal",
    "EntrantList",
    "ItemVersion",
    "ItemWithdrawal",
    "Notice",
    "Offer",
    "Pick",
    "Project",
    "Proposal",
    "Purchase",
    "ResultObjection",
    "ServiceItem",
    "ShortList",
    "Transaction",
    "TransactionSet",
]
