"""The slices' models, gathered for Django."""

from experts.affiliates.models import Affiliation
from experts.certificates.models import Certificate
from experts.panels.models import Call, EvidenceLook, ExternalDraw, LeftOut, Panel, Seat, Selection, Struck, Tie
from experts.registry.models import (
    AccessSlip,
    Application,
    ApplicationStep,
    CatalogueLine,
    Dossier,
    Employment,
    Expert,
    Lapse,
    LapseWord,
    Look,
    SlipAsked,
    Specialty,
    StagedImport,
    StandingChange,
    Training,
)

__all__ = [
    "AccessSlip",
    "Affiliation",
    "Application",
    "ApplicationStep",
    "Call",
    "CatalogueLine",
    "Certificate",
    "Dossier",
    "Employment",
    "EvidenceLook",
    "Expert",
    "ExternalDraw",
    "Lapse",
    "LapseWord",
    "LeftOut",
    "Look",
    "Panel",
    "Seat",
    "Selection",
    "SlipAsked",
    "Specialty",
    "StagedImport",
    "StandingChange",
    "Struck",
    "Tie",
    "Training",
]
