"""Acts of offering: get slots, upload envelopes, hand in, take back, and fix the list after the deadline."""

import dataclasses
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts import inbox
from accounts.queries import checked_all, name_of
from bidding.submission import envelopes, queries, rules
from bidding.submission.events import BidRefused, BidSealed, BidWithdrawn, TenderClosed
from bidding.submission.models import Bid, Closing, LateBid, StoredEnvelope, Withdrawal
from bidding.submission.rules import Stored
from bidding.submission.traces import NO_TRACES, Traces, sealed
from bidding.tender import queries as tenders
from bidding.tender import services as tender_services
from bidding.tender.models import Tender
from ledger import receipts, underway
from ledger.services import record, record_all, want_sealed_batch
from ledger.written_out import insert
from market.projects import queries as projects
from notifier.asking import asks_first
from proofs import canonical, envelope
from proofs import closing as closings
from proofs import receipt as receipt_texts
from proofs import statement as statements
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso


@asks_first
def allot_slots(*, project_number: str, by: Actor, at: datetime) -> dict[str, int]:
    """Give a bidder one unused slot for each part; one he has not used yet is given again.

    Refused when he may not bid now, or has used up his versions.
    """
    tender = queries.offered(project_number, held=True)
    refuse_if(queries.why_not_bid(tender, by=by, at=at))
    has = queries.standing(tender, by.organisation)
    given = {name: min(free) for name, part in has.items() if (free := part.slots - part.used)}
    wanted = [name for name in has if name not in given]
    given |= tender_services.allot_slots(tender=tender, parts=wanted, org=by.organisation, at=at)
    return {name: given[name] for name in has}


def store_envelope(*, project_number: str, part: str, chunks: Iterable[bytes], by: Actor, at: datetime) -> Stored:
    """Keep an uploaded envelope, unread, for this bidder; uploading the same bytes again changes nothing.

    Refused when he may not bid now, when the bytes are no envelope sealed under this tender's terms for this part and
    a slot of his, or are too many.  Law: 电子招标投标办法 第26条.
    """
    tender = may_upload(project_number=project_number, part=part, by=by, at=at)
    received = envelopes.receive(
        chunks, limit=settings.ENVELOPE_LIMIT, unsealed=tender.project.procedure.formalities.unsealed
    )
    try:
        return keep_received(received=received, tender=tender, part=part, by=by, at=at)
    finally:
        envelopes.discard(received)


def may_upload(*, project_number: str, part: str, by: Actor, at: datetime, held: bool = False) -> Tender:
    """The tender an envelope may be uploaded to now, its project locked if `held`.

    Refused when he may not bid now, or there is no such part.
    """
    tender = queries.offered(project_number, held=held)
    refuse_if(queries.why_not_bid(tender, by=by, at=at))
    if part not in queries.manifests(tender):
        raise Refused(Reason("bid.parts", Kind.NOT_VALID, "提交的部分与{terms.tender}条件不符"))
    return tender


def keep_received(*, received: envelopes.Whole, tender: Tender, part: str, by: Actor, at: datetime) -> Stored:
    """Keep a complete upload, whichever door it came through.

    Refused when it is no envelope sealed under this tender's terms for this part and a slot of his, or one too many.
    """
    unsealed = tender.project.procedure.formalities.unsealed
    header = envelopes.header(
        received, manifest=queries.manifests(tender)[part], policy=tender.policy, unsealed=unsealed
    )
    return _keep(received, header, tender=tender, part=part, by=by, at=at)


def submit(
    *, project_number: str, subs: Sequence[Any], by: Actor, at: datetime, traces: Traces = NO_TRACES
) -> list[Bid]:
    """Make uploaded envelopes the bidder's bid, one signed `sub/1` for each part; the same again is the same receipt.

    at: when the last byte of the request was in. What arrived in time and waited for the lock is in time, until the
    list is fixed a drain after the deadline.  traces: stored as long, sealed to the opening, whatever is known.
    Refused when late (with a signed refusal that is logged), banned, or the statements do not fit what was uploaded.
    Law: 招标投标法 第29条, 招标投标法实施条例 第36条, 电子招标投标办法 第27条.
    """
    told = _by_part(subs, v="sub/1")
    return _in_order(_accept_or_refuse(project_number, told, Bid, traces, by=by, at=at), told)


