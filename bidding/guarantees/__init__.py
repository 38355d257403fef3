"""Guarantees bidders leave with their bids: until when each is to go back, and that it went back."""
