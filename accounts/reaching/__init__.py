"""Reaching people outside the house: which ways a person has and wants, and how far each message is on them."""
