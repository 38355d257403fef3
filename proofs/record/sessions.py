"""The sessions of an opening as a record tells them: which envelopes were opened in each, and by whose leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proofs.record.archive import READ_OUT, Record
from proofs.record.checks import require
from proofs.record.proven import Proven


@dataclass(frozen=True)
class Session:
    """One session.  owner: envelope ↦ organisation, of those that may be opened in it.  parts: what is opened.

    closing: the list its envelopes are on.
    """

    number: int
    opened: Proven
    until: tuple[int, int]  # place of the entry that opens the next session
    parts: frozenset[str]
    owner: Mapping[str, str]
    closing: str = ""

    def of(self, record: Record, *kinds: str) -> list[Proven]:
        """The session's entries of these kinds."""
        return [entry for entry in record.of(*kinds) if self.opened.order <= entry.order < self.until]

    def one(self, record: Record, kind: str) -> Proven | None:
        """The entry of a kind that a session records at most once. ValueError when it is there twice."""
        found = self.of(record, kind)
        if len(found) > 1:
            raise ValueError(f"{kind} 出现了 {len(found)} 次")
        return found[0] if found else None


def sessions(record: Record) -> Sequence[Session]:
    """The sessions in order; none before the hall is open.

    Broken when one was opened that the terms do not know, before it was published who passed, or for anybody else
    than those who passed.
    """
    first, later = record.one("opening.hall-opened"), record.of("opening.session-opened")
    if first is None:
        return ()
    named = {bidder["org"]: bidder["parts"] for bidder in record.bidders}
    parts = set(record.terms["units"])
    in_two = "price" in parts
    rounds = record.terms.get("rounds") is True
    require(rounds or len(later) <= in_two, f"{record.words.opening}场次与{record.words.bid}条件不符")
    until, shut = later[0].order if later else _END, first.data["closing"]
    found = [Session(1, first, until, *_envelopes(named, parts - {"price"} if in_two else parts), shut)]
    if rounds:
        return [*found, *_rounds(record, later)]
    if later:
        passed = published(record, before=later[0].order)
        require(
            set(later[0].data["bidders"]) == passed,
            f"开启报价文件的{record.words.bidder}不是公布通过技术评审的{record.words.bidder}",
        )
        require(later[0].data["closing"] == first.data["closing"], "开启报价文件所依据的不是截止时的清单")
        require(passed <= set(named), f"公布通过技术评审的有不在截止时清单中的{record.words.bidder}")
        told = later[0].data.get("envelopes")
        prices = _envelopes({org: named[org] for org in passed}, parts & set(READ_OUT))
        require(told in (None, prices[1]), "开启的报价文件与截止时的清单不符")
        second = Session(2, later[0], _END, *prices, shut)
        found.append(second)
    return found


def _rounds(record: Record, later: Sequence[Proven]) -> list[Session]:
    """The sessions of rounds of quotes: each opens its own list, and only of those who were in it until then."""
    if not later:
        return []
    going_on = set(published(record, before=later[0].order))
    found = []
    for number, opened in enumerate(later, start=1):
        told = opened.data
        require((told.get("round"), told["session"]) == (number, number + 1), "报价轮次不相接")
        eids = [row["eid"] for row in record.listed(opened)]
        require(all(eid in record.submitted for eid in eids), "报价清单与密封记录不符")
        owner = {eid: str(record.submitted[eid]["org"]) for eid in eids}
        one_each = sorted(told["bidders"]) == sorted(owner.values()) and len(set(owner.values())) == len(owner)
        require(one_each, "开启的报价与本轮清单不符")
        require(set(owner.values()) <= going_on, "开启了未继续参加的供应商的报价")
        until = later[number].order if number < len(later) else _END
        found.append(Session(number + 1, opened, until, frozenset({"price"}), owner, told["closing"]))
        going_on = set(owner.values())
    return found


def published(record: Record, *, before: tuple[int, int]) -> set[str]:
    """Who passed the judgement after the first session, as published before that entry. Broken when nobody said so."""
    told = record.one("tech.passed")
    require(told is not None and told.order < before, "公布通过名单之前开启了报价文件")
    assert told is not None
    return set(told.data["passed"])


def may_be_opened(record: Record) -> dict[str, str]:
    """Envelope ↦ organisation, of all that may be opened so far: never the price of a bidder who did not pass."""
    return {eid: org for session in sessions(record) for eid, org in session.owner.items()}


def _envelopes(
    named: Mapping[str, Mapping[str, Mapping[str, str]]], parts: set[str]
) -> tuple[frozenset[str], dict[str, str]]:
    owner = {unit["eid"]: org for org, units in named.items() for part, unit in units.items() if part in parts}
    return frozenset(parts), owner


_END = (2**53, 0)