def withdraw(*, project_number: str, wds: Sequence[Any], by: Actor, at: datetime) -> list[Withdrawal]:
    """Take the whole bid back before the deadline, one signed `wd/1` for each live part; receipted like a bid.

    Refused when late, or when the statements do not name exactly what is live.
    Law: 招标投标法 第29条, 招标投标法实施条例 第35条.
    """
    told = _by_part(wds, v="wd/1")
    return _in_order(_accept_or_refuse(project_number, told, Withdrawal, NO_TRACES, by=by, at=at), told)


@transaction.atomic
def fix_list(*, project_number: str, by: Actor, at: datetime) -> Closing:
    """Fix the list of live bids once the deadline and the drain are past; fixing it again changes nothing.

    From here nothing is accepted, whatever its stamp says. Nobody is told what is on the list.
    Refused when it is too early, and while the house has not answered what arrived in time, for minutes at most.
    Spec: docs/proofs.md, closing.
    """
    project = projects.hold(project_number)
    tender = tenders.tender(project_number)
    fixed = queries.closing(tender)
    if fixed:
        return fixed
    drain = timedelta(seconds=tender.drain)
    waits = underway.before(tender.closes_at, at=at)
    refuse_if(
        rules.why_not_fix_list(
            by=by, closes_at=tender.closes_at, drain=drain, at=at, underway=waits, laws=project.procedure.formalities
        )
    )
    rows = [
        {"part": part, "eid": row.eid, "slot": row.slot, "env_sha256": row.env_sha256, "sub_sha256": row.sub_sha256}
        for bid in queries.live(tender)
        for part, row in bid.parts.items()
    ]
    listing, nonce = closings.build(project.number, rows), secrets.token_bytes(32)
    # Asked for whether anything was bid or not, so that a tender without bids takes as long.
    want_sealed_batch(project.log, at=at)
    return Closing.objects.create(
        tender=tender,
        digest=closings.commitment(nonce, listing),
        nonce=nonce,
        listing=listing.decode(),
        fixed_at=at,
    )


@transaction.atomic
def announce_closing(*, project_number: str, by: Actor, at: datetime) -> Closing:
    """Publish the commitment to the list with the sealed checkpoint that holds everything on it.

    Whoever holds a receipt is told that the proof of its inclusion is there; nobody else is told that he does.
    Refused while that checkpoint is not signed, and witnessed where witnesses are set.
    Spec: docs/proofs.md, closing.
    """
    project = projects.hold(project_number)
    closing = Closing.objects.get(tender__project=project)
    if closing.entry_id:
        return closing
    sealed = queries.sealed_checkpoint(closing.tender)
    if sealed is None:
        raise Refused(Reason("hall.not-witnessed", Kind.NOT_NOW, "封存清单正在入日志并等待见证签名"))
    event = TenderClosed(
        stream=project.log,
        closing=closing.digest,
        sealed_log={"size": sealed.size, "root": sealed.root.hex()},
        note=sealed.note,
    )
    for organisation in queries.takers_of_receipts(closing.tender):
        inbox.post(
            to_organisation=organisation,
            to_role=Role.PROVIDER,
            subject="回执的存在证明已经生成",
            body=f"“{project.title}”已截止封存。每张回执在封存日志中的存在证明已经附上，可以下载保存，任何人都能核对。",
            link=f"/projects/{project.number}/bid/receipts/",
            at=at,
        )
    closing.entry, closing.closed_at = record(event, at=at), at
    closing.save(update_fields=["entry", "closed_at"])
    return closing


def _keep(
    received: envelopes.Whole, header: envelope.Header, *, tender: Tender, part: str, by: Actor, at: datetime
) -> Stored:
    """Keep what was received. Holds nothing: an upload is no bid, and handing it in asks everything again."""
    has = queries.standing(tender, by.organisation)[part]
    if received.sha256 in has.stored:
        return has.stored[received.sha256]
    if header.slot not in has.slots - has.used:
        raise Refused(Reason("bid.slot", Kind.NOT_VALID, "钥匙位未分配给本单位或已使用，请重新{terms.seal}"))
    if len(has.stored) >= 2 * rules.VERSIONS:
        raise Refused(rules.too_many_uploads())
    envelopes.keep(received)
    kept = Stored(received.sha256, received.size, header.eid.hex(), header.slot)
    row = StoredEnvelope(
        tender=tender, organisation=by.organisation, part=part, stored_at=at, **dataclasses.asdict(kept)
    )
    # The same bytes twice at once are kept once.
    StoredEnvelope.objects.bulk_create([row], ignore_conflicts=True)
    return kept


