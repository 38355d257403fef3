"""Acts of a choice without offers: enrol, take back, fix the list, draw lots on the day, pick off the short list."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import inbox
from accounts.queries import name_of
from draws import services as drawing
from draws.models import Draw
from draws.rules import Phase
from ledger import queries as ledger
from ledger import receipts, underway
from ledger.models import Entry
from ledger.services import publish_blob, record, want_sealed_batch
from market.awards import services as awards
from market.notices import services as notices
from market.projects import queries as projects
from market.projects import services as project_services
from market.projects.models import Project
from market.projects.rules import Stage
from market.projects.stops import Act
from market.selection import ceremony, credit, events, queries, rules
from market.selection.models import (
    ChoicePool,
    Enrolment,
    EnrolmentWithdrawal,
    EntrantList,
    Pick,
    ShortList,
)
from proofs import canonical
from proofs import entrants as lists
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.refusal import Kind, Reason, Refused, refuse_if
from rulebook.times import iso


@transaction.atomic
def enrol(*, number: str, by: Actor, at: datetime) -> Enrolment:
    """Take part in a choice; who is enrolled already gets the same enrolment again.

    at: when the last byte of the request was in. It goes to the sealed log; nobody else learns of it before the
    deadline.
    Refused when late, and with everything that stands against the firm.
    Law: 明标平台规则 第5条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_enrol(project, by=by, at=at))
    if held := queries.live_of(project, by.organisation):
        return held
    entry = record(events.Enrolled(stream=project.log, org=by.organisation, received=iso(at)), at=at)
    version = Enrolment.objects.filter(project=project, organisation=by.organisation).count() + 1
    return Enrolment.objects.create(
        project=project, organisation=by.organisation, name=name_of(by.organisation), person=by.person,
        version=version, received_at=at, entry=entry, receipt=_receipt("enrolment", project, by, entry, at),
    )  # fmt: skip


@transaction.atomic
def withdraw(*, number: str, by: Actor, at: datetime) -> EnrolmentWithdrawal:
    """Take one's own enrolment back until the deadline; receipted as it was. Refused when late, or without one."""
    project = projects.hold(number)
    refuse_if(queries.why_not_withdraw(project, by=by, at=at))
    entry = record(events.EnrolmentWithdrawn(stream=project.log, org=by.organisation, received=iso(at)), at=at)
    held = queries.live_of(project, by.organisation)
    return EnrolmentWithdrawal.objects.create(
        enrolment=held, person=by.person, received_at=at, entry=entry,
        receipt=_receipt("withdrawal", project, by, entry, at),
    )  # fmt: skip


def _receipt(what: str, project: Project, by: Actor, entry: Entry, at: datetime) -> str:
    """The platform's signed word that it came, and when; it names the leaf of the sealed log."""
    leaf = canonical.sha256(b"\0", bytes(entry.leaf)).hex()
    return receipts.sign(
        f"{what}/v1\npurchase {project.number}\nprovider {by.organisation}\nreceived {iso(at)}\nleaf sha256:{leaf}\n"
    )


@transaction.atomic
def fix_list(*, number: str, by: Actor, at: datetime) -> EntrantList:
    """Fix who is enrolled once the deadline and the drain are past; fixing it again changes nothing.

    From here nobody enrols or withdraws, whatever its stamp says. Nobody is told who is on the list, or how many.
    Refused when it is too early, and while the house has not answered what arrived in time, for minutes at most.
    """
    project = projects.hold(number)
    if fixed := queries.closing(project):
        return fixed
    closes_at = project.purchase.closes_at
    waits, drain = underway.before(closes_at, at=at), timedelta(seconds=project.procedure.drain)
    refuse_if(rules.why_not_fix(closes_at=closes_at, drain=drain, underway=waits, by=by, at=at))
    rows = [
        {"org": row.organisation, "leaf": canonical.sha256(b"\0", bytes(row.entry.leaf)).hex()}
        for row in queries.live(project)
    ]
    listing, nonce = lists.build(project.number, iso(closes_at), rows), secrets.token_bytes(32)
    # Asked for whether anybody is on it or not, so that an empty list takes as long.
    want_sealed_batch(project.log, at=at)
    return EntrantList.objects.create(
        project=project, digest=lists.commitment(nonce, listing), nonce=nonce, listing=listing.decode(), fixed_at=at
    )


