"""Pairs of worlds that differ in one secret, and everything of a world that somebody who is not told may look at."""
