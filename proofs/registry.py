"""Which identity keys the public log knows: `idk/1` and `idr/1` in the order of the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from proofs import canonical, ed25519
from proofs import statement as statements
from proofs.canonical import NotCanonical

# The sealed log is shuffled and has no order with the public one: there the instants of the two entries decide, and
# what was under way when a revocation came may still end, for no longer than a closing waits for it (the drain).
UNDER_WAY = timedelta(seconds=15)


@dataclass(frozen=True)
class Revoked:
    """Where a revocation stands in the public log.  index: None for a reader that folds the log in its order."""

    at: datetime
    index: int | None = None


class Registry:
    """organisation ↦ generation ↦ key, as registered so far. `keys` is usable as `verdict.Identities`.

    revoked: (organisation, generation) ↦ where it ended. Its key stays in `keys`: what it signed before goes on
    counting.
    """

    def __init__(self) -> None:
        self.keys: dict[str, dict[int, bytes]] = {}
        self.revoked: dict[tuple[str, int], Revoked] = {}
        self._seen: dict[tuple[str, bytes], bool] = {}

    def take(self, said: Any) -> bool:
        """Take a registration from the log. True when it stands.

        It must be signed by the key it registers or by the generation before it (a re-registration in person is
        signed by the new key alone, and is logged like any other); a generation is never registered twice.
        """
        try:
            statement = statements.check(said, v="idk/1")
        except NotCanonical:
            return False
        org, gen = statement["org"], statement["gen"]
        key = canonical.b64u_bytes(statement["key"], "key", length=32)
        known = self.keys.setdefault(org, {})
        before = gen - 1 in known and (org, gen - 1) not in self.revoked
        signers = [key, known[gen - 1]] if before else [key]
        if gen in known or not any(statements.verify(statement, signer) for signer in signers):
            return False
        known[gen] = key
        return True

    def revoke(self, said: Any, *, at: datetime, index: int | None = None) -> bool:
        """Take a revocation from the log. True when it stands.

        It must be signed by a generation of the same organisation that is registered and not revoked itself, and end
        one that is registered and has not ended yet.
        """
        try:
            statement = statements.check(said, v="idr/1")
        except NotCanonical:
            return False
        org, ends = statement["org"], statement["revokes"]
        over = {gen for code, gen in self.revoked if code == org}
        if {ends, statement["gen"]} & over or ends not in self.keys.get(org, {}) or not self.signed(statement):
            return False
        self.revoked[org, ends] = Revoked(at, index)
        return True

    def stood(self, statement: Mapping[str, Any], *, at: datetime | None = None, index: int | None = None) -> bool:
        """Whether the generation that signed a statement had not been revoked where the log acknowledges it.

        index: of its entry in the public log; or at: the instant its entry in the sealed log says; neither: up to now.
        """
        over = self.revoked.get((statement["org"], statement["gen"]))
        if over is None:
            return True
        if index is not None:
            return over.index is not None and index < over.index
        return at is not None and at < over.at + UNDER_WAY

    def signed(self, statement: Mapping[str, Any]) -> bool:
        """True when a well formed statement is signed by the registered key of its organisation and generation,
        whether that was revoked or not: `stood` says when.

        What is met again is not verified again.
        """
        key = self.keys.get(statement["org"], {}).get(statement["gen"])
        if key is None:
            return False
        said = statement["sig"], statements.message(statement)
        if said not in self._seen:
            self._seen[said] = ed25519.verify(key, canonical.b64u_bytes(said[0], "sig", length=64), said[1])
        return self._seen[said]
