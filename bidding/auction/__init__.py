"""The live reverse auction: one truth, ordered by the commits of the house, seen by everybody at the same time."""
