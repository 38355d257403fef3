"""Acts of sealed quotes: they open by themselves, are fixed, and the formula of the notice chooses. The clock acts.

Each act does one step and nothing twice; whatever dies in between is taken up again by the next tick.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import inbox
from bidding.opening import events as openings_events
from bidding.opening import queries as openings
from bidding.opening.models import Opening, OpeningUnit
from bidding.opening.rules import INSUFFICIENT
from bidding.sealed import events, judging, lots, low, queries, rules
from bidding.sealed.models import FixedQuotes
from bidding.submission import queries as submissions
from bidding.submission.queries import LiveBid
from bidding.tender.models import Tender
from ledger.services import publish_blob, record
from market.awards import services as awards
from market.notices import services as notices
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.stops import Act
from market.selection import gate
from proofs import canonical, quotes
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import Reason, refuse_if
from rulebook.times import iso


@transaction.atomic
def open_by_itself(*, project_number: str, by: Actor, at: datetime) -> Opening | None:
    """Publish the closing's list, so that the holders release; None where too few offered and it stays sealed for good.

    Refused before the list is closed and witnessed, to everybody but the system, and twice.
    Law: 明标平台规则 第6条.  Spec: docs/proofs.md, quotes that open by themselves.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    opened = Opening.objects.filter(tender=tender).exists()
    announced = queries.is_announced(tender)
    refuse_if(rules.why_not_open(by=by, stage=project.stage, announced=announced, opened=opened))
    refuse_if(projects.why_not_go_on(project, Act.OPENING, at=at))
    live = submissions.live(tender)
    if len(live) < tender.min_bids:
        notices.fail(number=project.number, reasons=(rules.too_few(tender.min_bids),), by=SYSTEM, at=at)
        record(openings_events.NotOpened(stream=project.log, min=tender.min_bids, statement=None), at=at)
        return None
    return _open(project, tender, live, at=at)


def _open(project: Project, tender: Tender, live: Sequence[LiveBid], *, at: datetime) -> Opening:
    ends = at + timedelta(seconds=tender.window)
    opening = Opening.objects.create(
        tender=tender, opened_by="", opened_at=at, turn_ends=ends, bidders_done_at=at
    )  # fmt: skip
    OpeningUnit.objects.bulk_create(
        OpeningUnit(opening=opening, bid=bid.parts[part]) for bid in live for part in tender.layout.sessions[0]
    )
    closing = submissions.closing(tender)
    assert closing is not None  # it is announced
    names = ("eid", "slot", "env_sha256", "sub_sha256")
    bidders = [
        {"org": bid.org, "name": bid.name, "gen": bid.gen,
         "parts": {part: {name: getattr(row, name) for name in names} for part, row in bid.parts.items()}}
        for bid in live
    ]  # fmt: skip
    project_services.decide(project=project, at=at)
    record(
        openings_events.HallOpened(
            stream=project.log, closing=closing.digest, nonce=bytes(closing.nonce).hex(),
            live_sha256=publish_blob(closing.listing.encode()),
            sealed_sha256=publish_blob(canonical.dumps(openings.sealed_proofs(tender))),
            bidders_sha256=publish_blob(canonical.dumps(bidders)), count=len(live), window_ends=iso(ends),
        ),
        at=at,
    )  # fmt: skip
    return opening


