"""Gathers the models of the slices: one app label, one migrations folder."""

from blacklist.cases.models import Case, Restriction, Step
from blacklist.credit.models import Merit
from blacklist.sanctions.models import Sanction, SanctionDraft, SanctionFact, SanctionKey

__all__ = ["Case", "Merit", "Restriction", "Sanction", "SanctionDraft", "SanctionFact", "SanctionKey", "Step"]
