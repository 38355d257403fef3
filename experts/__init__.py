"""Who judges: the register of experts and the panels drawn from it."""
