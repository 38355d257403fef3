"""Acts of a draw: announce it, take the contributors' statements, move on, settle."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts import queries as accounts
from accounts.rules import Kind as Body
from draws import events, queries
from draws.models import Draw, DrawMessage
from draws.rules import (
    IN_ORDER,
    KNOWN,
    VOID_BECAUSE,
    Phase,
    Windows,
    next_phase,
    threshold,
    why_not_announce,
    why_not_speak,
)
from ledger.models import Entry
from ledger.services import publish_blob, record
from notifier import client as notifier
from notifier.asking import asks_first
from proofs import canonical, lots
from proofs import draw as arithmetic
from rulebook.actor import Actor, Role
from rulebook.refusal import Kind, Reason, Refused, refuse_if


def _refuse(code: str, text: str, kind: Kind = Kind.NOT_VALID) -> Refused:
    return Refused(Reason(code, kind, text))


@transaction.atomic
def announce(
    *, project_number: str, purpose: str, stream: str, contributors: Sequence[str],
    strata: Sequence[Mapping[str, Any]], max_per_org: int, pool: Sequence[Mapping[str, Any]],
    openings: Sequence[Mapping[str, str]], windows: Windows, reason: str = "", by: Actor, at: datetime,
) -> Draw:  # fmt: skip
    """Announce a draw over a frozen pool; its id is the next of this project and purpose.

    contributors: credit codes, an odd number of them, each with a registered identity key.
    strata: {"key", "need", "standby"} and the "name" people read.
    Refused when one is still running, a further one has no reason, or the pool is too small.
    Law: 招标投标法实施条例 第46条.
    """
    before = list(Draw.objects.select_for_update().filter(project_number=project_number, purpose=purpose))
    refuse_if(
        why_not_announce(
            contributors=contributors, strata=strata, pool=pool, earlier=len(before), reason=reason,
            open_draws=sum(not d.over for d in before),
        )
    )  # fmt: skip
    if any(not accounts.pinned_keys(code) for code in contributors):
        raise _refuse("draw.contributor-without-key", "参与方尚未登记身份公钥", Kind.NOT_NOW)
    count = len(before) + 1
    named = [{"i": i, "org": code, "name": accounts.name_of(code)} for i, code in enumerate(contributors, 1)]
    draw = Draw.objects.create(
        id=f"{project_number}/{purpose}/{count}", project_number=project_number, purpose=purpose, count=count,
        reason=reason, stream=stream, t=threshold(len(named)), max_per_org=max_per_org, contributors=named,
        strata=list(strata), pool=list(pool), pool_sha256=lots.pool_sha256(list(pool)),
        openings=list(openings), windows=vars(windows), phase=Phase.KEYS, phase_since=at, announced_at=at,
    )  # fmt: skip
    record(events.DrawAnnounced(stream=stream, id=draw.id, purpose=purpose, contributors=named), at=at)
    return draw


@transaction.atomic
def post_statement(*, draw_id: str, body: Mapping[str, Any], by: Actor, at: datetime) -> DrawMessage:
    """Take one signed statement of a contributor, or the supervision body's look at the pool.

    body: {"statement": …} and, where the statement only holds a hash, what it is the hash of ("keys", "deal").
    The same statement again changes nothing.
    Refused when the signature does not hold, the signer is not the contributor he says, it is not the moment, or what
    he sends is not what he is bound to.
    Spec: docs/proofs.md, draw1.
    """
    told = body.get("statement")
    v = told.get("v") if isinstance(told, dict) else None
    if not isinstance(v, str) or v not in IN_ORDER:
        raise _refuse("draw.unknown-statement", "抽取不接受这种声明")
    told = accounts.checked(told, v=str(v))
    draw = queries.hold(draw_id)
    _about_this_draw(draw, told)
    j, dealer = int(told.get("j", 0)), int(told.get("dealer", 0))
    entitled = _entitled(draw, told, j)
    if entitled and (said := draw.messages.filter(kind=v, j=j, dealer=dealer).first()) is not None:
        if said.statement == told:
            return said
        raise _refuse("draw.already-said", "您已提交过这一步，不能更改", Kind.NOT_NOW)
    _open_gate(draw, at=at)
    over = draw.ends_at is not None and at >= draw.ends_at
    refuse_if(
        why_not_speak(
            str(v), phase=Phase(draw.phase), entitled=entitled, gate_open=draw.gate_seq is None, window_over=over
        )
    )
    entry, payload = TAKE[str(v)](draw, told, body, at)
    message = DrawMessage.objects.create(
        draw=draw, kind=v, j=j, dealer=dealer, statement=told, payload=payload, during=draw.phase, seq=entry.seq, at=at
    )
    _advance(draw, at=at)
    return message


def _about_this_draw(draw: Draw, told: Mapping[str, Any]) -> None:
    same = {
        "dk/1": lambda: told["id"] == draw.id,
        "pool/1": lambda: told["pool_sha256"] == draw.pool_sha256,
    }.get(told["v"], lambda: bool(draw.sid) and told["sid"] == draw.sid)
    if not same():
        raise _refuse("draw.other-draw", "声明所指的不是这次抽取")


def _entitled(draw: Draw, told: Mapping[str, Any], j: int) -> bool:
    if told["v"] == "pool/1":
        return bool(accounts.organisation(told["org"]).kind == Body.REGULATOR)
    return any(c["i"] == j and c["org"] == told["org"] for c in draw.contributors)


Taken = tuple[Entry, str]


def _take_keys(draw: Draw, told: dict[str, Any], body: Mapping[str, Any], at: datetime) -> Taken:
    keys = body.get("keys")
    try:
        raw = canonical.b64u_bytes(keys, "keys", length=32 * len(draw.contributors))
    except canonical.NotCanonical as wrong:
        raise _refuse("draw.keys-malformed", "槽位公钥的数量或写法不符") from wrong
    if canonical.sha256(raw).hex() != told["keys_sha256"]:
        raise _refuse("draw.keys-differ", "槽位公钥与声明中的哈希不符")
    entry = record(events.DrawKey(stream=draw.stream, id=draw.id, statement=told, keys=str(keys)), at=at)
    return entry, str(keys)


def _take_attestation(draw: Draw, told: dict[str, Any], body: Mapping[str, Any], at: datetime) -> Taken:
    return record(events.PoolAttested(stream=draw.stream, id=draw.id, statement=told), at=at), ""


def _take_commitment(draw: Draw, told: dict[str, Any], body: Mapping[str, Any], at: datetime) -> Taken:
    return record(events.DrawCommitted(stream=draw.stream, id=draw.id, j=told["j"], statement=told), at=at), ""


def _take_deal(draw: Draw, told: dict[str, Any], body: Mapping[str, Any], at: datetime) -> Taken:
    deal, j = body.get("deal"), told["j"]
    committed = draw.messages.filter(kind="dc/1", j=j).first()
    if committed is None:
        raise _refuse("draw.never-committed", "您未作出承诺，不能交付份额", Kind.NOT_NOW)
    if not isinstance(deal, str) or canonical.sha256(deal.encode()).hex() != told["deal_sha256"]:
        raise _refuse("draw.deal-differs", "交付的份额与声明中的哈希不符")
    spec = queries.spec(draw)
    if arithmetic.deal_commitment(spec, j, deal) != committed.statement["h"]:
        raise _refuse("draw.deal-not-committed", "交付的份额与您的承诺不符")
    try:
        arithmetic.parse_deal(spec, j, deal)
    except arithmetic.BadDraw as wrong:
        fault = {"why": str(wrong)}
        raise Refused(Reason("draw.deal-malformed", Kind.NOT_VALID, "份额的写法不符：{why}", None, fault)) from wrong
    sha256 = publish_blob(deal.encode())
    event = events.DrawDeal(stream=draw.stream, id=draw.id, j=j, statement=told, deal_sha256=sha256)
    return record(event, at=at), deal


def _take_slot_key(draw: Draw, told: dict[str, Any], body: Mapping[str, Any], at: datetime) -> Taken:
    holder, dealer, sk = told["j"], told["dealer"], told["sk"]
    spec, key = queries.spec(draw), canonical.b64u_bytes(sk, "sk", length=32)
    if not arithmetic.is_key_of(spec, holder, dealer, key):
        raise _refuse("draw.slot-key-differs", "公布的槽位私钥与登记的公钥不符")
    common = {"stream": draw.stream, "id": draw.id, "holder": holder, "dealer": dealer, "sk": sk, "statement": told}
    if Phase(draw.phase) is Phase.RECOVERY:
        if dealer not in queries.heard(draw).silent or holder == dealer:
            raise _refuse("draw.nothing-to-recover", "这一参与方的数值无需恢复", Kind.NOT_NOW)
        return record(events.DrawKeyReleased(**common), at=at), ""
    deal = draw.messages.filter(kind="dd/1", j=dealer).first()
    if deal is None:
        raise _refuse("draw.nothing-dealt", "该参与方尚未交付份额", Kind.NOT_NOW)
    if arithmetic.why_not_complain(spec, arithmetic.parse_deal(spec, dealer, deal.payload), holder, key):
        raise _refuse("draw.complaint-unfounded", "该份额与其承诺相符，举报不成立")
    return record(events.DrawComplained(**common), at=at), ""


def _take_reveal(draw: Draw, told: dict[str, Any], body: Mapping[str, Any], at: datetime) -> Taken:
    j = told["j"]
    if j not in draw.dealers:
        raise _refuse("draw.does-not-count", "您的份额未计入本次抽取", Kind.NOT_NOW)
    spec = queries.spec(draw)
    deal = arithmetic.parse_deal(spec, j, draw.messages.get(kind="dd/1", j=j).payload)
    if not arithmetic.matches(spec, deal, [bytes.fromhex(r) for r in told["r"]]):
        raise _refuse("draw.reveal-differs", "公开的数值与交付的份额不符")
    return record(events.DrawRevealed(stream=draw.stream, id=draw.id, j=j, statement=told), at=at), ""


TAKE: Mapping[str, Callable[[Draw, dict[str, Any], Mapping[str, Any], datetime], Taken]] = {
    "dk/1": _take_keys,
    "pool/1": _take_attestation,
    "dc/1": _take_commitment,
    "dd/1": _take_deal,
    "dp/1": _take_slot_key,
    "dr/1": _take_reveal,
}


@transaction.atomic
def advance(*, draw_id: str, by: Actor, at: datetime) -> Draw:
    """Write down how far a draw is: its phase ends when all have spoken or the window is over. Does nothing twice."""
    draw = queries.hold(draw_id)
    _advance(draw, at=at)
    return draw


def _open_gate(draw: Draw, *, at: datetime) -> None:
    """Once witnesses have seen the entry the phase waits for, its window begins."""
    if draw.gate_seq is not None and queries.gate_open(draw):
        draw.gate_seq, draw.phase_since = None, at
        draw.save(update_fields=["gate_seq", "phase_since"])


def _advance(draw: Draw, *, at: datetime) -> None:
    while not draw.over:
        _open_gate(draw, at=at)
        if draw.gate_seq is not None:
            return
        phase = Phase(draw.phase)
        over = draw.ends_at is not None and at >= draw.ends_at
        to = next_phase(phase, queries.heard(draw), window_over=over)
        if to is phase:
            return
        _enter(draw, to, frm=phase, at=at)


def _enter(draw: Draw, to: Phase, *, frm: Phase, at: datetime) -> None:
    match to:
        case Phase.POOL:
            _specify(draw, at=at)
        case Phase.DEALS:
            committed = draw.messages.filter(kind="dc/1").order_by("j")
            h = {str(m.j): m.statement["h"] for m in committed}
            draw.advance(to, at=at)
            _wait_for(draw, record(events.DrawDealt(stream=draw.stream, id=draw.id, h=h), at=at))
        case Phase.REVEALS:
            draw.dealers = sorted(queries.heard(draw).good_dealers)
            draw.save(update_fields=["dealers"])
            draw.advance(to, at=at)
            _wait_for(draw, record(events.DrawFixed(stream=draw.stream, id=draw.id, dealers=draw.dealers), at=at))
        case Phase.SETTLED:
            _settle(draw, frm=frm, at=at)
        case Phase.VOID:
            _void(draw, VOID_BECAUSE[frm], at=at)
        case _:
            draw.advance(to, at=at)


def _wait_for(draw: Draw, entry: Entry) -> None:
    draw.gate_seq = entry.seq
    draw.save(update_fields=["gate_seq"])


def _specify(draw: Draw, *, at: datetime) -> None:
    keys = {m.j: canonical.b64u_bytes(m.payload, "keys") for m in draw.messages.filter(kind="dk/1")}
    blob = publish_blob(canonical.dumps(draw.pool))
    draw.spec = arithmetic.build_spec(
        id=draw.id, pool=draw.pool, strata=queries.strata(draw), max_per_org=draw.max_per_org,
        contributors=[(c["org"], keys[c["i"]]) for c in draw.contributors],
    )  # fmt: skip
    draw.sid = queries.spec(draw).sid.hex()
    draw.save(update_fields=["spec", "sid"])
    draw.advance(Phase.POOL, at=at)
    event = events.DrawSpecified(stream=draw.stream, id=draw.id, sid=draw.sid, spec=draw.spec, pool_sha256=blob)
    record(event, at=at)


def _settle(draw: Draw, *, frm: Phase, at: datetime) -> None:
    """Compute the result; a draw in which no value survived is void.

    Spec: docs/proofs.md, draw1 step 6 to 8.
    """
    try:
        outcome = arithmetic.conclude(queries.spec(draw), draw.pool, queries.messages(draw))
    except arithmetic.Void:
        _void(draw, VOID_BECAUSE[frm], at=at)
        return
    draw.seed, draw.result = outcome.seed.hex(), outcome.result
    draw.save(update_fields=["seed", "result"])
    draw.advance(Phase.SETTLED, at=at)
    result = queries.result_by_stratum(draw)
    record(events.DrawResult(stream=draw.stream, id=draw.id, seed=draw.seed, result=result), at=at)


def _void(draw: Draw, reason: str, *, at: datetime) -> None:
    draw.void_reason = reason
    draw.save(update_fields=["void_reason"])
    draw.advance(Phase.VOID, at=at)
    record(events.DrawVoid(stream=draw.stream, id=draw.id, reason=reason), at=at)


@transaction.atomic
def call_off(*, draw_id: str, reason: str, by: Actor, at: datetime) -> Draw:
    """Void a draw that came too late for what it was for; one that is over stays as it is."""
    draw = queries.hold(draw_id)
    if not draw.over:
        _void(draw, reason, at=at)
    return draw


@asks_first
def show_openings(*, draw_id: str, by: Actor, at: datetime) -> list[dict[str, str]]:
    """Who is behind the masks, for the supervision body, which signs `pool/1` after looking. Each look is recorded.

    Those behind a panel's masks the notifier alone knows: it shows them until the values are revealed.
    Raises Draw.DoesNotExist for everybody else: there is nothing to be seen here.
    """
    if by.role is not Role.SUPERVISOR:
        raise Draw.DoesNotExist
    draw = queries.hold(draw_id)
    if not draw.openings and Phase(draw.phase) in KNOWN:
        raise Refused(notifier.NOT_YET)
    shown = list(draw.openings) or notifier.open_list(draw.pool[0]["cid"])
    record(events.OpeningsRead(stream=draw.stream, id=draw.id, person=by.person), at=at)
    return shown
