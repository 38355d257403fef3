"""Entering a house by credit code, promise and agreement; two who claim one code."""
