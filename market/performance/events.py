"""Public facts of a contract's performance: what was agreed, when it was handed over and accepted, what was paid.

Files, notes and reasons of a return stay with the two sides; the log has a commitment to what was handed over.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from ledger.events import Event


@dataclass(frozen=True)
class PlanAgreed(Event):
    """Both sides agreed on the milestones.  version: 1 as signed, later ones change the contract, with the reason.

    milestones: [{"number", "what", "due_on", "amount"}].  was: the amount before, yuan; "" for the first.
    """

    kind: ClassVar[str] = "performance.plan-agreed"
    version: int
    amount: str
    was: str
    reason: str
    milestones: list[dict[str, Any]]


@dataclass(frozen=True)
class Delivered(Event):
    """The provider handed over a milestone.  sha256: a salted commitment to note and files.  attempt: 1, 2, …"""

    kind: ClassVar[str] = "performance.delivered"
    milestone: int
    attempt: int
    sha256: str


@dataclass(frozen=True)
class Inspected(Event):
    """The buyer accepted a delivery, or returned it with reasons the two sides know.

    days_late: working days the provider took beyond the due day, so far.
    """

    kind: ClassVar[str] = "performance.inspected"
    milestone: int
    attempt: int
    accepted: bool
    days_late: int


@dataclass(frozen=True)
class Completed(Event):
    """Everything was accepted.  days_late: of all milestones together."""

    kind: ClassVar[str] = "performance.completed"
    amount: str
    days_late: int


@dataclass(frozen=True)
class TerminationNoticed(Event):
    """A side gave notice that it ends the contract. Its grounds are heard by the other side first."""

    kind: ClassVar[str] = "performance.termination-noticed"
    side: str


@dataclass(frozen=True)
class TerminationEnded(Event):
    """What came of it.  outcome: of `rules.Outcome`.  grounds, reply, decision: both sides' words, once it has ended
    the contract; "" otherwise.
    """

    kind: ClassVar[str] = "performance.termination-ended"
    side: str
    outcome: str
    grounds: str
    reply: str
    decision: str


@dataclass(frozen=True)
class InvoiceRecorded(Event):
    """The provider noted an invoice. Its number is not told."""

    kind: ClassVar[str] = "performance.invoice-recorded"
    amount: str
    issued_on: date


@dataclass(frozen=True)
class PaymentRecorded(Event):
    """The buyer noted a payment; no money moves here."""

    kind: ClassVar[str] = "performance.payment-recorded"
    amount: str
    paid_on: date


@dataclass(frozen=True)
class PaymentAnswered(Event):
    """The provider said whether that payment arrived."""

    kind: ClassVar[str] = "performance.payment-answered"
    amount: str
    paid_on: date
    received: bool
