"""Which identity keys the public log knows: `idk/1` and `idr/1` in the order of the log."""

from collections.abc import Mapping
from typing import Any

from proofs import canonical, ed25519
from proofs import statement as statements
from proofs.canonical import NotCanonical


class Registry:
    """organisation ↦ generation ↦ key, as registered so far. Usable as `verdict.Identities`."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[int, bytes]] = {}
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
        signers = [key, known[gen - 1]] if gen - 1 in known else [key]
        if gen in known or not any(statements.verify(statement, signer) for signer in signers):
            return False
        known[gen] = key
        return True

    def signed(self, statement: Mapping[str, Any]) -> bool:
        """True when a well formed statement is signed by the registered key of its organisation and generation.

        What is met again is not verified again.
        """
        key = self.keys.get(statement["org"], {}).get(statement["gen"])
        if key is None:
            return False
        said = statement["sig"], statements.message(statement)
        if said not in self._seen:
            self._seen[said] = ed25519.verify(key, canonical.b64u_bytes(said[0], "sig", length=64), said[1])
        return self._seen[said]
