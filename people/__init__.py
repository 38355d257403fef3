"""Who acts for a house: entering it, its colleagues, who may act on which project, who keeps its key."""