@transaction.atomic
def announce_closing(*, number: str, by: Actor, at: datetime) -> EntrantList:
    """Log the commitment to the list with the sealed checkpoint that holds everything on it; twice changes nothing.

    With too few the purchase fails and the names stay sealed for good. Where names are hidden until the choice is
    made they stay so (`publish_entrants`); else they are public from here.
    Refused while that checkpoint is not signed, and witnessed where witnesses are set.
    """
    project = projects.hold(number)
    fixed = EntrantList.objects.get(project=project)
    if fixed.entry_id:
        return fixed
    head = queries.sealed_checkpoint(project)
    if head is None:
        raise Refused(Reason("enrolment.not-witnessed", Kind.NOT_NOW, "报名名单正在入日志并等待见证签名"))
    sealed = {"size": head.size, "root": head.root.hex()}
    event = events.EnrolmentClosed(stream=project.log, closing=fixed.digest, sealed_log=sealed, note=head.note)
    fixed.entry, fixed.closed_at = record(event, at=at), at
    fixed.save(update_fields=["entry", "closed_at"])
    row = queries.row_of(project)
    if few := rules.too_few(queries.count(fixed), least=project.purchase.least, law=row.least[1]):
        notices.fail(number=number, reasons=few, by=SYSTEM, at=at)
    elif not row.hides_names:
        _publish(project, fixed, at=at)
    return fixed


@transaction.atomic
def publish_entrants(*, number: str, by: Actor, at: datetime) -> EntrantList:
    """Let everybody know who was enrolled, with the proof of each. For the act that ends the hiding; once.

    Refused to anybody but the clock, and before the closing is logged.
    """
    project = projects.hold(number)
    fixed = EntrantList.objects.get(project=project)
    if by.role is not Role.SYSTEM or fixed.entry_id is None:
        raise Refused(Reason("entrants.not-now", Kind.NOT_NOW, "报名名单尚不能公布", rules.ENROLMENT))
    if not fixed.published:
        _publish(project, fixed, at=at)
    return fixed


def _publish(project: Project, fixed: EntrantList, *, at: datetime) -> None:
    """The list with what opens and proves each of its rows, as `proofs.entrants` reads it."""
    head = ledger.sealed_batch(project.log)
    assert head is not None  # the closing was logged under it
    standing = {row.organisation: row for row in queries.live(project)}
    rows = [standing[org] for org in queries.entrants(project)]
    live = [
        {"org": row.organisation, "name": row.name, "event": canonical.parse(row.entry.event.encode()),
         "nonce": bytes(row.entry.nonce or b"").hex(), "index": place["index"], "proof": place["proof"]}
        for row, place in zip(rows, ledger.inclusions([row.entry for row in rows], against=head), strict=True)
        if place is not None
    ]  # fmt: skip
    told: dict[str, Any] = {
        "v": "entrants/1", "number": project.number, "deadline": iso(project.purchase.closes_at),
        "closing": fixed.digest, "nonce": bytes(fixed.nonce).hex(),
        "sealed_log": {"size": head.size, "root": head.root.hex()}, "note": head.note, "live": live,
    }  # fmt: skip
    fixed.published, fixed.published_at = publish_blob(canonical.dumps(told)), at
    fixed.save(update_fields=["published", "published_at"])
    record(events.EntrantsPublished(stream=project.log, sha256=fixed.published, count=len(live)), at=at)


@transaction.atomic
def choose(*, number: str, by: Actor, at: datetime) -> ChoicePool:
    """On the day of choice: look at everybody again, publish who may be drawn and who is out, announce the draw.

    Fewer than the row's least fail the purchase. Refused before the announced time, and to anybody but the clock.
    Law: 明标平台规则 第7条, 第12条.
    """
    project = projects.hold(number)
    if held := queries.pool(project):
        return held
    fixed = queries.closing(project)
    refuse_if(
        rules.why_not_choose(
            stage=project.stage, selects_at=project.purchase.selects_at, closed=bool(fixed and fixed.closed_at),
            by=by, at=at,
        )
        or projects.why_not_go_on(project, Act.CHOICE, at=at)
    )  # fmt: skip
    eligible, out = queries.sort_out(project, queries.entrants(project), at=at)
    row = queries.row_of(project)
    known = queries.records(eligible, at=at)
    if sizes := queries.sizes(project):
        listed = credit.long_list(known, places=sizes.long)
        weights = {each.org: credit.tickets(each) for each in listed}
        short = "信用排名在大名单之外"
        out += [{"org": each.org, "name": each.name, "reasons": [short]} for each in known if each.org not in weights]
    else:
        weights = dict.fromkeys(eligible, 1)
    content = {
        "v": "pool/1", "number": number,
        "eligible": [
            {"org": each.org, "name": each.name, "tickets": weights[each.org],
             "score": str(credit.score(each)) if sizes else ""}
            for each in known if each.org in weights
        ],
        "out": sorted(out, key=lambda each: str(each["org"])),
    }  # fmt: skip
    sha256 = publish_blob(canonical.dumps(content))
    held = ChoicePool.objects.create(project=project, content=content, sha256=sha256, frozen_at=at)
    record(events.PoolFrozen(stream=project.log, sha256=sha256, eligible=len(weights), out=len(out)), at=at)
    if few := rules.too_few(len(eligible), least=project.purchase.least, law=row.least[1], on_the_day=True):
        notices.fail(number=number, reasons=few, by=SYSTEM, at=at)
        return held
    project_services.decide(project=project, at=at)
    _announce(project, weights, at=at)
    return held


