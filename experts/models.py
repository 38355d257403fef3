"""The slices' models, gathered for Django."""

from experts.panels.models import Panel, Seat
from experts.registry.models import Expert, Specialty

__all__ = ["Expert", "Panel", "Seat", "Specialty"]
