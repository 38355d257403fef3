"""What the hall shows beside its table: bids that did not open, with their evidence and whose doing it was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from accounts.queries import name_of
from bidding.opening import blame, conduct, events, evidence, queries, words
from bidding.opening.blame import Side
from bidding.opening.conduct import TIMED
from bidding.opening.deposits import why_not_enough
from bidding.opening.evidence import Dossier
from bidding.opening.models import Opening, Release
from bidding.opening.queries import Standing
from bidding.opening.rules import OK, Act, not_host
from ledger import queries as ledger
from market.notices.words import FORMS
from rulebook.actor import Actor, Role
from rulebook.calendar import day_in_china
from rulebook.refusal import Reason
from rulebook.terms import Terms


@dataclass
class Pause:
    """Why the clock stands.  by: who stopped it; left: what remains of the turn, minutes and seconds, frozen."""

    at: datetime
    by: str
    ordered: bool
    reason: str
    left: str


@dataclass
class Fact:
    """One thing on record, in words."""

    text: str
    at: datetime | None = None


@dataclass
class Unopened:
    """One bid that did not open, for everybody."""

    org: str
    name: str
    facts: list[Fact]
    stated: list[dict[str, str]] = field(default_factory=list)
    cause: str = ""
    outcome: str = ""
    how: str = ""
    reason: str = ""


@dataclass
class Blaming:
    """One bid on whose cause this reader may say something, or why not."""

    org: str
    name: str
    presumed: str
    against: Sequence[Reason]


@dataclass
class Deposit:
    """One bidder's guarantee as his opened bid says it.  opened: his documents are, and `against` says something."""

    org: str
    name: str
    opened: bool
    given: Mapping[str, Any]
    kind: str
    against: Sequence[Reason]


def deposits(standing: Standing, *, viewer: Actor) -> list[Deposit]:
    """The guarantees beside the identity check: all for host, witness and supervisor, his own for a bidder.

    None where none was asked, before the hall is open, and for everybody else: a letter's number is no public fact.
    """
    asked, facts = standing.tender.guarantee, standing.facts
    if asked is None or standing.opening is None:
        return []
    sees = viewer.role in (Role.WITNESS, Role.SUPERVISOR) or not not_host(facts, viewer)
    law, day = standing.project.procedure.guarantee[1], day_in_china(standing.opening.opened_at)
    found = []
    for bid in queries.opened_bids(standing.tender, only=standing.only):
        if not sees and not (viewer.role is Role.PROVIDER and viewer.organisation == bid.org):
            continue
        opened = bid.verdicts.get(standing.tender.layout.documents) == OK
        given = dict(bid.guarantee or {})
        kind = str(FORMS.get(given.get("kind", ""), ""))
        against = why_not_enough(asked=asked, given=bid.guarantee, law=law, opened_on=day) if opened else ()
        found.append(Deposit(bid.org, bid.name, opened, given, kind, against))
    return found


def pause(standing: Standing, opening: Opening) -> Pause | None:
    """The pause that is on, as the log has it."""
    told = ledger.newest_of(standing.project.log, events.OpeningPaused.kind)
    if opening.paused_at is None or told is None:
        return None
    seconds = int((opening.turn_ends - opening.paused_at).total_seconds())
    left = f"{seconds // 60:02}:{seconds % 60:02}" if standing.act in TIMED and seconds > 0 else ""
    ordered = opening.paused_by == conduct.SUPERVISOR
    return Pause(opening.paused_at, name_of(told["by"]), ordered, told["reason"], left)


def unopened(standing: Standing) -> list[Unopened]:
    """Every bid that did not open: what is on record, what was said, what was decided."""
    return [_unopened(found, standing.project.terms) for found in evidence.dossiers(standing).values()]


def blaming(standing: Standing, *, viewer: Actor) -> list[Blaming]:
    """The bids whose cause this reader is to state or may rule on; none for anybody else."""
    facts = standing.facts
    supervises = not blame.why_not_rule_on(facts, by=viewer, failed=True)
    if blame.side_of(facts, viewer) is None and not supervises:
        return []
    told = []
    for org, found in evidence.dossiers(standing).items():
        against = (
            () if supervises else blame.why_not_state(facts, by=viewer, failed=True, decided=found.decided is not None)
        )
        if not against or standing.act is Act.CAUSES:
            told.append(Blaming(org, found.name, found.presumed.value, against))
    return told


def _unopened(found: Dossier, terms: Terms) -> Unopened:
    told = Unopened(org=found.org, name=found.name, facts=list(_facts(found, terms)))
    told.stated = [
        {"side": side.value, "cause": one.cause, "reason": one.reason}
        for side in Side
        if (one := found.stated.get(side)) is not None
    ]
    if found.decided is not None:
        told.cause, told.how, told.reason = found.decided.cause, found.decided.how, found.decided.reason
        told.outcome = blame.OUTCOMES[blame.Cause(told.cause)].value
    return told


def _facts(found: Dossier, terms: Terms) -> Iterator[Fact]:
    for unit in found.units:
        part = words.part(unit.bid.part)
        yield Fact(gettext("{part}按时送达，回执在案").format(part=part), unit.bid.received_at)
        tried = [one for one in found.attempts if one.unit_id == unit.pk]
        for one in tried:
            yield Fact(
                gettext("{part}：{what}").format(part=part, what=words.verdict(one.code, terms)),
                one.at,
            )
        good = [one for one in found.releases if one.unit_id == unit.pk and one.role == Release.Role.BIDDER]
        for one in good:
            yield Fact(
                gettext("{part}的解密凭据已由{terms.bidder}释放并核对相符").format(terms=terms, part=part),
                one.received_at,
            )
        if not good:
            yield Fact(gettext("本环节内没有收到{part}的有效解密凭据").format(part=part))
        else:
            came, need = found.holders[unit.bid.part]
            text = gettext("{part}：需要 {need} 位密钥保管人，实到 {came} 位").format(part=part, need=need, came=came)
            yield Fact(text)
        if unit.verdict:
            yield Fact(f"{part}：{words.verdict(unit.verdict, terms)}", unit.decided_at)
        for code in unit.findings:
            yield Fact(f"{part}：{words.finding(code, terms)}")
    for incident in found.incidents:
        text = gettext("平台故障 {number}：{cause}").format(number=incident.number, cause=incident.cause)
        yield Fact(text, incident.since)
