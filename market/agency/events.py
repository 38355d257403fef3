"""Public facts about who acts for a purchaser."""

from dataclasses import dataclass
from typing import ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class AgentNamed(Event):
    """An agent acts for the buyer in this purchase, from its notice on or since it took over.

    owner, agent: credit codes.  works: what it is entrusted with.  letter_sha256: of the issued letter.
    confirmed_at: when the buyer confirmed what it drafted, "" where another drafted it.  until it is named anew.
    """

    kind: ClassVar[str] = "agency.agent-named"
    owner: str
    owner_name: str
    agent: str
    agent_name: str
    works: list[str]
    letter_sha256: str
    confirmed_at: str


@dataclass(frozen=True)
class AgentLeft(Event):
    """The buyer goes on with this purchase by itself: what its agent did stays."""

    kind: ClassVar[str] = "agency.agent-left"
    owner: str
    agent: str
    agent_name: str
    letter_sha256: str
