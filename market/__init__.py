"""What is wanted and who gets it: projects, notices, awards, contracts."""
