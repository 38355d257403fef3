"""Filters of the market."""
