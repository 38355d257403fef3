"""Backup and restore: database, kept files and logs as one signed and sealed snapshot."""
