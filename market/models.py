"""Gathers the models of the slices: one app label, one migrations folder."""

from market.notices.models import Notice
from market.projects.models import Project

__all__ = ["Notice", "Project"]