@transaction.atomic
def end(*, project_number: str, by: Actor, at: datetime) -> Opening:
    """End the opening once every envelope has its verdict, and fix the quotes that stand, before any lot is drawn.

    Where too few stand the purchase fails. Who may not take part on this day does not, whatever was so when he offered.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    opening = Opening.objects.get(tender=tender)
    if opening.read_out_at is None or opening.ended_at is not None:
        return opening
    opening.ended_at = at
    opening.save(update_fields=["ended_at"])
    record(openings_events.OpeningEnded(stream=project.log, record_sha256=opening.record_sha256, reason=""), at=at)
    rows = _standing(tender, at=at)
    if sum(not row["reasons"] for row in rows) < tender.min_bids:
        unopened = OpeningUnit.objects.filter(opening=opening, verdict=INSUFFICIENT)
        shut = unopened.values("bid__organisation").distinct().count()
        reasons = (rules.too_few(tender.min_bids), *((rules.not_rescued(shut),) if shut else ()))
        notices.fail(number=project.number, reasons=reasons, by=SYSTEM, at=at)
        return opening
    event = events.QuotesFixed(stream=project.log, rows=rows, formula=dict(tender.project.purchase.formula or {}))
    FixedQuotes.objects.create(tender=tender, rows=rows, entry=record(event, at=at), at=at)
    low.ask(tender, rows, at=at)
    if project.procedure.needs_panel:
        within = row.panel.words if (row := project.procedure.selection) and row.panel else ""
        inbox.post(
            topic=inbox.Topic.DUTY,
            to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"请组织评审小组：{project.title}",
            body="报价和方案已经开启。请确定不少于三人的评审小组，各自声明回避情况以后逐家打分、写明理由。"
            f"开启后{within}内没有完成的，本次采购流标。",
            link=f"/purchases/{project.number}/panel/", at=at,
        )  # fmt: skip
    return opening


def _standing(tender: Tender, *, at: datetime) -> list[dict[str, Any]]:
    """Every opened quote with what stands against it; one without an amount has none to count.

    Of two that belong together neither stands, whatever they quoted.
    """
    rows = []
    bids = [bid for bid in openings.opened_bids(tender) if bid.effective]
    barred = gate.against(tender.project, [bid.org for bid in bids], at=at)
    for bid in bids:
        cap, rate = tender.project.price_cap, tender.project.purchase.rate
        against = rules.why_not_quote(bid.quote, cap=cap) + barred[bid.org]
        against += rules.why_not_rate(bid.sheet.get("rate"), bid.quote, base=cap, asked=rate)
        told = [reason.sentence() for reason in against]
        rows.append({"org": bid.org, "name": bid.name, "quote": str(bid.quote or ""), "reasons": told})
    return rows


@transaction.atomic
def choose(*, project_number: str, by: Actor, at: datetime) -> None:
    """Take the next step of the choice: wait for explanations, draw the coefficient, draw among equals, propose.

    Every figure follows from the quotes as they were fixed; lots are drawn only afterwards.
    Law: 明标平台规则 第8条.
    """
    project = projects.hold(project_number)
    tender = queries.tender(project_number)
    held = queries.fixed(tender)
    if project.stage != Stage.DECIDING or held is None:
        return
    if project.procedure.needs_panel:
        judging.choose(project, tender, held, at=at)
        return
    out = low.settled(tender, at=at)
    if out is None:
        return
    formula, given = queries.formula(tender), {}
    values = queries.coefficients(tender)
    if formula == quotes.REFERENCE:
        draw = queries.draw_of(tender, quotes.COEFFICIENT)
        if not (chosen := queries.drawn(draw)):
            strata = [{"key": quotes.COEFFICIENT, "need": 1, "standby": 0, "name": "参考价系数"}]
            lots.draw(project, draw, quotes.COEFFICIENT, strata, quotes.coefficient_pool(values), at=at)
            return
        given = {"values": values, "coefficient": chosen[0][0], "coefficient_draw": draw.pk if draw else ""}
    prices = {row["org"]: Decimal(row["quote"]) for row in held.rows if row["quote"]}
    prices = {org: price for org, price in prices.items() if _counts(held, org)}
    standing = quotes.groups(formula, prices, Decimal(given["coefficient"]) if given else None)
    tie = queries.draw_of(tender, quotes.TIE)
    orders = queries.drawn(tie)
    if quotes.tied(standing) and not orders:
        lots.draw_tie(project, tie, standing, at=at)
        return
    basis = quotes.basis(formula, prices, orders=orders, tie_draw=tie.pk if tie else "", **given)
    _propose(project, held, basis, quotes.ranking(standing, orders), out, at=at)


def _counts(held: FixedQuotes, org: str) -> bool:
    """Whether a quote stood when the quotes were fixed: then it keeps its place in every figure."""
    return any(row["org"] == org and not row["reasons"] for row in held.rows)


def _propose(
    project: Project, held: FixedQuotes, basis: dict[str, Any], order: list[str], out: Mapping[str, Reason], *,
    at: datetime,
) -> None:  # fmt: skip
    """Hand the result to the award desk; who is trimmed, or explained nothing that was taken, may not win."""
    kept = [org for org in order if org not in out]
    if not kept:
        notices.fail(number=project.number, reasons=(rules.none_explained(),), by=SYSTEM, at=at)
        return
    bids = []
    for row in held.rows:
        if row["reasons"]:
            continue  # it never counted: it stands with its reasons among the fixed quotes
        org = row["org"]
        why = [] if org in kept else [out[org].sentence() if org in out else rules.TRIMMED]
        bids.append({"org": org, "name": row["name"], "quote": row["quote"], "compliant": not why, "reasons": why,
                     "rank": kept.index(org) + 1 if org in kept else None})  # fmt: skip
    report = {"v": "selection/1", "number": project.number, "method": project.method, "basis": basis, "bids": bids}
    awards.propose(number=project.number, report=report, by=SYSTEM, at=at)