def _announce(project: Project, weights: Mapping[str, int], *, reason: str = "", at: datetime) -> Draw:
    sizes = queries.sizes(project)
    need = min(sizes.short if sizes else 1, len(weights))
    standby = 0 if sizes else min(queries.row_of(project).standby, len(weights) - need)
    return drawing.announce(
        project_number=project.number, purpose=rules.PURPOSE, stream=project.log,
        contributors=ceremony.contributors(),
        strata=[{"key": rules.STRATUM, "need": need, "standby": standby, "name": str(project.terms.bidder)}],
        max_per_org=1, pool=credit.pool(weights, stratum=rules.STRATUM), openings=[],
        windows=ceremony.WINDOWS[project.procedure.for_real], reason=reason, by=SYSTEM, at=at,
    )  # fmt: skip


@transaction.atomic
def settle(*, number: str, by: Actor, at: datetime) -> None:
    """Write down what came of the draw: the ranking, or the short list; another draw where this one was void.

    Does nothing while it runs, and nothing twice.
    """
    project = projects.hold(number)
    held, row = queries.pool(project), queries.draw(project)
    if project.stage != Stage.DECIDING or held is None or row is None:
        return
    if Phase(row.phase) is Phase.VOID:
        _again(project, held, row, at=at)
    elif Phase(row.phase) is Phase.SETTLED and queries.sizes(project) is None:
        _propose(project, held, row, queries.order_of(row), {}, at=at)
    elif Phase(row.phase) is Phase.SETTLED:
        listed = queries.short_list(project)
        if listed is None:
            _short_list(project, held, row, at=at)
        elif at >= project.procedure.determination.due(listed.at):
            _pick(project, str(listed.listed[0]["org"]), "逾期未选定，按摇号顺序第一名确定", by=SYSTEM, at=at)


def _again(project: Project, held: ChoicePool, row: Draw, *, at: datetime) -> None:
    why = f"上一次抽取作废：{row.void_reason}"
    if row.count >= rules.MOST_DRAWS:
        reason = Reason("selection.no-draw", Kind.NOT_NOW, why, rules.LOTS)
        notices.fail(number=project.number, reasons=(reason,), by=SYSTEM, at=at)
        return
    weights = {each["org"]: each["tickets"] for each in held.content["eligible"]}
    _announce(project, weights, reason=why, at=at)


def _short_list(project: Project, held: ChoicePool, row: Draw, *, at: datetime) -> None:
    names = {each["org"]: each["name"] for each in held.content["eligible"]}
    listed = [{"org": org, "name": names[org]} for org in queries.order_of(row)]
    ShortList.objects.create(project=project, draw=row.pk, listed=listed, at=at)
    inbox.post(
        topic=inbox.Topic.DUTY,
        to_organisation=project.buyer_id, to_role=Role.OFFICER, subject=f"小名单已抽出：{project.title}",
        body="请在期限内从小名单中选定一家并写明理由；逾期未选定的，按摇号顺序第一名确定。",
        link=f"/purchases/{project.number}/choice/", at=at,
    )  # fmt: skip
    record(events.ShortListed(stream=project.log, draw=row.pk, listed=listed), at=at)


@transaction.atomic
def pick(*, number: str, org: str, reason: str, by: Actor, at: datetime) -> Pick:
    """Pick a firm off the short list, with a reason that is published; the others follow in the order of lots.

    Refused for anyone but the buyer's officer, twice, off the list, and without a reason.
    Law: 明标平台规则 第13条.
    """
    project = projects.hold(number)
    refuse_if(queries.why_not_pick(project, org=org, reason=reason, by=by, at=at))
    return _pick(project, org, reason.strip(), by=by, at=at)


def _pick(project: Project, org: str, reason: str, *, by: Actor, at: datetime) -> Pick:
    listed, held, row = queries.short_list(project), queries.pool(project), queries.draw(project)
    assert listed is not None and held is not None and row is not None  # there is a list to pick from
    made = Pick.objects.create(project=project, organisation=org, reason=reason, person=by.person, at=at)
    name = next(each["name"] for each in listed.listed if each["org"] == org)
    record(events.Picked(stream=project.log, org=org, name=name, reason=reason), at=at)
    order = [org, *(each["org"] for each in listed.listed if each["org"] != org)]
    _propose(project, held, row, order, {"picked": org, "reason": reason}, at=at)
    return made


def _propose(
    project: Project, held: ChoicePool, row: Draw, order: list[str], more: Mapping[str, str], *, at: datetime
) -> None:
    names = {each["org"]: each["name"] for each in held.content["eligible"]}
    rest = [org for org in names if org not in order]
    strata = [{key: each[key] for key in ("key", "need", "standby")} for each in row.strata]
    basis = {"draw": row.pk, "seed": row.seed, "pool": row.pool, "strata": strata, **more}
    bids = rules.bids(
        [*order, *rest], names=names, quote=str(project.price_cap), out=held.content["out"], drawn=len(order)
    )
    report = {"v": "selection/1", "number": project.number, "method": project.method, "basis": basis, "bids": bids}
    awards.propose(number=project.number, report=report, by=SYSTEM, at=at)
