"""Tags of pages that show many packages."""
