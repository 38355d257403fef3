"""The platform's own rules, as a page."""
