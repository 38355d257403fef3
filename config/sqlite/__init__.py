"""SQLite with a fair queue in front of its one writer."""
