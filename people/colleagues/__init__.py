"""Colleagues of a house: invited, given a role, blocked, handed over; at least one administers."""
