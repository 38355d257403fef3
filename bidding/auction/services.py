"""Acts of an auction: call it, quote, stop and go on, note the end, explain a low price, hand the result on."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts import inbox
from accounts.queries import name_of
from bidding.auction import events, queries, results, rules
from bidding.auction.models import Auction, AuctionBidder, PriceExplanation, Quote
from ledger.services import record
from ledger.written_out import insert
from market.notices import services as notices
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.stops import Act
from market.selection import gate
from market.selection import queries as selection_queries
from market.selection import services as selection
from proofs import auction as arithmetic
from rulebook.actor import Actor, Role
from rulebook.money import yuan
from rulebook.refusal import Reason, Refused, refuse_if
from rulebook.times import iso

LONGEST_PRICE = 40  # characters of a price as it was typed
_MOVED = "UPDATE bidding_auction SET number = %s, best = %s, leader = %s, extended = %s, ends_at = %s WHERE id = %s"


@transaction.atomic
def call(*, project_number: str, entrants: Sequence[str], by: Actor, at: datetime) -> Auction | None:
    """Publish the rules and the aliases of an auction, and tell everybody who enrolled; calling again changes nothing.

    entrants: credit codes of who was enrolled at the deadline.  Whoever may not take part any more gets no alias and
    is told why; of two that belong together neither gets one, and neither is told who the other is.
    None where too few are left: the purchase has failed.
    Refused to anybody but the clock, and before the time of enrolment is over.
    """
    project = projects.hold(project_number)
    if made := queries.of(project):
        return made
    purchase = project.purchase
    told = purchase.auctioned
    refuse_if(
        rules.why_not_call(auctioned=told is not None, closes_at=purchase.closes_at, by=by, at=at)
        or projects.why_not_go_on(project, Act.CHOICE, at=at)
    )
    assert told is not None  # the rule has seen to it
    against = gate.against(project, entrants, at=at)
    coming = [org for org in entrants if not against[org]]
    row = project.procedure.selection
    if reasons := rules.too_few(len(coming), least=purchase.least, law=row.least[1] if row else None):
        notices.fail(number=project_number, reasons=reasons, by=by, at=at)
        return None
    project_services.decide(project=project, at=at)
    begins = projects.rested(project, purchase.selects_at, since=purchase.closes_at, act=Act.CHOICE, at=at)
    starts_at = max(begins, at + timedelta(seconds=rules.RESTART))
    made = Auction.objects.create(
        project=project, start=yuan(told.start), step=yuan(told.step), window=told.window, most=told.most,
        restart=rules.RESTART, called_at=at, starts_at=starts_at, opens_at=starts_at,
        ends_at=starts_at + timedelta(minutes=told.minutes),
    )  # fmt: skip
    bidders = _aliases(made, project_number, coming)
    for bidder in bidders:
        inbox.post(
            topic=inbox.Topic.TODAY, due_at=starts_at,
            to_organisation=bidder.organisation, to_role=Role.PROVIDER, subject=f"竞价将开始：{project.title}",
            body=f"贵单位的竞价代号是 {bidder.alias} 号，结束前只以代号示人。请按时进入竞价大厅报价。",
            link=reverse("bidding:auction", args=[project_number]), at=at,
        )  # fmt: skip
    for org in entrants:
        if against[org]:
            _left_out(project, org, against[org], at=at)
    record(_called(made, bidders), at=at)
    return made


def _left_out(project: Project, org: str, reasons: Sequence[Reason], *, at: datetime) -> None:
    why = "；".join(reason.sentence(project.terms) for reason in gate.unnamed(reasons))
    inbox.post(
        to_organisation=org, to_role=Role.PROVIDER, subject=f"未取得竞价代号：{project.title}",
        body=f"贵单位已报名，但不能参加本次竞价：{why}。", link=project.get_absolute_url(), at=at,
    )  # fmt: skip


def _aliases(auction: Auction, number: str, orgs: Sequence[str]) -> list[AuctionBidder]:
    """Everybody's alias, dealt by chance; who is behind one is committed to."""
    dealt = list(orgs)
    secrets.SystemRandom().shuffle(dealt)
    rows = []
    for alias, org in zip(rules.aliases(len(dealt)), dealt, strict=True):
        salt = secrets.token_bytes(32)
        commitment = arithmetic.alias_commitment(number=number, alias=alias, org=org, salt=salt)
        rows.append(
            AuctionBidder(auction=auction, organisation=org, name=name_of(org), alias=alias, salt=salt.hex(),
                          commitment=commitment)
        )  # fmt: skip
    return AuctionBidder.objects.bulk_create(rows)


