"""Monitors of time, process, fee and anomaly: rules over the ledger, and the alerts they raise."""
