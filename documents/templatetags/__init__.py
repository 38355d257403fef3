"""Tags of what is printed."""