def _called(auction: Auction, bidders: Sequence[AuctionBidder]) -> events.AuctionCalled:
    return events.AuctionCalled(
        stream=auction.project.log,
        start=str(auction.start),
        step=str(auction.step),
        window=auction.window,
        most=auction.most,
        restart=auction.restart,
        starts_at=iso(auction.starts_at),
        ends_at=iso(auction.ends_at),
        latest=iso(arithmetic.latest_end(auction.terms, auction.state)),
        aliases=[{"alias": bidder.alias, "commitment": bidder.commitment} for bidder in bidders],
    )


def quote(*, project_number: str, quote: UUID, price: str, by: Actor, at: datetime) -> Quote:
    """Quote a price; sent again under the same number it counts once and gets the same answer.

    price: yuan as typed.  at: when it arrived, which decides whether it is in time; its place is its commit's.
    Refused when it is not a bidder's, not in time, while it is paused or the purchase rests, and where it is not a
    step better than the best; a refused quote is kept for its maker. Raises Auction.DoesNotExist.
    """
    price = price[:LONGEST_PRICE]
    made = _at_once(project_number, quote, price, by=by, at=at)
    if made is None:
        bars = queries.bars(project_number, by=by, at=at)
        made = _decided(project_number, quote, price, bars, by=by, at=at)
    refuse_if(made.reasons)
    return made


def _at_once(number: str, quote: UUID, price: str, *, by: Actor, at: datetime) -> Quote | None:
    """What need not wait for its turn: a quote sent before, and one that is too high, which it is for good as the best
    only falls. None where only its turn decides."""
    auction, bidder, halted, rests, made = queries.glanced(number, by.organisation, quote, at=at)
    if bidder is None or by.role is not Role.PROVIDER:
        return None
    if made is not None:
        refuse_if(rules.why_another_quote(price=price, known=made.price, raw=made.typed))
        return made
    reasons = rules.why_not_quote(
        auction.terms, auction.state, alias=bidder.alias, bars=(), halted=halted, rests=rests,
        ended=auction.ended_at is not None, price=price, by=by, at=at,
    )  # fmt: skip
    if not reasons or reasons[0].code != rules.NOT_BETTER:
        return None
    try:
        with transaction.atomic():  # on SQLite its place in the queue of writers
            return insert([_refused(auction, bidder, quote, price, reasons, by=by, at=at)])[0]
    except IntegrityError:
        return None  # the same quote has just come through another door: its turn finds what was answered there


@transaction.atomic
def _decided(number: str, quote: UUID, price: str, bars: Sequence[Reason], *, by: Actor, at: datetime) -> Quote:
    auction, bidder, halted = queries.held(number, by.organisation)
    made, rests = queries.said(bidder, quote, at=at) if bidder is not None else (None, ())
    if made is not None and by.role is Role.PROVIDER:
        refuse_if(rules.why_another_quote(price=price, known=made.price, raw=made.typed))
        return made
    terms, state = auction.terms, auction.state
    facts = {"alias": bidder.alias if bidder else None, "bars": bars, "halted": halted, "rests": rests}
    reasons = rules.why_not_quote(terms, state, **facts, ended=auction.ended_at is not None, price=price, by=by, at=at)  # type: ignore[arg-type]
    if bidder is None:
        raise Refused(*reasons)
    if reasons:
        return insert([_refused(auction, bidder, quote, price, reasons, by=by, at=at)])[0]
    made = _quote(auction, bidder, quote, price, by=by, at=at)
    after = arithmetic.quoted(terms, state, alias=bidder.alias, price=made.price, at=at)
    made.number, made.ceiling = after.number, arithmetic.ceiling(terms, state.best)
    made.closes_at, made.ends_at = state.ends_at, after.ends_at
    insert([made])
    _move(auction, after)
    record(
        events.Quoted(
            stream=f"project/{number}", number=after.number, alias=bidder.alias, price=f"{made.price:.2f}",
            ends_at=iso(after.ends_at), extended=after.extended,
        ),
        at=at,
    )  # fmt: skip
    return made