Told = Mapping[str, Mapping[str, Any]]
Rows = list[Bid] | list[Withdrawal]


def _by_part(said: Sequence[Any], *, v: str) -> dict[str, Mapping[str, Any]]:
    """The signed statements by the part they speak of, each checked; one for a part."""
    if not 1 <= len(said) <= len(statements.PARTS):
        raise Refused(Reason("bid.parts", Kind.NOT_VALID, "提交的部分与{terms.tender}条件不符"))
    told = {one["unit"].get("part", ""): one for one in checked_all(said, v=v, hold=False)}
    if len(told) != len(said):
        raise Refused(Reason("bid.parts", Kind.NOT_VALID, "提交的部分与{terms.tender}条件不符"))
    return told


def _accept_or_refuse(project_number: str, told: Told, kind: type, traces: Traces, *, by: Actor, at: datetime) -> Rows:
    outcome = _decide(project_number, told, kind, traces, by=by, at=at)
    if not isinstance(outcome, LateBid):
        return outcome
    # Raised only here: the evidence of it is committed already.
    laws = outcome.tender.project.procedure.formalities
    if outcome.code == rules.drained().code:
        raise Refused(rules.drained(law=laws.received, refusal=outcome.refusal))
    raise Refused(rules.late(outcome.closes_at, at=outcome.received_at, law=laws.late, refusal=outcome.refusal))


@asks_first
def _decide(project_number: str, told: Told, kind: type, traces: Traces, *, by: Actor, at: datetime) -> Rows | LateBid:
    tender = queries.offered(project_number, held=True)
    digests = {part: statements.digest(said) for part, said in told.items()}
    # What is late is decided without what he has: a refusal costs least just when most come.
    late = rules.is_late(queries.calendar(tender), at)
    has = {} if late else queries.standing(tender, by.organisation)
    # What has been said before has a number that is taken: only then is it worth looking for.
    if late or any(part in has and said["seq"] <= has[part].last for part, said in told.items()):
        kept = _kept(kind, digests, by=by)
        if len(kept) == len(told):
            return kept
    reasons = _why_not(kind, tender, has, told, by=by, at=at)
    if reasons and reasons[0].code in rules.TOO_LATE:
        return _note_late(tender, digests, reasons[0], by=by, at=at)
    refuse_if(reasons)
    if kind is Withdrawal:
        return _write_withdrawals(tender, told, digests, at=at)
    return _write_bids(tender, told, digests, traces, at=at)


def _kept(kind: type, digests: Mapping[str, str], *, by: Actor) -> Rows:
    """Rows these very statements have made already: a retransmission gets the same receipts."""
    model, column = (Bid, "sub_sha256") if kind is Bid else (Withdrawal, "wd_sha256")
    if not queries.is_there(model, **{column: digests.values()}):
        return []
    rows = model.objects.filter(organisation=by.organisation, **{f"{column}__in": digests.values()})
    return list(rows.select_related("entry"))


def _why_not(
    kind: type, tender: Tender, has: Mapping[str, rules.Part], told: Told, *, by: Actor, at: datetime
) -> tuple[Reason, ...]:
    calendar = queries.calendar(tender)
    if kind is Withdrawal:
        return rules.why_not_withdraw(by=by, calendar=calendar, at=at, parts=has, wds=told)
    return rules.why_not_submit(
        by=by,
        holders=queries.holders(tender),
        banned=queries.ban(tender, by=by, at=at),
        calendar=calendar,
        at=at,
        parts=has,
        subs=told,
        invited=queries.invited(tender),
        eids_taken=bool(has) and queries.is_there(Bid, eid=[sub["eid"] for sub in told.values()]),
    )


