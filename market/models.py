"""Gathers the models of the slices: one app label, one migrations folder."""

from market.agency.models import Entrustment, EntrustmentStep
from market.awards.models import Award, Determination, Letter, Proposal, ReportConfirmation, ResultObjection
from market.catalogue.models import ItemVersion, ItemWithdrawal, Offer, PartChange, ServiceItem
from market.complaints.models import Challenge, Complaint, ComplaintStep, Decision
from market.contracts.models import Contract, ContractProposal
from market.history.models import Transaction, TransactionSet
from market.notices.models import Notice, Telling
from market.performance.models import (
    Attachment,
    Delivery,
    Inspection,
    Invoice,
    Milestone,
    Payment,
    PaymentAnswer,
    Plan,
    Termination,
)
from market.projects.models import Again, Project, Suspension
from market.purchases.models import Purchase, SplitAlert
from market.selection.models import (
    ChoicePool,
    Enrolment,
    EnrolmentWithdrawal,
    EntrantList,
    Pick,
    ShortList,
)
from market.tickets.models import Ticket, TicketAnswer

__all__ = [
    "Again",
    "Attachment",
    "Award",
    "Challenge",
    "ChoicePool",
    "Complaint",
    "ComplaintStep",
    "Contract",
    "ContractProposal",
    "Decision",
    "Delivery",
    "Determination",
    "Enrolment",
    "EnrolmentWithdrawal",
    "EntrantList",
    "Entrustment",
    "EntrustmentStep",
    "Inspection",
    "Invoice",
    "ItemVersion",
    "ItemWithdrawal",
    "Letter",
    "Milestone",
    "Notice",
    "Offer",
    "PartChange",
    "Payment",
    "PaymentAnswer",
    "Pick",
    "Plan",
    "Project",
    "Proposal",
    "Purchase",
    "ReportConfirmation",
    "ResultObjection",
    "ServiceItem",
    "ShortList",
    "SplitAlert",
    "Suspension",
    "Telling",
    "Termination",
    "Ticket",
    "TicketAnswer",
    "Transaction",
    "TransactionSet",
]
