"""All notices, with filters, as a page and as open data."""
