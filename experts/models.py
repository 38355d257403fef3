"""The slices' models, gathered for Django."""

from experts.panels.models import LeftOut, Panel, Seat, Tie
from experts.registry.models import Expert, Specialty

__all__ = ["Expert", "LeftOut", "Panel", "Seat", "Specialty", "Tie"]
