"""Purchases in the supermarket of services: who buys which item, with whose money, how the provider is chosen."""
