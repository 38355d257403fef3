"""Receipts: notes signed with a key of their own, which the processes that answer bidders hold.

A thief of that key could forge receipts, but no log entries; that is why it is not the log's.
"""

from ledger import keys
from proofs import note


def sign(text: str) -> str:
    """A signed note over the text of a receipt (ending in a newline), by `<origin>/receipts`."""
    return note.sign(text, keys.signers(keys.RECEIPTS))
