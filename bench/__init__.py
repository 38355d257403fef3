"""How fast, measured against a floor in the same run: `make bench`, or `make bench ONLY=name`."""
