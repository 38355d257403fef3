"""Gathers the models of the slices: one app label, one migrations folder."""

from blacklist.sanctions.models import Sanction

__all__ = ["Sanction"]