def _quote(auction: Auction, bidder: AuctionBidder, quote: UUID, price: str, *, by: Actor, at: datetime) -> Quote:
    """A quote of which it is not said yet what becomes of it."""
    given = yuan(price) if rules.PRICE.fullmatch(price) else yuan(0)
    return Quote(auction=auction, bidder=bidder, person=by.person, quote=quote, typed=price, price=given, at=at)


def _refused(
    auction: Auction, bidder: AuctionBidder, quote: UUID, price: str, reasons: Sequence[Reason], *, by: Actor,
    at: datetime,
) -> Quote:  # fmt: skip
    made = _quote(auction, bidder, quote, price, by=by, at=at)
    made.refused, made.refusal = reasons[0].code, [_kept(reason) for reason in reasons]
    return made


def _move(auction: Auction, after: arithmetic.State) -> None:
    """Let the auction stand where an accepted quote has brought it."""
    fields = [Auction._meta.get_field(name) for name in ("number", "best", "leader", "extended", "ends_at")]
    values = [field.get_db_prep_save(getattr(after, field.name), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [*values, auction.pk])


def _kept(reason: Reason) -> dict[str, object]:
    """A reason as a row keeps it."""
    law = [reason.law.law, reason.law.number, reason.law.edition] if reason.law else None
    values = {name: str(value) for name, value in reason.values.items()}
    return {"code": reason.code, "kind": reason.kind.value, "text": reason.text, "law": law, "values": values}


@transaction.atomic
def pause(*, project_number: str, reason: str, by: Actor, at: datetime) -> Auction:
    """Stop the clock for everybody; what was left is left when it goes on.

    Refused to everyone but the buyer's officer and a supervisor, without a reason, when it is paused or over, and
    while the purchase itself rests.
    """
    project = projects.hold(project_number)
    auction = queries.auction(project_number)
    refuse_if(rules.why_not_pause(auction.state, **queries.gates(auction, at=at), reason=reason, by=by, at=at))
    side = rules.side_of(buyer=project.buyer_id, by=by)
    stop_clock(auction=auction, side=side, reason=reason.strip(), by=by, at=at)
    return auction


def stop_clock(*, auction: Auction, side: str, reason: str, by: Actor, at: datetime) -> None:
    """Let the clock stand from this instant on, before everybody. The caller holds the project and has asked."""
    left = auction.ends_at - max(at, auction.opens_at)
    auction.paused_at, auction.paused_by, auction.pause_reason = at, side, reason
    auction.save(update_fields=["paused_at", "paused_by", "pause_reason"])
    told = {"by": by.organisation, "reason": reason, "left": left // timedelta(microseconds=1)}
    record(events.AuctionPaused(stream=auction.project.log, **told), at=at)  # type: ignore[arg-type]


@transaction.atomic
def resume(*, project_number: str, by: Actor, at: datetime, ahead: timedelta = timedelta()) -> Auction:
    """Let the clock go on a little later, announced to all, with the time that was left.

    ahead: how much later at least; what rested with its purchase calls everybody back first.
    Refused to everyone but the buyer's officer and a supervisor, when it is not paused, while the purchase itself
    rests, and to the buyer what a supervisor ordered; what stopped with the purchase the system alone starts again.
    """
    project = projects.hold(project_number)
    auction = queries.auction(project_number)
    gates = queries.gates(auction, at=at)
    refuse_if(rules.why_not_resume(auction.state, **gates, paused_by=auction.paused_by, by=by))
    after = arithmetic.resumed(auction.terms, auction.state, at=at, ahead=ahead)
    auction.opens_at, auction.ends_at = after.opens_at, after.ends_at
    auction.paused_at, auction.paused_by, auction.pause_reason = None, "", ""
    auction.save(update_fields=["opens_at", "ends_at", "paused_at", "paused_by", "pause_reason"])
    told = {"opens_at": iso(after.opens_at), "ends_at": iso(after.ends_at), "ahead": int(ahead.total_seconds())}
    record(events.AuctionResumed(stream=project.log, by=by.organisation, **told), at=at)  # type: ignore[arg-type]
    return auction


@transaction.atomic
def end(*, project_number: str, by: Actor, at: datetime) -> Auction:
    """Note that an auction is over, open the aliases, and hand the result on; noting it again changes nothing.

    Refused to anybody but the clock, while it runs or is paused, while the purchase rests, and while what came in
    time is not answered.
    """
    project = projects.hold(project_number)
    auction = queries.auction(project_number)
    if auction.ended_at is not None:
        return auction
    rests, underway = queries.rests(auction, at=at), queries.waits(auction, at=at)
    refuse_if(rules.why_not_end(auction.state, rests=rests, underway=underway, by=by, at=at))
    auction.ended_at = at
    auction.save(update_fields=["ended_at"])
    revealed = [
        {"alias": bidder.alias, "org": bidder.organisation, "name": bidder.name, "salt": bidder.salt}
        for bidder in auction.bidders.order_by("alias")
    ]
    record(
        events.AuctionEnded(
            stream=project.log,
            ended_at=iso(auction.ends_at),
            quotes=auction.number,
            best=None if auction.best is None else str(auction.best),
            revealed=revealed if auction.number else [],
        ),
        at=at,
    )
    if auction.number and selection_queries.closing(project):
        selection.publish_entrants(number=project_number, by=by, at=at)
    results.settle(auction, at=at)
    return auction


@transaction.atomic
def explain(*, project_number: str, text: str, by: Actor, at: datetime) -> PriceExplanation:
    """Explain a price that is abnormally low; the text is the buyer's to read, its hash is public.

    Refused to anybody but who was asked, twice, while the purchase rests, too late, and without words.
    Law: 财库〔2024〕265号.
    """
    project = projects.hold(project_number)
    auction = queries.auction(project_number)
    row = queries.asked(auction, at=at)
    refuse_if(rules.why_not_explain(row, rests=queries.rests(auction, at=at), text=text, by=by, at=at))
    assert row is not None  # the rule has seen to it
    row.text, row.said_by, row.said_at = text.strip(), by.person, at
    row.save(update_fields=["text", "said_by", "said_at"])
    inbox.post(
        topic=inbox.Topic.TODAY,
        to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"报价说明待认定：{project.title}",
        body="报价明显偏低的机构已作出说明，请认定采纳或者不采纳，并写明理由。",
        link=reverse("bidding:auction", args=[project_number]), at=at,
    )  # fmt: skip
    digest = hashlib.sha256(row.text.encode()).hexdigest()
    record(events.Explained(stream=project.log, org=row.organisation, sha256=digest), at=at)
    return row


@transaction.atomic
def judge(*, project_number: str, accepted: bool, reason: str, by: Actor, at: datetime) -> PriceExplanation:
    """Take an explanation or not, with the reason, which is published; then the result goes on.

    Refused to anybody but the buyer's officer, while the purchase rests, without a reason, and before the explanation
    is in; the system says no where none came in time.  Law: 财库〔2024〕265号.
    """
    project = projects.hold(project_number)
    auction = queries.auction(project_number)
    row = queries.asked(auction, at=at)
    facts = {"buyer": project.buyer_id, "rests": queries.rests(auction, at=at)}
    refuse_if(rules.why_not_judge(row, **facts, accepted=accepted, reason=reason, by=by, at=at))  # type: ignore[arg-type]
    assert row is not None  # the rule has seen to it
    row.accepted, row.reason, row.judged_by, row.judged_at = accepted, reason.strip(), by.person, at
    row.save(update_fields=["accepted", "reason", "judged_by", "judged_at"])
    told = {"org": row.organisation, "accepted": accepted, "reason": row.reason}
    record(events.ExplanationJudged(stream=project.log, **told), at=at)
    results.settle(auction, at=at)
    return row
