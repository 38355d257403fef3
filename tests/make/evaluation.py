"""Evaluations of really opened bids, judged by really drawn panels."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bidding.evaluation import queries, raising, scoring, services, settled
from bidding.evaluation.models import Evaluation
from bidding.evaluation.panel_models import SignIn
from bidding.evaluation.rules import Finding, Vote
from bidding.evaluation.tasks import settle_ties
from bidding.opening.models import Opening, OpeningUnit
from bidding.opening.opened import FOLDER as OPENED
from bidding.submission.models import Bid
from bidding.tender.models import Tender
from draws.models import Draw
from experts.panels import queries as panels
from experts.panels.models import Panel, Seat
from ledger import blobs, sequencer
from ledger.models import Entry, Log
from market.awards import services as awards
from market.projects.models import Project
from market.projects.rules import Stage
from proofs import canonical
from rulebook.actor import SYSTEM
from tests import cast
from tests.make import accounts, bidding, bidding_offers, draws, experts
from tests.make.worlds import made_once

LATER = cast.NOON + timedelta(minutes=10)
EQUAL = {"f1": "30", "f2": "20"}
STRATA = [("A-it", 5)]


@made_once
def opened(
    bids: int = 3, *, prices: Sequence[str] = bidding_offers.PRICES, played: bool = False, **facts: Any
) -> Project:
    """A project whose (first) session has ended with so many bids.  played: sealed and opened by the parties."""
    if played:
        return bidding_offers.opened_tender(bids, prices=prices, **facts).project
    return opened_by_hand(bidding.tender(stage=Stage.DECIDING, keys=False), bids, prices=prices)


def opened_by_hand(tender: Tender, bids: int = 3, *, prices: Sequence[str] = bidding_offers.PRICES) -> Project:
    """The rows of a (first) session that has ended with so many bids: nobody sealed or released anything."""
    at = cast.NOON + timedelta(minutes=4)
    opening = Opening.objects.create(
        tender=tender, opened_by=cast.OFFICER.person, opened_at=at, turn_ends=at, bidders_done_at=at, read_out_at=at,
        record_sha256="0" * 64, ended_at=at,
    )  # fmt: skip
    for n, (bidder, price) in enumerate(zip(bidding_offers.BIDDERS[:bids], prices, strict=False), 1):
        code = bidder.organisation
        accounts.organisation(code)
        sheet = {"price": price, "delivery": "45 日", "small": code in cast.SMALL, "note": ""}
        for part in ("sheet", "body"):
            _unit(opening, code, part, n, sheet if part == "sheet" else None)
    return tender.project


def _unit(opening: Opening, code: str, part: str, slot: int, sheet: Mapping[str, Any] | None) -> OpeningUnit:
    """One envelope that was opened: the rows, without the bytes."""
    bid = handed_in(opening.tender, code, part, slot)
    files = []
    if sheet is None:
        sha256, size = blobs.keep_file(io.BytesIO("本单位的技术方案".encode()), folder=OPENED)
        files = [{"name": "技术方案.txt", "size": size, "sha256": sha256}]
    return OpeningUnit.objects.create(
        opening=opening, bid=bid, verdict="OK", sheet=sheet, files=files, decided_at=cast.NOON
    )


def handed_in(tender: Tender, code: str, part: str = "body", slot: int = 1) -> Bid:
    """The row of an envelope that came in time."""
    mark = canonical.sha256(f"{tender.pk}/{code}/{part}".encode()).hex()
    entry = Entry.objects.create(
        log=Log.SEALED, stream=tender.project.log,
        seq=1_000_000 + 2 * slot + (part == "body"), kind="bid.sealed",
        at=cast.NOON, event="{}", leaf=b"{}", nonce=bytes(32),
    )  # fmt: skip
    return Bid.objects.create(
        tender=tender, organisation=code, name=cast.NAMES[code], gen=1, part=part, version=1, eid=mark[:32],
        slot=slot, env_sha256=mark, size=1, sub="{}", sub_sha256=mark, received_at=cast.NOON - cast.HOUR,
        closes_at=cast.NOON, entry=entry, receipt="",
    )  # fmt: skip


def findings(project: Project, failing: Mapping[str, str] | None = None) -> list[Finding]:
    """The purchaser's findings: everything passed but the first condition of the organisations named, with why."""
    failing = failing or {}
    found = []
    for org, key in queries.wanted_findings(project):
        bad = org in failing and key == "1"
        found.append(Finding(org, key, not bad, failing[org] if bad else ""))
    return found


@made_once
def qualified(bids: int = 3, *, failing: Mapping[str, str] | None = None, **facts: Any) -> Evaluation:
    """An evaluation after the qualification review."""
    project = opened(bids, **facts)
    return services.qualify(
        project_number=project.number, findings=findings(project, failing), by=cast.OFFICER, at=LATER
    )


def convened(evaluation: Evaluation, *, at: datetime = LATER, reason: str = "") -> Panel:
    """The panel called by the officer; contributors' keys are registered, the experts enrolled."""
    for code in (*draws.CONTRIBUTORS, cast.BUREAU):
        accounts.key(code)
    experts.register()
    return services.convene(
        project_number=evaluation.project.number, strata=STRATA, reason=reason, by=cast.OFFICER, at=at
    )


@made_once
def seated(bids: int = 3, *, at: datetime = LATER, played: bool = False, **facts: Any) -> Evaluation:
    """An evaluation whose panel sits, nobody having declared.  played: bids and draw with every message."""
    evaluation = qualified(bids, played=played, **facts)
    experts.seated(convened(evaluation, at=at), at=at, played=played)
    return evaluation


def members(evaluation: Evaluation) -> list[Seat]:
    """The seats taken, by number."""
    return panels.seated(evaluation.project.number)


