"""Wiring: settings, addresses, servers, ticks, and how a refusal leaves the house. No thing of the trade lives here."""

import gc

# What a start loads stays: with Python's own numbers the collector walks it forty times, a seventh of a start's CPU.
gc.set_threshold(10_000, 20, 50)
