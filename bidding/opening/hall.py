"""What the hall shows: one picture for everybody, and beside it what this reader may do.

The picture is a function of what is on record, so it is made once per process for each news item and shared by all
who watch. Before the hall is open it holds nothing but times and the commitment to the list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.queries import name_of
from bidding.opening import barred, buttons, coefficients, copies, doors, few, queries, reading, shown, words
from bidding.opening.between import Check, Talk, between, checklist, identities, prices
from bidding.opening.controls import Aloud, Controls, aloud_of, controls
from bidding.opening.models import Acknowledgement, HallObjection, IdentityCheck, Opening, PriceCheck, Reading
from bidding.opening.queries import Standing
from bidding.opening.rules import OK, Act
from bidding.tender import queries as tenders
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Reason
from rulebook.terms import USUAL, Terms

# The columns of the bar: acts that count as one step, in order.
STEPS: tuple[tuple[Act, ...], ...] = (
    (Act.WAITING, Act.SEALING, Act.CLOSED),
    (Act.BIDDERS,),
    (Act.HOLDERS, Act.RESCUE, Act.CAUSES),
    (Act.RECORD,),
    (Act.BETWEEN, Act.ENDED),
)
NAMES = {
    0: _("{terms.closing}封存"),
    1: _("{terms.bidder}解密"),
    2: _("持钥人开启"),
    3: _("{terms.read_out}与确认"),
    4: _("结束"),
}
SENTENCES = {
    Act.WAITING: _("{terms.deadline}前，任何人都看不到有没有{terms.bid}、有多少家、是谁。"),
    Act.SEALING: _("{terms.bid}已截止。正在固定封存清单，并等待外部见证签名；此后任何{terms.bid}都不会被接受或更换。"),
    Act.CLOSED: _("封存清单已经固定并写入公开日志，等待主持人{terms.opening}。"),
    Act.BIDDERS: _(
        "{terms.bidder}正在核对清单，各自释放解密凭据。没有{terms.bidder}的凭据，任何人都无法读取其{terms.file}。"
    ),
    Act.HOLDERS: _("密钥保管人正在释放钥匙。只释放{terms.bidder}已解密的{terms.file}的钥匙，够数即可开启。"),
    Act.RESCUE: _("有效钥匙不足。{terms.bidder}可以用自己的密钥文件补救自己的{terms.file}。"),
    Act.CAUSES: _("全部{terms.file}已有结论。未能开启的，由主持人和见证人认定原因；逾时未认定的，按在案证据认定。"),
    Act.RECORD: _(
        "全部{terms.file}已有结论并已{terms.read_out}。请{terms.bidder}、见证人和主持人签署{terms.opening}记录；有异议的当场提出。"
    ),
    Act.BETWEEN: _(
        "本次{terms.opening}已经结束。{terms.panel}正在评审；通过名单公布后才能开启其报价文件，其余报价文件永远封存。"
    ),
    Act.ENDED: _("{terms.opening}已经结束。{terms.opening}记录公开，任何人都可以重新核验。"),
    Act.NOT_OPENED: _("本项目不予{terms.opening}。{terms.file}保持封存，不公布{terms.bidder}名称和数量。"),
    Act.STOPPED: _("本项目已终止，{terms.opening}不再进行。未开启的{terms.file}永远封存；此前已经公开的照旧公开。"),
}
ALL_SAID = _(
    "未能开启的原因都已认定。监督人员可以在下列时间内改变认定，时间一到即生成{terms.opening}记录，此后不再更改。"
)
ENDED_SHUT = _("{terms.opening}已经结束。全部记录随结果公开，此后任何人都可以重新核验和回放。")
BETWEEN_ROUNDS = _(
    "评审小组正在谈判（磋商），或者供应商正在密封报价。报价截止封存后开启；此前任何人都看不到报价和家数。"
)


@dataclass
class Hall:
    """The picture everybody sees."""

    number: str
    title: str
    buyer: str
    stream: str
    seq: int
    act: Act
    closes_at: datetime
    heading: str
    sentence: str
    steps: list[dict[str, str]]
    host: str = ""
    session: int = 1
    session_words: str = ""  # what is opened in it, where there are several
    until: datetime | None = None
    until_label: str = ""
    pause: shown.Pause | None = None
    reasons: Sequence[Reason] = ()  # why it is not opened
    total: int = 0
    done: int = 0
    progress_label: str = ""
    closing: str = ""
    record_sha256: str = ""
    coefficient: dict[str, Any] | None = None  # of the price formula, where it is drawn in this session
    reading: Reading | None = None  # the common read-out, while the record is being signed
    rows: list["Row"] = field(default_factory=list)
    holders: list[dict[str, Any]] = field(default_factory=list)
    unopened: list[shown.Unopened] = field(default_factory=list)
    undone: Article | None = None  # by which those are revoked or withdrawn
    checklist: list[Check] = field(default_factory=list)
    objections: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)
    law: Article | None = None  # by which the hall is closed
    shut: bool = False  # behind closed doors, until the result
    terms: Terms = USUAL  # what its law calls things
    room: list[str] = field(default_factory=list)  # lines of what happened behind them, newest first


@dataclass
class Row:
    """One bidder's line of the opening table."""

    org: str
    name: str
    eid: str
    states: list[dict[str, str]]
    small: bool = False
    quote: Decimal | None = None
    price: str = ""
    delivery: str = ""
    note: str = ""
    present: bool = False
    acknowledged: bool = False
    identity: IdentityCheck | None = None
    priced: PriceCheck | None = None
    members: str = ""  # who bids together with it


