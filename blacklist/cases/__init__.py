"""The platform's own cases under its entry agreement: from a report through hearing to a restriction that ends."""
