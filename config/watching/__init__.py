"""What the house says of itself to those who keep it running: log lines, figures, readiness, traces. No secrets."""
