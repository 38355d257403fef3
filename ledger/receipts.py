"""Receipts: notes signed with a key of their own, which the processes that answer bidders hold."""


def sign(text: str) -> str:
    """A signed note over the text of a receipt, by `<origin>/receipts`."""
    raise NotImplementedError