@dataclass
class Tools:
    """What one reader may do in the hall."""

    role: str
    organisation: str
    buttons: list[buttons.Button]
    answers: list[dict[str, Any]]
    supervises: bool
    controls: Controls | None
    aloud: Aloud | None
    talk: Talk | None
    waits_for_witness: bool
    is_bidder: bool
    signs_as: str
    room_url: str  # where a party's client reads what is not public yet
    blames: list[shown.Blaming]
    barred: list[barred.Barred]
    deposits: list[shown.Deposit]
    asked: Mapping[str, Any] | None
    copies_wanted: bool  # one's own file is damaged here, and one's own copy helps
    min_bids: int
    drain: int


def picture(standing: Standing, *, seq: int) -> Hall:
    """The hall as everybody sees it."""
    project, opening, terms = standing.project, standing.opening, standing.project.terms
    between = standing.act is Act.BETWEEN and standing.facts.rounds
    hall = Hall(
        number=project.number,
        title=project.title,
        buyer=name_of(project.buyer_id),
        stream=project.log,
        seq=seq,
        act=standing.act,
        closes_at=standing.tender.closes_at,
        heading=gettext("谈判（磋商）与报价") if between else words.act(standing.act, terms),
        sentence=str(BETWEEN_ROUNDS if between else SENTENCES[standing.act]).format(terms=terms),
        steps=_steps(standing.act, terms, rounds=standing.facts.rounds),
        session=standing.session,
        session_words=_session_words(standing),
        shut=doors.is_shut(project),
        law=tenders.closed_hall(project),
        terms=terms,
    )
    if standing.act is Act.WAITING:
        hall.until, hall.until_label = standing.tender.closes_at, gettext("{terms.deadline}").format(terms=terms)
        return hall
    if standing.closing and standing.closing.entry_id:
        hall.closing = standing.closing.digest
    hall.host = standing.lease.name if standing.lease else ""
    if standing.act is Act.ENDED and hall.shut:
        hall.sentence = str(ENDED_SHUT).format(terms=terms)
    if standing.act is Act.NOT_OPENED:
        hall.reasons = (few.too_few(standing.tender.min_bids, standing.facts.laws.too_few),)
    if opening is None:
        return hall
    hall.record_sha256 = opening.record_sha256
    hall.pause = shown.pause(standing, opening) if standing.act is not Act.STOPPED else None
    hall.unopened, hall.undone = shown.unopened(standing), standing.facts.laws.undone
    hall.checklist = checklist(standing)
    hall.coefficient = coefficients.shown(standing)
    if standing.act in (Act.BIDDERS, Act.HOLDERS, Act.RESCUE, Act.CAUSES):
        hall.until, hall.until_label = opening.turn_ends, gettext("本环节剩余")
    if standing.act is Act.CAUSES and all(one.cause for one in hall.unopened):
        hall.sentence, hall.until_label = str(ALL_SAID).format(terms=terms), gettext("监督人员可改变认定，剩余")
    hall.reading = reading.latest(standing) if standing.act is Act.RECORD and not opening.paused_at else None
    _show_bids(hall, standing, opening)
    _show_progress(hall, standing, opening)
    return hall


