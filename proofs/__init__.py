"""What anyone can check without us: sealed bids, verifiable draws, the transparency log.

Standard library, `cryptography` and `rfc8785` only. Nothing here knows a database, a request or a framework:
bytes in, bytes out. An auditor installs this package alone and runs `python -m proofs`.
"""