def _write_bids(tender: Tender, told: Told, digests: Mapping[str, str], traces: Traces, *, at: datetime) -> list[Bid]:
    first = min(told, key=tender.layout.parts.index)  # it is opened no later than what is handed in with it
    beside = sealed(traces, manifest=queries.manifests(tender)[first], slot=int(told[first]["slot"]))
    same = {
        part: {key: sub[key] for key in ("org", "gen", "eid", "slot", "env_sha256", "size")} | {"version": sub["seq"]}
        for part, sub in told.items()
    }
    events = [
        BidSealed(
            stream=tender.project.log,
            part=part,
            replaces=sub["replaces"],
            sub_sha256=digests[part],
            received=iso(at),
            **same[part],
        )
        for part, sub in told.items()
    ]
    entries = dict(zip(told, record_all(events, at=at), strict=True))
    name = name_of(next(iter(told.values()))["org"])
    rows = [
        Bid(
            tender=tender,
            organisation=same[part].pop("org"),
            name=name,
            part=part,
            replaces=sub["replaces"] or "",
            sub=canonical.spelled(sub).decode(),
            sub_sha256=digests[part],
            received_at=at,
            closes_at=queries.calendar(tender).closes_at,
            entry=entries[part],
            receipt=_receipt(sub, entries[part], at=at),
            traces=beside if part == first else None,
            **same[part],
        )
        for part, sub in told.items()
    ]
    return insert(rows)


def _write_withdrawals(tender: Tender, told: Told, digests: Mapping[str, str], *, at: datetime) -> list[Withdrawal]:
    same = {part: {"part": part, "version": wd["seq"], "wd_sha256": digests[part]} for part, wd in told.items()}
    events = [
        BidWithdrawn(
            stream=tender.project.log, org=wd["org"], gen=wd["gen"], eid=wd["eid"], received=iso(at), **same[part]
        )
        for part, wd in told.items()
    ]
    entries = dict(zip(told, record_all(events, at=at), strict=True))
    bids = {bid.eid: bid for bid in Bid.objects.filter(eid__in=[wd["eid"] for wd in told.values()])}
    rows = [
        Withdrawal(
            tender=tender,
            bid=bids[wd["eid"]],
            organisation=wd["org"],
            wd=canonical.spelled(wd).decode(),
            received_at=at,
            closes_at=queries.calendar(tender).closes_at,
            entry=entries[part],
            receipt=_receipt(wd, entries[part], at=at),
            **same[part],
        )
        for part, wd in told.items()
    ]
    return insert(rows)


def _receipt(said: Mapping[str, Any], entry: Any, *, at: datetime) -> str:
    leaf = canonical.sha256(b"\0", bytes(entry.leaf))
    return receipts.sign(receipt_texts.for_statement(said, received=iso(at), leaf=leaf).text())


def _note_late(tender: Tender, digests: Mapping[str, str], reason: Reason, *, by: Actor, at: datetime) -> LateBid:
    """Log that something came too late and sign that it was refused, once for the same statements."""
    digest = canonical.sha256(*(digests[part].encode() for part in sorted(digests))).hex()
    if queries.is_there(LateBid, tender_id=[tender.pk], organisation=[by.organisation], statements_sha256=[digest]):
        return LateBid.objects.get(tender=tender, organisation=by.organisation, statements_sha256=digest)
    event = BidRefused(
        stream=tender.project.log,
        org=by.organisation,
        code=reason.code,
        statements_sha256=digest,
        received=iso(at),
        closes_at=iso(queries.calendar(tender).closes_at),
    )
    entry = record(event, at=at)
    leaf = canonical.sha256(b"\0", bytes(entry.leaf)).hex()
    due = iso(queries.calendar(tender).closes_at)
    text = (
        f"refusal/v1\ntender {tender.project.number}\nbidder {by.organisation}\ncode {reason.code}\n"
        f"statements sha256:{digest}\nreceived {iso(at)}\ndeadline {due}\nleaf sha256:{leaf}\n"
    )
    row = LateBid(
        tender=tender,
        organisation=by.organisation,
        code=reason.code,
        statements_sha256=digest,
        received_at=at,
        closes_at=queries.calendar(tender).closes_at,
        entry=entry,
        refusal=receipts.sign(text),
    )
    return insert([row])[0]


def _in_order(rows: Rows, told: Told) -> list[Any]:
    """Receipts in the order of the statements they answer."""
    by_part = {row.part: row for row in rows}
    return [by_part[part] for part in told]
