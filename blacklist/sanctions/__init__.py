"""Bans that competent authorities decided, recorded by the supervision, and their list."""
