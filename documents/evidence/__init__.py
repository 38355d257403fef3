"""A file that proves what somebody says: kept once under its hash, handed out as a file and never shown as a page."""
