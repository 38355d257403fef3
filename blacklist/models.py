"""Gathers the models of the slices: one app label, one migrations folder."""

from blacklist.cases.models import Case, DecisionPaper, Restriction, Step
from blacklist.credit.models import Merit
from blacklist.lists.models import Inquiry, ListEntry, ListIssue
from blacklist.sanctions.models import Sanction, SanctionDraft, SanctionFact, SanctionKey

__all__ = [
    "Case", "DecisionPaper", "Inquiry", "ListEntry", "ListIssue", "Merit", "Restriction", "Sanction", "SanctionDraft",
    "SanctionFact", "SanctionKey", "Step",
]  # fmt: skip
