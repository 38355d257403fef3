"""Red flags of the open contracting catalogue, computed from what is public."""
