"""Sealed quotes in the supermarket, with the real code of unattended holders at the house's own doors."""

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bidding.holding import services as roster
from bidding.opening.tasks import advance_openings
from bidding.sealed import queries, tasks
from bidding.tender.models import Tender
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical
from proofs.checkpoint import quorum_of
from proofs.commands import inputs, service
from proofs.commands.service import Service
from proofs.doors import Doors, Unreachable
from proofs.holder import Trust
from proofs.mirror import Mirror
from proofs.registry import Registry
from rulebook import clock
from tests import cast
from tests.make import accounts, bidding_offers, holding, purchases
from tests.make.bidding import HOLDERS
from tests.make.ledger import sequenced
from tests.make.worlds import made_once

NUMBER = "P-2026-001"
COEFFICIENTS = ["0.95", "0.96", "0.97", "0.98"]
SHARES = {"fiscal": Decimal(1), "mixed": Decimal("0.4"), "own": Decimal(0)}
OFFERING = bidding_offers.BIDDERS
APPROVED = cast.NOON - cast.HOUR
OPENS = cast.NOON + cast.MINUTE


class Within(Doors):
    """A site's doors in the same process: what goes through them is what would go over the wire."""

    def __init__(self) -> None:
        super().__init__("http://testserver")
        self.client = Client()
        self.posted: list[tuple[str, Any]] = []

    def get(self, path: str) -> bytes:
        answer = self.client.get(f"/{path}")
        if answer.status_code != 200:
            raise Unreachable(path)
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    def post(self, path: str, value: Any) -> tuple[int, str]:
        self.posted.append((path, value))
        answer = self.client.post(f"/{path}", canonical.dumps(value), content_type="application/json")
        return answer.status_code, answer.content.decode()


def unattended(org: str, *, state: Path | None = None) -> Service:
    """The release service of a holder.  state: its memory, where another turn of it is to remember."""
    site = Within()
    policy = quorum_of([], 0)
    log = Mirror(site.log, site.vkey("log"), policy)
    trust = Trust(site.vkey("sealed"), policy, Registry(), site.blob, site.sealed_note)
    return Service(accounts.signer(org), site, state or Path(tempfile.mkdtemp()), log, trust)


def at_the_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    """It is this instant, for the house and for those who run its holders."""
    clock.forget()
    monkeypatch.setattr(clock, "system", lambda: at)
    monkeypatch.setattr(service, "present", lambda: at)
    monkeypatch.setattr(inputs, "present", lambda: at)


def turns(holders: Sequence[str] = HOLDERS, *, at: datetime, times: int = 1) -> None:
    """The services of these holders look and do what is due, so many times, with the log written in between."""
    for _ in range(times):
        for org in holders:
            unattended(org).turn()
        sequenced(at=at)


def readied() -> None:
    """Providers who may do it, unattended holders who stand ready, the item in the directory; nothing is bought yet."""
    for serial, who in enumerate(OFFERING, start=1):
        accounts.key(who.organisation)
        purchases.able(who, serial=serial, at=cast.NOON - 20 * cast.DAY)
    for org in {*HOLDERS, cast.PLATFORM}:
        accounts.key(org)
    holding.stand(*HOLDERS)
    for org in HOLDERS:
        roster.set_unattended(organisation=org, unattended=True, by=cast.SYSTEM, at=APPROVED)
    purchases.item(at=cast.NOON - 20 * cast.DAY)


def keyed() -> None:
    """The approved purchase NUMBER gets its keys and is published by itself; nobody clicks."""
    with pytest.MonkeyPatch.context() as patch:
        at_the_clock(patch, APPROVED)
        tasks.prepare_and_publish(by=cast.SYSTEM, at=APPROVED)
        sequenced(at=APPROVED)
        turns(at=APPROVED, times=2)  # the first makes keys, the second opens the trial
        tasks.prepare_and_publish(by=cast.SYSTEM, at=APPROVED)
        sequenced(at=APPROVED)
    clock.forget()


@made_once
def published(
    *, edition: str = "rehearsal-price", fund: str = "own", cap: str = "3000.00", formula: str = "lowest", **facts: Any
) -> Tender:
    """A purchase approved an hour before noon and published by itself: unattended holders made keys and opened the
    trial, nobody clicked."""
    readied()
    by = purchases.enterprise() if fund == "own" else cast.OFFICER
    params = {"coefficients": COEFFICIENTS} if formula == "reference" else {}
    row = purchases.published(
        by, at=APPROVED, edition=edition, fund=fund, fund_share=SHARES[fund], price_cap=Decimal(cap),
        formula={"key": formula, "params": params}, closes_at=cast.NOON, selects_at=cast.NOON, **facts,
    )  # fmt: skip
    assert row.project.stage == Stage.DRAFT  # it waits for its key holders
    Project.objects.filter(pk=row.project_id).update(number=NUMBER)
    keyed()
    return queries.tender(NUMBER)


def offered(prices: Sequence[str], **facts: Any) -> Tender:
    """A published purchase with so many sealed quotes, closing at noon."""
    tender = published(**facts)
    for who, price in zip(OFFERING, prices, strict=False):
        bidding_offers.sealed_bid(tender, who, price=price, at=APPROVED + cast.MINUTE)
    return tender


def opened(tender: Tender, *, at: datetime = OPENS) -> None:
    """The deadline has passed, the list is closed and published to the holders, where enough offered."""
    bidding_offers.closed(tender)
    tasks.open_and_choose(by=cast.SYSTEM, at=at)
    sequenced(at=at)


def released(
    monkeypatch: pytest.MonkeyPatch, *, holders: Sequence[str] = HOLDERS[:2], at: datetime = OPENS, times: int = 3
) -> None:
    """These holders' services take a turn; what can be decided is decided, and the choice takes its first step."""
    at_the_clock(monkeypatch, at)
    for org in holders:
        unattended(org).turn()
    ticked(at=at, times=times)


def ticked(*, at: datetime, times: int = 3) -> None:
    """The clock ticks so many times."""
    for _ in range(times):
        advance_openings(by=cast.SYSTEM, at=at)
        tasks.open_and_choose(by=cast.SYSTEM, at=at)
        sequenced(at=at)


DAY_AFTER = OPENS + timedelta(days=1)
