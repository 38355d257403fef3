"""Gathers the models of the slices: one app label, one migrations folder."""

from intermediaries.ratings.models import FollowUp, Occasion, Rating
from intermediaries.registry.models import (
    Certificate,
    Correction,
    DataObjection,
    FormerName,
    Import,
    NameSuffix,
    ObjectionFinding,
    Place,
    Practitioner,
    Provider,
    ProviderChange,
    Qualification,
    SpotCheck,
    StaffClaim,
)

__all__ = [
    "Certificate",
    "Correction",
    "DataObjection",
    "FollowUp",
    "FormerName",
    "Import",
    "NameSuffix",
    "ObjectionFinding",
    "Occasion",
    "Place",
    "Practitioner",
    "Provider",
    "ProviderChange",
    "Qualification",
    "Rating",
    "SpotCheck",
    "StaffClaim",
]