def tools(standing: Standing, *, viewer: Actor) -> Tools:
    """What this reader may do now."""
    facts, number = standing.facts, standing.project.number
    open_objections = HallObjection.objects.filter(opening=standing.opening, answered_at=None).select_related("entry")
    hosts = viewer.role is Role.OFFICER and viewer.organisation in facts.hosts
    answers = [{"seq": one.entry.seq, "name": name_of(one.organisation)} for one in open_objections] if hosts else []
    return Tools(
        role=viewer.role.value,
        organisation=viewer.organisation,
        buttons=buttons.of(standing, viewer=viewer) if hosts else [],
        answers=answers,
        supervises=viewer.role is Role.SUPERVISOR,
        controls=controls(standing, viewer=viewer),
        aloud=aloud_of(standing, viewer=viewer) if hosts else None,
        talk=between(standing, viewer=viewer),
        waits_for_witness=not facts.witnessed,
        is_bidder=viewer.role is Role.PROVIDER and viewer.organisation in facts.bidders,
        signs_as=_signs_as(standing, viewer),
        room_url=f"/api/projects/{number}/room" if doors.is_shut(standing.project) else "",
        blames=shown.blaming(standing, viewer=viewer),
        barred=barred.barred(standing, viewer=viewer),
        deposits=shown.deposits(standing, viewer=viewer),
        asked=standing.tender.guarantee,
        copies_wanted=bool(copies.wanted(standing, viewer=viewer)),
        min_bids=standing.tender.min_bids,
        drain=standing.tender.drain,
    )


def _signs_as(standing: Standing, viewer: Actor) -> str:
    if viewer.role is Role.PROVIDER and not doors.is_shut(standing.project):
        return "bidder" if viewer.organisation in standing.facts.bidders else ""
    if viewer.role is Role.OFFICER:
        return "host" if viewer.organisation in standing.facts.hosts else ""
    return {Role.WITNESS: "witness", Role.SUPERVISOR: "supervisor", Role.HOLDER: "holder"}.get(viewer.role, "")


def _steps(act: Act, terms: Terms, *, rounds: bool = False) -> list[dict[str, str]]:
    if act in (Act.NOT_OPENED, Act.STOPPED):
        return [
            {"label": str(NAMES[0]).format(terms=terms), "state": "done"},
            {"label": words.act(act, terms), "state": "off"},
        ]
    now = next(place for place, acts in enumerate(STEPS) if act in acts)
    states = ["done" if place < now or act is Act.ENDED else "now" if place == now else "next" for place in NAMES]
    names = {**NAMES, 4: gettext("谈判与报价") if rounds else words.ACTS[act]} if act is Act.BETWEEN else NAMES
    return [{"label": str(names[place]).format(terms=terms), "state": state} for place, state in enumerate(states)]


def _show_bids(hall: Hall, standing: Standing, opening: Opening) -> None:
    present = set(standing.own(opening.attendances.all(), "organisation").values_list("organisation", flat=True))
    signed = Acknowledgement.objects.filter(opening=opening).select_related("entry").order_by("entry__seq")
    signed = standing.own(signed, "organisation")
    checked, confirmed = identities(standing), prices(standing)
    by_role = {(one.role, one.organisation): one for one in signed}
    for bid in queries.opened_bids(standing.tender, only=standing.only):
        own = [unit for unit in standing.every_unit if unit.bid.organisation == bid.org]
        told = not hall.shut
        sheet = dict(bid.sheet) if told else {}
        hall.rows.append(
            Row(
                org=bid.org,
                name=bid.name,
                eid=own[0].bid.eid,
                states=[_state(standing, unit) for unit in own] + _kept_shut(standing, bid.org),
                small=bid.small and told,
                quote=bid.quote if told else None,
                price=str(sheet.get("price", "")),
                delivery=str(sheet.get("delivery", "")),
                note=str(sheet.get("note", "")),
                present=bid.org in present,
                acknowledged=("bidder", bid.org) in by_role,
                identity=checked.get(bid.org),
                priced=confirmed.get(bid.org),
                members="、".join(_member(one) for one in (bid.consortium or {}).get("members", ())),
            )
        )
    objections = HallObjection.objects.filter(opening=opening).select_related("entry").order_by("entry__seq")
    hall.objections = [
        {"name": name_of(one.organisation), "text": one.text, "answer": one.answer} for one in objections
    ]
    if standing.act in (Act.RECORD, Act.ENDED):
        hall.signatures = [
            {"name": row.name, "role": words.signer("bidder", hall.terms), "at": _at(by_role.get(("bidder", row.org)))}
            for row in hall.rows
            if row.org in standing.facts.bidders
        ]
        for role in ("witness", "host"):
            own_role = [one for (said, _org), one in by_role.items() if said == role]
            names = [(name_of(one.organisation), one.entry.at) for one in own_role] or [("", None)]
            hall.signatures += [
                {"name": name or words.signer(role, hall.terms), "role": words.signer(role, hall.terms), "at": at}
                for name, at in names
            ]


