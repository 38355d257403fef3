"""When a sealed offer may be handed in, replaced or taken back. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from market.projects.procedure import Formalities
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason
from rulebook.times import iso

PATIENCE = timedelta(minutes=5)  # for what arrived in time and waits in a queue of the house
VERSIONS = 16  # envelopes one bidder may hand in for one part; slots are not endless
USUAL = Formalities()
TOO_LATE = frozenset({"bid.late", "bid.drained"})  # refusals that are signed and logged


@dataclass(frozen=True)
class Calendar:
    """What the clock decides about one tender."""

    accepts: bool  # the project stands where offers are taken at all
    closes_at: datetime
    sealed_up: bool  # the list of bids is fixed: whatever is still on its way is too slow
    laws: Formalities = Formalities()


@dataclass(frozen=True)
class Part:
    """One unit as the terms pin it, and what this bidder has of it."""

    unit: Mapping[str, object]
    cmh: str
    slots: frozenset[int]  # allotted to this bidder
    used: frozenset[int]  # of these, spent on an earlier version
    last: int  # the highest number among his versions and withdrawals; 0 = none
    live_env: str | None  # envelope of his live version
    live_eid: str | None
    stored: Mapping[str, "Stored"] = field(default_factory=dict)  # uploaded envelopes by their hash


@dataclass(frozen=True)
class Stored:
    """An envelope this bidder has uploaded: what its header says and what its bytes are."""

    sha256: str
    size: int
    eid: str
    slot: int


def why_not_prepare(
    *, by: Actor, holders: Iterable[str], banned: tuple[Reason, ...], calendar: Calendar, at: datetime,
    invited: frozenset[str] | None = None,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against getting a slot or uploading an envelope: who, then when.  invited: to a round of quotes."""
    return _who(by, holders, invited) or banned or _when(calendar, at)


def why_not_submit(
    *,
    by: Actor,
    holders: Iterable[str],
    banned: tuple[Reason, ...],
    calendar: Calendar,
    at: datetime,
    parts: Mapping[str, Part],
    subs: Mapping[str, Mapping[str, object]],
    eids_taken: bool,
    invited: frozenset[str] | None = None,
) -> tuple[Reason, ...]:
    """Reasons against accepting these signed submissions (one per part): who, when, what.

    Law: 招标投标法 第29条 (replaced until the deadline), 招标投标法实施条例 第36条 (late is refused).
    """
    shut = _who(by, holders, invited) or banned or _when(calendar, at)
    if shut:
        return shut
    if not subs or not set(subs) <= set(parts):
        return (Reason("bid.parts", Kind.NOT_VALID, "提交的部分与{terms.tender}条件不符"),)
    reasons: list[Reason] = []
    for name, sub in subs.items():
        reasons += _why_not_sub(by, parts[name], sub, calendar.laws)
    if not reasons and eids_taken:
        reasons.append(Reason("bid.eid-used", Kind.NOT_VALID, "信封编号已被使用，请重新{terms.seal}"))
    absent = [name for name, part in parts.items() if name not in subs and part.live_env is None]
    if absent:
        reasons.append(Reason("bid.part-missing", Kind.NOT_VALID, "{terms.bid}不完整：各部分须一并提交"))
    return tuple(reasons)


def why_not_withdraw(
    *,
    by: Actor,
    calendar: Calendar,
    at: datetime,
    parts: Mapping[str, Part],
    wds: Mapping[str, Mapping[str, object]],
) -> tuple[Reason, ...]:
    """Reasons against taking the whole bid back: who, when, what.

    A banned bidder may always leave.  Law: 招标投标法 第29条, 招标投标法实施条例 第35条.
    """
    shut = _who(by, ()) or _when(calendar, at)
    if shut:
        return shut
    live = {name for name, part in parts.items() if part.live_env is not None}
    if not live:
        return (Reason("withdrawal.nothing-live", Kind.NOT_VALID, "没有可撤回的{terms.bid}"),)
    if set(wds) != live:
        return (Reason("withdrawal.parts", Kind.NOT_VALID, "撤回须覆盖已提交的全部部分"),)
    reasons: list[Reason] = []
    for name, wd in wds.items():
        part = parts[name]
        if wd["org"] != by.organisation:
            reasons.append(Reason("bid.not-own", Kind.NOT_YOURS, "声明不是由本单位签署的"))
        if wd["unit"] != part.unit or wd["eid"] != part.live_eid:
            reasons.append(Reason("withdrawal.eid", Kind.NOT_VALID, "所撤回的不是当前有效的{terms.bid}"))
        if wd["seq"] != part.last + 1:
            reasons.append(_seq(part))
    return tuple(reasons)


def why_not_length(length: int, *, limit: int, least: int, law: Article | None) -> tuple[Reason, ...]:
    """Reasons against an upload of so many bytes."""
    if length > limit:
        return (too_large(limit),)
    if length <= least:
        return (Reason("upload.too-short", Kind.NOT_VALID, "文件太短，不是完整的加密{terms.file}", law),)
    return ()


def why_not_offset(offset: int, *, expected: int) -> tuple[Reason, ...]:
    """Reasons against bytes that are not the next ones."""
    if offset == expected:
        return ()
    text = "已收到 {expected} 字节，请从那里继续"
    return (Reason("upload.offset", Kind.NOT_NOW, text, values={"expected": expected}),)


