"""Gathers the models of the slices: one app label, one migrations folder."""
