"""Each role's desk: do this by then, because."""
