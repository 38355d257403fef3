"""Who keeps copies of the identity key of a house, and whether each has shown that he can open his."""
