"""Times as calendar files: a project's public ones, a person's own desk, an expert's own sitting."""
