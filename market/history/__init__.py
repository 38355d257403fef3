"""Transactions made elsewhere and reported to the public: rows from which the statistics are computed.

Not here: purchases run on this platform, those are projects.
"""
