"""From an entry of the public log to what OCDS says of it. Pure: nothing is read but the entry and what it names.

A release tells one public fact and nothing else, so that none can say what was not public when it was made; the cost
of a new one does not grow with its procurement. `TOLD` is the table: kinds that are not in it make no release.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.ocds.rules import Json, exactly, ocid_of, release_id

Reader = Callable[[str], Any]
Before = Callable[[str], list[Mapping[str, Any]]]


@dataclass(frozen=True)
class Fact:
    """One public fact.

    number: of the project.  seq, at, kind: of its entry.  data: what it says.
    read: the published JSON object of a hash.  before: what earlier entries of a kind in the same story say, oldest
    first.  prefix: of ocids.  site: where addresses begin.
    """

    number: str
    seq: int
    at: datetime
    kind: str
    data: Mapping[str, Any]
    read: Reader
    before: Before
    prefix: str
    site: str

    @property
    def ocid(self) -> str:
        return ocid_of(self.number, prefix=self.prefix)

    @property
    def id(self) -> str:
        return release_id(self.ocid, self.seq)

    def blob(self, sha256: str) -> str:
        """The address of a published object."""
        return f"{self.site}/blobs/{sha256}"


Teller = Callable[[Fact], Json]


def release(fact: Fact, tellers: Mapping[str, Teller]) -> Json | None:
    """The release of a fact; None for a kind that has none, and for a fact that says nothing OCDS has a word for."""
    teller = tellers.get(fact.kind)
    told = teller(fact) if teller else {}
    if not told:
        return None
    head = {"ocid": fact.ocid, "id": fact.id, "date": exactly(fact.at), "language": "zh", "initiationType": "tender"}
    if "tender" in told:
        told["tender"] = {"id": fact.number, **told["tender"]}
    return head | told
