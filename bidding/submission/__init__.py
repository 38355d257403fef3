"""Sealed offers: envelopes are stored unread, a small final act makes them bids, a signed receipt proves it.

Nothing here can open an envelope, and nothing here tells anyone but its owner that a bid exists.
"""
