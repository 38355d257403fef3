"""Figures computed from rows, with the rows behind each."""
