"""Words and figures as every page shows them."""
