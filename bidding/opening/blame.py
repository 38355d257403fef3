"""Whose doing it was that a bid did not open, and what follows for its bidder. Pure.

Law: 电子招标投标办法 第31条: not opened by the bidder's doing counts as revoked, for any other cause as taken back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bidding.opening.rules import ABSENT, INSUFFICIENT, OK, PLAYED, Act, Facts, halted, held, not_in
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason

LOST = "ENVELOPE_LOST"  # the platform's own fault, never the bidder's
ATTEMPTS_KEPT = 5  # refused tries written down for one envelope; more tell nothing more


class Cause(StrEnum):
    """Whose doing it was."""

    BIDDER = "bidder"
    OTHER = "other"


class Outcome(StrEnum):
    """What the law makes of it."""

    REVOKED = "revoked"  # 视为撤销
    WITHDRAWN = "withdrawn"  # 视为撤回, with the right to claim


class Side(StrEnum):
    """Who states a cause."""

    HOST = "host"
    WITNESS = "witness"


class How(StrEnum):
    """How a cause was decided."""

    AGREED = "agreed"
    SUPERVISOR = "supervisor"
    EVIDENCE = "evidence"


OUTCOMES: Mapping[Cause, Outcome] = {Cause.BIDDER: Outcome.REVOKED, Cause.OTHER: Outcome.WITHDRAWN}


@dataclass(frozen=True)
class Evidence:
    """What is on record about one bid that did not open.

    outage: an incident of the platform fell into the bidders' turn.
    """

    verdicts: tuple[str, ...]
    findings: tuple[str, ...] = ()
    outage: bool = False


def is_failed(verdicts: tuple[str, ...]) -> bool:
    """Whether a bid certainly did not open: one part of it has a verdict, and not a good one."""
    return any(verdict and verdict != OK for verdict in verdicts)


def by_evidence(evidence: Evidence) -> Cause:
    """What the evidence says by itself.

    A bidder answers for what he sealed and for his absence; not for keys that holders did not bring, not for what
    the platform lost, and not for his absence while the platform was out: there, doubt is to his favour.
    """
    if LOST in evidence.findings:
        return Cause.OTHER
    failed = {verdict for verdict in evidence.verdicts if verdict not in ("", OK)}
    if failed <= {ABSENT} and evidence.outage:
        return Cause.OTHER
    dealt_badly = any(finding.startswith(("BAD_SHARE", "BAD_DEAL")) for finding in evidence.findings)
    return Cause.OTHER if failed == {INSUFFICIENT} and not dealt_badly else Cause.BIDDER


def agreed(stated: Mapping[Side, Cause]) -> Cause | None:
    """The cause host and witness both name; None while one is silent or they differ."""
    said = {stated.get(side) for side in Side}
    return said.pop() if len(said) == 1 else None


def side_of(facts: Facts, by: Actor) -> Side | None:
    """For whom somebody states a cause."""
    if by.role is Role.OFFICER and by.organisation in facts.hosts:
        return Side.HOST
    return Side.WITNESS if by.role is Role.WITNESS else None


def why_not_state(facts: Facts, *, by: Actor, failed: bool, decided: bool) -> tuple[Reason, ...]:
    """Reasons against stating the cause: host and witness, of a bid that did not open, until it is decided."""
    if side_of(facts, by) is None:
        return (Reason("cause.not-yours", Kind.NOT_YOURS, "仅主持人和交易中心见证人可认定未能开启的原因"),)
    shut = _not_now(facts, failed)
    if not shut and decided:
        shut = (Reason("cause.decided", Kind.NOT_NOW, "该{terms.bid}未能开启的原因已经认定", facts.laws.undone),)
    return shut or (held(facts, by) if side_of(facts, by) is Side.HOST else ())


def why_not_rule_on(facts: Facts, *, by: Actor, failed: bool) -> tuple[Reason, ...]:
    """Reasons against the supervisor's deciding, or overruling what was decided, until the record is drawn up."""
    if by.role is not Role.SUPERVISOR:
        return (Reason("cause.not-supervisor", Kind.NOT_YOURS, "仅监督人员可裁定未能开启的原因"),)
    return _not_now(facts, failed)


def _not_now(facts: Facts, failed: bool) -> tuple[Reason, ...]:
    if facts.act is Act.STOPPED:
        return not_in(facts, *PLAYED)
    if facts.act in (Act.RECORD, Act.ENDED):
        text = "{terms.opening}记录已经生成，原因认定不再更改；对认定不服的可依法投诉"
        return (Reason("cause.recorded", Kind.NOT_NOW, text, facts.laws.recorded),)
    if facts.act not in PLAYED or not failed:
        return (Reason("cause.not-failed", Kind.NOT_NOW, "该{terms.bid}没有未能开启的结论", facts.laws.undone),)
    return halted(facts)