def _member(told: Mapping[str, Any]) -> str:
    name = str(told["name"])
    return name if told.get("confirmed", True) else gettext("{name}（未确认）").format(name=name)


def _at(signed: Acknowledgement | None) -> datetime | None:
    return signed.entry.at if signed else None


def _state(standing: Standing, unit: Any) -> dict[str, str]:
    part, terms = words.part(unit.bid.part), standing.project.terms
    if unit.verdict:
        tone = "ok" if unit.verdict == OK else "bad"
        done = (
            gettext("已开启")
            if unit.bid.part in standing.tender.layout.read_out
            else gettext("已开启，交{terms.panel}").format(terms=terms)
        )
        said = done if unit.verdict == OK else words.verdict(unit.verdict, terms)
        why = "；".join(words.finding(code, terms) for code in unit.findings)
        return {"code": unit.verdict, "tone": tone, "words": f"{part} · {said}", "why": why}
    if standing.act is Act.STOPPED:
        return {"code": "kept-shut", "tone": "", "words": f"{part} · {gettext('未开启，永远封存')}", "why": ""}
    if unit.damaged_at:
        said = gettext("平台保存的文件损坏，等待{terms.bidder}补传原件").format(terms=terms)
        return {"code": "damaged", "tone": "warn", "words": f"{part} · {said}", "why": ""}
    if unit.pk in standing.released:
        said = gettext("已解密，等待钥匙") if standing.act is not Act.BIDDERS else gettext("已解密")
        return {"code": "released", "tone": "info", "words": f"{part} · {said}", "why": ""}
    return {"code": "waiting", "tone": "", "words": f"{part} · {gettext('待解密')}", "why": ""}


def _session_words(standing: Standing) -> str:
    sessions = standing.tender.layout.sessions
    if len(sessions) == 1:
        return ""
    parts = "、".join(words.part(each) for each in standing.parts)
    if standing.tender.layout.rounds:
        if standing.session == 1:
            return gettext("开启响应文件；不公开唱价")
        return gettext("第 {n} 轮报价").format(n=standing.session - 1)
    told = {"n": standing.session, "all": len(sessions), "parts": parts}
    return gettext("第 {n} 场（共 {all} 场）：{parts}").format(**told)


def _kept_shut(standing: Standing, org: str) -> list[dict[str, str]]:
    """That a bidder's later envelopes stay sealed for good, once it is public who passed."""
    if not standing.admitted or org in standing.admitted or standing.tender.layout.rounds:
        return []
    part = words.part(standing.tender.layout.price)
    return [{"code": "kept-shut", "tone": "", "words": f"{part} · {gettext('未通过评审，永远封存')}", "why": ""}]


def _show_progress(hall: Hall, standing: Standing, opening: Opening) -> None:
    units = standing.units
    if standing.act is Act.BIDDERS:
        hall.total, hall.done = len(units), len(standing.released)
        hall.progress_label = gettext("{total} 份中 {done} 份已解密").format(total=hall.total, done=hall.done)
    elif standing.act in (Act.HOLDERS, Act.RESCUE, Act.CAUSES):
        hall.total, hall.done = len(units), sum(bool(unit.verdict) for unit in units)
        hall.progress_label = gettext("{total} 份中 {done} 份已有结论").format(total=hall.total, done=hall.done)
    if standing.act is Act.BIDDERS:
        return
    taken = queries.turns(opening)
    by_org: dict[str, list[dict[str, Any]]] = {}
    for member in queries.holders(standing.tender):
        if member.committee.part not in standing.parts:
            continue
        turn = taken.get((member.committee.part, member.i))
        told = {"part": words.part(member.committee.part), "at": turn.at if turn else None}
        by_org.setdefault(member.organisation, []).append(told)
    hall.holders = [{"name": name_of(org), "turns": told} for org, told in by_org.items()]
