"""Auctions told as their public entries, without a house: what the house would log, for whoever checks it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from proofs import auction
from proofs.auction import State, Terms
from rulebook.times import iso
from tests import cast

NUMBER = "A-001"
TERMS = Terms(Decimal("100000.00"), Decimal("500.00"), timedelta(seconds=30), 3, timedelta(seconds=10))
ORGS = {"01": cast.HETAO, "02": cast.YINSHAN, "03": cast.WULIANG, "04": cast.LANGSHAN}
SALTS = {alias: bytes([int(alias)]) * 32 for alias in ORGS}
BEGINS, ENDS = cast.NOON, cast.NOON + 5 * cast.MINUTE


class Story:
    """Writes what the house would: nothing is refused here."""

    def __init__(self, terms: Terms = TERMS, number: str = NUMBER) -> None:
        self.terms, self.state = terms, State(opens_at=BEGINS, ends_at=ENDS)
        self.entries: list[dict[str, Any]] = []
        self.say(auction.CALLED, cast.NOON - cast.MINUTE, {
            "start": str(terms.start), "step": str(terms.step), "window": int(terms.window.total_seconds()),
            "most": terms.most, "restart": int(terms.restart.total_seconds()), "starts_at": iso(BEGINS),
            "ends_at": iso(ENDS), "latest": iso(auction.latest_end(terms, self.state)),
            "aliases": [{"alias": alias, "commitment": auction.alias_commitment(
                number=number, alias=alias, org=org, salt=SALTS[alias])} for alias, org in ORGS.items()],
        })  # fmt: skip

    def say(self, kind: str, at: datetime, data: dict[str, Any]) -> None:
        self.entries.append({"seq": len(self.entries) + 1, "kind": kind, "at": iso(at), "data": data})

    def quote(self, alias: str, price: str, at: datetime) -> None:
        self.state = auction.quoted(self.terms, self.state, alias=alias, price=Decimal(price), at=at)
        told = {"number": self.state.number, "alias": alias, "price": price, "ends_at": iso(self.state.ends_at),
                "extended": self.state.extended}  # fmt: skip
        self.say(auction.QUOTED, at, told)

    def pause(self, at: datetime) -> None:
        self.state = auction.paused(self.state, at=at)
        self.say(auction.PAUSED, at, {"by": cast.BUYER, "reason": "断电", "left": 1})

    def resume(self, at: datetime) -> None:
        self.state = auction.resumed(self.terms, self.state, at=at)
        told = {"by": cast.BUYER, "opens_at": iso(self.state.opens_at), "ends_at": iso(self.state.ends_at)}
        self.say(auction.RESUMED, at, told)

    def end(self) -> None:
        revealed = [{"alias": alias, "org": org, "name": cast.NAMES[org], "salt": SALTS[alias].hex()}
                    for alias, org in ORGS.items()]  # fmt: skip
        told = {"ended_at": iso(self.state.ends_at), "quotes": self.state.number,
                "best": str(self.state.best) if self.state.best else None,
                "revealed": revealed if self.state.number else []}  # fmt: skip
        self.say(auction.ENDED, self.state.ends_at + timedelta(seconds=1), told)


def told(number: str = NUMBER) -> Story:
    """Scenario 10: four firms, a pause, a quote in the last second; it ends at 86,500."""
    story = Story(number=number)
    story.quote("01", "100000.00", BEGINS)
    story.quote("02", "95000.00", BEGINS + cast.MINUTE)
    story.pause(BEGINS + 2 * cast.MINUTE)
    story.resume(BEGINS + 12 * cast.MINUTE)
    story.quote("03", "90000.00", BEGINS + 13 * cast.MINUTE)
    story.quote("04", "87000.00", story.state.ends_at - timedelta(seconds=1))
    story.quote("02", "86500.00", story.state.ends_at - timedelta(microseconds=1))
    story.end()
    return story
