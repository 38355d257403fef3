"""Gathers the models of the slices: one app label, one migrations folder."""

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
    "Import",
    "NameSuffix",
    "ObjectionFinding",
    "Place",
    "Practitioner",
    "Provider",
    "ProviderChange",
    "Qualification",
    "SpotCheck",
]
