"""Archive packages: what a procurement leaves behind, in one file that needs no system to be read."""
