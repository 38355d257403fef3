"""On which projects a person may act for the house, where the house says that not everybody does."""