def too_large(limit: int) -> Reason:
    """The refusal of an envelope of more than `limit` bytes."""
    text = "{terms.file}超过 {limit} 字节的上限"
    return Reason("envelope.too-large", Kind.NOT_VALID, text, values={"limit": limit})


def too_many_uploads() -> Reason:
    """The refusal of yet another envelope of one part."""
    return Reason("envelope.too-many", Kind.NOT_NOW, "上传次数已达上限")


def late(closes_at: datetime, *, at: datetime, law: Article | None, refusal: str = "") -> Reason:
    """The refusal of what arrived at the deadline or after it.  refusal: its signed note, once it is logged."""
    values = {"closes_at": iso(closes_at), "arrived_at": iso(at), "refusal": refusal}
    text = "{terms.deadline}时间为 {closes_at}，本次送达时间为 {arrived_at}，逾期拒收"
    return Reason("bid.late", Kind.NOT_NOW, text, law, values)


def drained(*, law: Article | None = None, refusal: str = "") -> Reason:
    """The refusal of what arrived in time but took longer than the drain to be decided: an outage, not a lateness."""
    text = "请求虽在截止前送达，但传输超过了封存前的等待时间；属系统故障的，按故障处置规则处理"
    return Reason("bid.drained", Kind.NOT_NOW, text, law, {"refusal": refusal})


def why_not_fix_list(
    *, by: Actor, closes_at: datetime, drain: timedelta, at: datetime, underway: bool,
    laws: Formalities = USUAL,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against fixing the closing list: requests stamped in time may be on their way for `drain` longer.

    underway: the house lags, so that something that arrived in time may still wait for its answer; then longer still,
    but not for ever, or one request that hangs would keep the hall shut.
    """
    if by.role is not Role.SYSTEM:
        return (Reason("closing.not-system", Kind.NOT_YOURS, "{terms.closing}由系统按时记录"),)
    if at < closes_at + drain:
        return (Reason("closing.too-early", Kind.NOT_NOW, "未到{terms.closing}封存时间", laws.opened),)
    if underway and at < closes_at + drain + PATIENCE:
        return (Reason("closing.underway", Kind.NOT_NOW, "截止前送达的请求还在处理，处理完即封存", laws.received),)
    return ()


def is_late(calendar: Calendar, at: datetime) -> bool:
    """Whether something that arrived at this instant is refused for time alone. The deadline itself is late."""
    return at >= calendar.closes_at or calendar.sealed_up


def _who(by: Actor, holders: Iterable[str], invited: frozenset[str] | None = None) -> tuple[Reason, ...]:
    if by.role is not Role.PROVIDER or not by.organisation:
        return (Reason("bid.not-provider", Kind.NOT_YOURS, "只有供应商可以{terms.bid}"),)
    if by.organisation in set(holders):
        return (Reason("bid.is-holder", Kind.NOT_YOURS, "保管{terms.opening}钥匙的单位不得{terms.bid}"),)
    if invited is not None and by.organisation not in invited:
        return (Reason("quote.not-invited", Kind.NOT_YOURS, "只有继续参加谈判（磋商）的供应商可以报价"),)
    return ()


def _when(calendar: Calendar, at: datetime) -> tuple[Reason, ...]:
    if at >= calendar.closes_at:
        return (late(calendar.closes_at, at=at, law=calendar.laws.late),)
    if calendar.sealed_up:
        return (drained(law=calendar.laws.received),)
    if not calendar.accepts:
        return (Reason("bid.not-open", Kind.NOT_NOW, "项目当前不接受{terms.bid}"),)
    return ()


def _why_not_sub(by: Actor, part: Part, sub: Mapping[str, object], laws: Formalities) -> list[Reason]:
    reasons: list[Reason] = []
    stored = part.stored.get(str(sub["env_sha256"]))
    if sub["org"] != by.organisation:
        return [Reason("bid.not-own", Kind.NOT_YOURS, "声明不是由本单位签署的")]
    if sub["unit"] != part.unit or sub["cmh"] != part.cmh:
        return [Reason("bid.other-terms", Kind.NOT_VALID, "声明所指的项目、部分或钥匙清单与{terms.tender}条件不符")]
    if stored is None:
        return [Reason("bid.envelope-unknown", Kind.NOT_VALID, "未收到与声明摘要一致的{terms.file}，请先上传完整文件")]
    if (sub["size"], sub["eid"], sub["slot"]) != (stored.size, stored.eid, stored.slot):
        reasons.append(
            Reason("bid.envelope-differs", Kind.NOT_VALID, "声明与已上传{terms.file}的大小、编号或钥匙位不一致")
        )
    if sub["slot"] not in part.slots or sub["slot"] in part.used:
        reasons.append(Reason("bid.slot", Kind.NOT_VALID, "钥匙位未分配给本单位或已使用，请重新{terms.seal}"))
    if sub["seq"] != part.last + 1:
        reasons.append(_seq(part))
    if sub["replaces"] != part.live_env:
        reasons.append(Reason("bid.replaces", Kind.NOT_VALID, "所替换的版本不是当前有效的{terms.bid}", laws.changed))
    return reasons


def _seq(part: Part) -> Reason:
    text = "版本号应为 {expected}"
    return Reason("bid.version", Kind.NOT_VALID, text, values={"expected": part.last + 1})