def signed_in(evaluation: Evaluation, *, at: datetime = LATER) -> Evaluation:
    """Every member who has not yet signs in."""
    for seat in members(evaluation):
        if not SignIn.objects.filter(seat=seat).exists():
            raising.sign_in(project_number=evaluation.project.number, promised=True, by=experts.person_of(seat), at=at)
    return evaluation


def led(evaluation: Evaluation, *, at: datetime = LATER) -> Evaluation:
    """The members vote for the first seat that may lead, where they have no leader."""
    for seat in members(evaluation):
        stands = settled.chosen(evaluation)
        if stands.leader is None and not evaluation.leader_votes.filter(seat=seat, round=stands.round).exists():
            raising.elect(
                project_number=evaluation.project.number, choice=members(evaluation)[0].seat_no,
                by=experts.person_of(seat), at=at,
            )  # fmt: skip
    return evaluation


def declared(evaluation: Evaluation, *, at: datetime = LATER) -> Evaluation:
    """Every member who has not yet declares that he has no conflict."""
    number = evaluation.project.number
    signed_in(evaluation, at=at)
    for seat in members(evaluation):
        if not queries.member(evaluation.project, experts.person_of(seat)).declared:
            services.declare(project_number=number, by=experts.person_of(seat), at=at)
    led(evaluation, at=at)
    evaluation.refresh_from_db()
    return evaluation


def votes(evaluation: Evaluation, against: Mapping[str, str] | None = None) -> list[Vote]:
    """A member's review: everything compliant but the organisations named, with the ground."""
    against = against or {}
    return [
        Vote(bid.org, bid.org not in against, (against[bid.org],) if bid.org in against else (),
             "见投标文件第3页" if bid.org in against else "")
        for bid in queries.bids(evaluation)
    ]  # fmt: skip


def reviewed(evaluation: Evaluation, against: Mapping[str, str] | None = None, *, at: datetime = LATER) -> Evaluation:
    """Every member who has not yet hands in the same review."""
    for seat in members(evaluation):
        if not queries.member(evaluation.project, experts.person_of(seat)).reviewed:
            services.review(
                project_number=evaluation.project.number, votes=votes(evaluation, against),
                by=experts.person_of(seat), at=at,
            )  # fmt: skip
    evaluation.refresh_from_db()
    return evaluation


@made_once
def scoring_open(bids: int = 3, **facts: Any) -> Evaluation:
    """An evaluation in which the members score."""
    return reviewed(declared(seated(bids, **facts)))


def cells(evaluation: Evaluation, points: Mapping[str, str] = EQUAL, **by_org: Mapping[str, str]) -> dict[str, Any]:
    """A whole sheet: the same points for every bid unless an organisation has its own."""
    return {bid.org: dict(by_org.get(bid.org, points)) for bid in queries.compliant(evaluation)}


def saves(evaluation: Evaluation, seat: Seat, sheet: Mapping[str, Any] | None = None, *, at: datetime = LATER) -> Any:
    """A member saves his draft."""
    return scoring.save_scores(
        project_number=evaluation.project.number, cells=sheet or cells(evaluation), by=experts.person_of(seat), at=at
    )


def locks(evaluation: Evaluation, seat: Seat, sheet: Mapping[str, Any] | None = None, *, at: datetime = LATER) -> Any:
    """A member saves and locks."""
    saves(evaluation, seat, sheet, at=at)
    return scoring.lock_sheet(
        project_number=evaluation.project.number, confirmed=True, by=experts.person_of(seat), at=at
    )


def locked(evaluation: Evaluation, *, at: datetime = LATER, **by_org: Mapping[str, str]) -> Evaluation:
    """Everybody has locked the same sheet."""
    for seat in members(evaluation):
        locks(evaluation, seat, cells(evaluation, **by_org), at=at)
    evaluation.refresh_from_db()
    return evaluation


def signs(evaluation: Evaluation, seat: Seat, dissent: str = "", *, at: datetime = LATER) -> Any:
    """A member signs the report."""
    return scoring.sign_report(
        project_number=evaluation.project.number, dissent=dissent, by=experts.person_of(seat), at=at
    )


def signed(evaluation: Evaluation, *, at: datetime = LATER) -> Evaluation:
    """Everybody has signed."""
    for seat in members(evaluation):
        signs(evaluation, seat, at=at)
    evaluation.refresh_from_db()
    return evaluation


def signed_rest(evaluation: Evaluation, *, at: datetime = LATER) -> Evaluation:
    """Everybody who has not yet signs."""
    for seat in members(evaluation):
        if not queries.member(evaluation.project, experts.person_of(seat)).signed:
            signs(evaluation, seat, at=at)
    evaluation.refresh_from_db()
    return evaluation


@made_once
def ranked(bids: int = 3, **facts: Any) -> Evaluation:
    """An evaluation whose report has gone to the buyer."""
    return signed(locked(scoring_open(bids, **facts)))


def tie_settled(evaluation: Evaluation, *, at: datetime = LATER) -> Evaluation:
    """The order of equal ranks is drawn."""

    draws.settled(Draw.objects.get(project_number=evaluation.project.number, purpose="tie"), at=at)
    settle_ties(by=SYSTEM, at=at)
    evaluation.refresh_from_db()
    return evaluation


def tender_of(evaluation: Evaluation) -> Tender:
    return evaluation.project.tender


def awarded(number: str, org: str, *, at: datetime) -> None:
    """The winner determined, and announced with the names of the panel once the log holds what lets them go."""
    awards.determine(number=number, org=org, by=cast.OFFICER, at=at)
    sequencer.turn(at=at)
    awards.announce_determined(number=number, by=SYSTEM, at=at)
