"""What was done: append-only streams, the two transparency logs, their proofs and the live tail."""
