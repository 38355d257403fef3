"""Public facts of a draw. Candidates appear as masked ids only."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class DrawAnnounced(Event):
    """A draw will be held, by these contributors."""

    kind: ClassVar[str] = "draw.announced"
    id: str
    purpose: str
    contributors: list[dict[str, Any]]


@dataclass(frozen=True)
class DrawKey(Event):
    """A contributor's slot keys for this draw."""

    kind: ClassVar[str] = "draw.key"
    id: str
    statement: dict[str, Any]
    keys: str


@dataclass(frozen=True)
class DrawSpecified(Event):
    """The specification nobody can change any more; the pool is a public blob."""

    kind: ClassVar[str] = "draw.spec"
    id: str
    sid: str
    spec: dict[str, Any]
    pool_sha256: str


@dataclass(frozen=True)
class PoolAttested(Event):
    """The supervision body has seen behind the masks: no person twice."""

    kind: ClassVar[str] = "draw.pool-attested"
    id: str
    statement: dict[str, Any]


@dataclass(frozen=True)
class DrawCommitted(Event):
    """A contributor is bound to his value."""

    kind: ClassVar[str] = "draw.committed"
    id: str
    j: int
    statement: dict[str, Any]


@dataclass(frozen=True)
class DrawDealt(Event):
    """All commitments together: from here nobody can join or change."""

    kind: ClassVar[str] = "draw.dealt"
    id: str
    h: dict[str, str]


@dataclass(frozen=True)
class DrawDeal(Event):
    """A contributor's sealed shares, a public blob."""

    kind: ClassVar[str] = "draw.deal"
    id: str
    j: int
    statement: dict[str, Any]
    deal_sha256: str


@dataclass(frozen=True)
class DrawComplained(Event):
    """A holder proves that a dealer sealed him a false share."""

    kind: ClassVar[str] = "draw.complained"
    id: str
    holder: int
    dealer: int
    sk: str
    statement: dict[str, Any]


@dataclass(frozen=True)
class DrawFixed(Event):
    """Whose values count, fixed before the first of them is known."""

    kind: ClassVar[str] = "draw.fixed"
    id: str
    dealers: list[int]


@dataclass(frozen=True)
class DrawRevealed(Event):
    """A contributor opens his value."""

    kind: ClassVar[str] = "draw.revealed"
    id: str
    j: int
    statement: dict[str, Any]


@dataclass(frozen=True)
class DrawKeyReleased(Event):
    """A holder's slot key, to recover the value of one who stayed silent."""

    kind: ClassVar[str] = "draw.key-released"
    id: str
    holder: int
    dealer: int
    sk: str
    statement: dict[str, Any]


@dataclass(frozen=True)
class DrawResult(Event):
    """The result, which anyone can compute again."""

    kind: ClassVar[str] = "draw.result"
    id: str
    seed: str
    result: dict[str, Any]


@dataclass(frozen=True)
class DrawVoid(Event):
    """The draw ended without a result."""

    kind: ClassVar[str] = "draw.void"
    id: str
    reason: str


@dataclass(frozen=True)
class OpeningsRead(Event):
    """The supervision body looked behind the masks; on the sealed log, so that no reader can deny it later."""

    kind: ClassVar[str] = "draw.openings-read"
    sealed: ClassVar[bool] = True
    id: str
    person: str
