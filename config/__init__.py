"""Wiring: settings, addresses, servers, ticks, and how a refusal leaves the house. No thing of the trade lives here."""
