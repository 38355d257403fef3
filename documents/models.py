"""Gathers the models of the slices: one app label, one migrations folder."""

from documents.evidence.models import Evidence
from documents.issued.models import Issued

__all__ = ["Evidence", "Issued"]
