"""Which organisations belong together: declared by one, agreed by another, counted when a panel is listed."""
