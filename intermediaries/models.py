"""Gathers the models of the slices: one app label, one migrations folder."""

from intermediaries.ratings.models import FollowUp, Occasion, Rating
from intermediaries.registry.models import (
    Certificate,
    DataObjection,
    Import,
    NameSuffix,
    ObjectionFinding,
    Place,
    Practitioner,
    Provider,
    ProviderChange,
    Qualification,
    SpotCheck,
)

__all__ = [
    "Certificate",
    "DataObjection",
    "FollowUp",
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
]
