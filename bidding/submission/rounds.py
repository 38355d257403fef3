"""Rounds of sealed quotes: called after a negotiation, closed like a tender, each with a list of its own."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from accounts import inbox
from bidding.submission import queries, rules
from bidding.submission.events import RoundCalled, RoundClosed
from bidding.submission.models import Round
from bidding.tender.models import Tender
from ledger import underway
from ledger.services import record, want_sealed_batch
from market.projects import queries as projects
from proofs import closing as closings
from rulebook.actor import Actor, Role
from rulebook.refusal import refuse_if
from rulebook.times import iso


def call(*, tender: Tender, invited: Mapping[str, str], last: bool, at: datetime) -> Round:
    """Begin a round; everybody invited is told alike. The caller holds the project and has asked the rules.

    invited: organisation ↦ name.
    """
    project = tender.project
    row = Round.objects.create(
        tender=tender,
        number=tender.rounds.count() + 1,
        last=last,
        invited=dict(invited),
        called_at=at,
        closes_at=at + timedelta(seconds=project.procedure.round),
    )
    for organisation in sorted(invited):
        inbox.post(
            topic=inbox.Topic.TODAY,
            due_at=row.closes_at,
            to_organisation=organisation,
            to_role=Role.PROVIDER,
            subject=f"请提交{'最后报价' if last else '报价'}：{project.title}",
            body=f"第 {row.number} 轮报价已经开始，请在规定时间内密封提交，到时开启；逾期未提交的，视为退出。",
            link=f"/projects/{project.number}/bid/",
            at=at,
        )
    record(RoundCalled(stream=project.log, round=row.number, until=iso(row.closes_at), last=last), at=at)
    return row


@transaction.atomic
def fix_round(*, project_number: str, by: Actor, at: datetime) -> Round | None:
    """Fix the list of a round's quotes once its time and the drain are past; fixing it again changes nothing.

    Refused to anybody but the clock, while it runs, and while what arrived in time is not answered.
    """
    project = projects.hold(project_number)
    row = Round.objects.select_related("tender").filter(tender__project=project).order_by("number").last()
    if row is None or row.fixed_at:
        return row
    drain = timedelta(seconds=row.tender.drain)
    waits = underway.before(row.closes_at, at=at)
    refuse_if(
        rules.why_not_fix_list(
            by=by, closes_at=row.closes_at, drain=drain, at=at, underway=waits, laws=project.procedure.formalities
        )
    )
    rows = [
        {"part": part, "eid": bid.eid, "slot": bid.slot, "env_sha256": bid.env_sha256, "sub_sha256": bid.sub_sha256}
        for one in queries.live(row.tender, round=row)
        for part, bid in one.parts.items()
    ]
    listing, row.nonce = closings.build(project.number, rows), secrets.token_bytes(32)
    row.digest, row.listing, row.fixed_at = closings.commitment(row.nonce, listing), listing.decode(), at
    want_sealed_batch(queries.batch_of(project, row), at=at)
    row.save(update_fields=["nonce", "digest", "listing", "fixed_at"])
    return row


@transaction.atomic
def announce_round(*, project_number: str, by: Actor, at: datetime) -> None:
    """Publish the commitment to a round's list with the sealed checkpoint that holds everything on it."""
    project = projects.hold(project_number)
    row = Round.objects.filter(tender__project=project, fixed_at__isnull=False, entry=None).first()
    sealed = queries.round_checkpoint(project, row) if row else None
    if row is None or sealed is None:
        return
    event = RoundClosed(
        stream=project.log,
        round=row.number,
        closing=row.digest,
        sealed_log={"size": sealed.size, "root": sealed.root.hex()},
        note=sealed.note,
    )
    row.entry, row.closed_at = record(event, at=at), at
    row.save(update_fields=["entry", "closed_at"])
