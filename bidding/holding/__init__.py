"""Who keeps the opening keys: the standing roster of holder organisations, their people, keys made ahead."""
