"""The public opening: what was sealed is named, released by its owners, read out, acknowledged and recorded.

The server relays, notes and logs. It holds no key: what opens a bid is released by its bidder and by the key
holders, and every verdict is a function of logged bytes that anyone can run again.
"""
