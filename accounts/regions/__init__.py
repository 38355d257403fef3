"""The regions of one installation: none for one city; else the divisions it serves, and how far each office reaches."""
