"""Panels: the eligible pool, the invitations in the drawn order, the seats."""
