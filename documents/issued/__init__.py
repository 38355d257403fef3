"""Papers the house issues: signed, their hash in the public log, the same bytes ever after."""
