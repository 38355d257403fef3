"""Words of the hall."""
