"""When names may leave, and when an order fixed before the opening may be called by: only after the public log, signed
by its key and its witnesses, holds the fact that allows it.

Law: 87号令 第47条, 第69条: the names are secret until the result is announced, and announced with it.
"""

from collections.abc import Collection, Mapping
from typing import Any

from proofs import canonical, note, tlogproof
from proofs.canonical import NotCanonical
from proofs.checkpoint import parse_vkey_of, quorum_of

# The buyer has determined the winner, and the notice follows; or the notice is there.
KINDS = frozenset({"market.determined", "market.award-published"})
# From here the bidders' names are public, so conflicts are known.
NAMES_BIDDERS = frozenset({"opening.hall-opened"})


def why_not_release(
    entry: str, proof: str, *, stream: str, log: str, witnesses: Collection[str] = (), quorum: int = 0,
    kinds: Collection[str] = KINDS,
) -> str:  # fmt: skip
    """Empty when this entry of the public log lets the names of a panel go; else what is missing.

    kinds: which facts allow what is asked for.

    entry: the leaf as the log has it.  proof: its `.tlog-proof`.  stream: of the panel's project.  log, witnesses:
    verifier keys.
    """
    try:
        told: Mapping[str, Any] = canonical.parse_object(entry.encode())
    except (NotCanonical, UnicodeEncodeError):
        return "not an entry"
    facts = told.get("d")
    if told.get("t") not in kinds or not isinstance(facts, dict):
        return "this entry allows nothing"
    if facts.get("stream") != stream:
        return "an entry about another project"
    if not log:
        return "no log is known"
    keys = [parse_vkey_of(each, note.COSIGNATURE) for each in witnesses]
    return tlogproof.why_not(proof, entry.encode(), quorum_of(keys, quorum, logs=[note.parse_vkey(log)]))
