"""Who may hold, who acts for a holder, and which holders a tender may take. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from accounts.rules import HOUSES
from accounts.rules import Kind as House
from market.projects.rules import Stage, why_not_officer
from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.refusal import Kind, Reason

SEVERAL_HOLDERS = Article("电子招标投标办法", "第27条")
FEWEST, MOST = 3, 7  # holders of one tender
FEWEST_TO_OPEN = 2
SLOTS = 256  # keys a holder makes for one unit; the first is the trial opening's
PARTS_AHEAD = ("sheet", "body", "tech", "price")  # of every layout: which one a number gets is not known yet
BATCH, LOW = 4, 2  # numbers reserved at once, and how few free ones call for the next batch


class Span(StrEnum):
    """How long before an opening the holders are asked whether they are ready."""

    DAY = "day"
    HOUR = "hour"


# Span ↦ when before the deadline it begins, and how old a confirmation may be by the deadline.
SPANS = {
    Span.DAY: (timedelta(days=1), timedelta(days=3)),
    Span.HOUR: (timedelta(hours=1), timedelta(days=1)),
}
SKEW = timedelta(minutes=10)  # between a holder's clock and ours, so that an old confirmation is none


class Duty(StrEnum):
    """In what turn somebody acts for a holder; both use the organisation's one key file."""

    MEMBER = "member"
    DEPUTY = "deputy"
    NONE = "none"


class Side(StrEnum):
    """Whose interest a holder stands for in one tender."""

    BUYER = "buyer"  # the buyer, or an agency
    CENTRE = "centre"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Candidate:
    """A holder organisation of the standing roster, as one tender sees it.

    keyed: its identity key is in the log.  manned: somebody acts for it.  unattended: its own service releases.
    """

    org: str
    name: str
    side: Side
    keyed: bool
    manned: bool = True
    unattended: bool = False

    @property
    def ready(self) -> bool:
        return self.keyed and self.manned


def side_of(*, kind: str, org: str, buyer: str) -> Side:
    """Whose side an organisation of this kind is on in a tender of this buyer."""
    if org == buyer or kind == House.AGENT:
        return Side.BUYER
    return Side.CENTRE if kind == House.CENTRE else Side.OUTSIDE


def may_hold(kind: str) -> bool:
    """Whether an organisation of this kind may keep opening keys at all: never one that bids, never the platform."""
    return kind in HOUSES[Role.HOLDER]


def why_not_keep(*, organisation: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against changing a holder's standing or people: its own key holders do it, or the platform at birth."""
    if by.role is Role.SYSTEM or (by.role is Role.HOLDER and by.organisation == organisation):
        return ()
    return (Reason("holding.not-own", Kind.NOT_YOURS, "仅本单位的密钥保管人可办理"),)


def why_not_enter(*, organisation: str, kind: str, members: int, standing: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against a holder's joining the standing roster.  members: people who act for it in the first turn."""
    shut = why_not_keep(organisation=organisation, by=by)
    if shut:
        return shut
    if standing:
        return (Reason("holding.standing", Kind.NOT_NOW, "本单位已在常设名册中"),)
    reasons: tuple[Reason, ...] = ()
    if not may_hold(kind):
        reasons += (
            Reason(
                "holding.wrong-kind", Kind.NOT_VALID, "供应商和平台运营机构不得保管{terms.opening}密钥", SEVERAL_HOLDERS
            ),
        )
    if members < 1:
        reasons += (Reason("holding.no-member", Kind.NOT_NOW, "先指定至少一名经手人"),)
    return reasons


def why_not_leave(*, organisation: str, standing: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against leaving the roster. What a holder already holds stays with it until those openings are over."""
    shut = why_not_keep(organisation=organisation, by=by)
    if not shut and not standing:
        shut = (Reason("holding.not-standing", Kind.NOT_NOW, "本单位不在常设名册中"),)
    return shut


def why_not_appoint(
    *, organisation: str, person_organisation: str, is_holder: bool, duty: Duty, standing: bool, other_members: int,
    by: Actor,
) -> tuple[Reason, ...]:  # fmt: skip
    """Reasons against giving somebody a duty.  other_members: members of the house besides this person."""
    shut = why_not_keep(organisation=organisation, by=by)
    if shut:
        return shut
    if person_organisation != organisation or not is_holder:
        return (Reason("holding.not-colleague", Kind.NOT_VALID, "只能指定本单位登记的密钥保管人员"),)
    if standing and duty is not Duty.MEMBER and not other_members:
        return (Reason("holding.last-member", Kind.NOT_NOW, "名册中的单位至少要有一名经手人，请先指定他人"),)
    return ()


def why_not_draw(*, chosen: Sequence[Candidate], k: int, known: Collection[str]) -> tuple[Reason, ...]:
    """Everything against a tender's taking these holders, k of whom open.  known: organisations on the roster.

    Three sides must sit at the table, and the buyer's own side alone must not be enough to open.
    Law: 电子招标投标办法 第27条.
    """
    orgs = [each.org for each in chosen]
    if len(set(orgs)) != len(orgs) or not FEWEST <= len(orgs) <= MOST or any(org not in known for org in orgs):
        text = "密钥保管人应为三至七家互不相同的名册单位，现有 {count} 家"
        values = {"count": len(set(orgs) & set(known))}
        return (Reason("keys.no-roster", Kind.NOT_NOW, text, SEVERAL_HOLDERS, values),)
    reasons: list[Reason] = []
    for each in chosen:
        if not each.ready:
            text = "{name}尚未登记身份公钥或者没有经手人"
            reasons.append(
                Reason("keys.holder-not-ready", Kind.NOT_NOW, text, SEVERAL_HOLDERS, values={"name": each.name})
            )
    if not FEWEST_TO_OPEN <= k <= len(orgs):
        text = "开启所需家数应在 2 至 {n} 之间"
        reasons.append(Reason("keys.threshold", Kind.NOT_VALID, text, SEVERAL_HOLDERS, {"n": len(orgs)}))
    if {each.side for each in chosen} != set(Side):
        text = "应同时有{terms.buyer}（或代理机构）、交易中心和与二者无关的单位"
        reasons.append(Reason("keys.one-sided", Kind.NOT_VALID, text, SEVERAL_HOLDERS))
    elif sum(each.side is Side.BUYER for each in chosen) >= k:
        text = "{terms.buyer}一方的保管人不得达到开启所需家数"
        reasons.append(Reason("keys.buyers-alone", Kind.NOT_VALID, text, SEVERAL_HOLDERS))
    return tuple(reasons)


def by_default(candidates: Sequence[Candidate]) -> list[Candidate]:
    """One of each side, the longest standing of those that are ready; fewer where a side has none."""
    found = []
    for side in Side:
        ready = [each for each in candidates if each.side is side and each.ready]
        found += ready[:1]
    return found


def by_themselves(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Holders for a purchase that opens by itself: ready and unattended, one of each side first, FEWEST in all.

    Nobody clicks; the platform is on no roster, so whoever opens is not the platform alone.
    """
    alone = [each for each in candidates if each.ready and each.unattended]
    first = by_default(alone)
    # Of the buyer's side one is enough: with two it would open what it buys.
    others = [each for each in alone if each not in first and each.side is not Side.BUYER]
    return sorted([*first, *others][:FEWEST], key=alone.index)


def why_not_by_themselves(chosen: Sequence[Candidate]) -> tuple[Reason, ...]:
    """Reasons why no such holders can be taken: too few stand, or all are of one side.  chosen: by `by_themselves`."""
    if len(chosen) < FEWEST or {each.side for each in chosen} <= {Side.BUYER}:
        text = "自动开启需要 {least} 家无人值守的密钥保管单位，名册中现有 {count} 家就绪"
        values = {"least": FEWEST, "count": len(chosen)}
        return (Reason("keys.none-alone", Kind.NOT_NOW, text, SEVERAL_HOLDERS, values),)
    return ()


def why_not_keep_slots(
    *, statement: Mapping[str, Any], standing: bool, reserved: bool, keys: bytes, keys_sha256: str
) -> tuple[Reason, ...]:
    """Reasons against slot keys made ahead: who, when, then whether they are what was signed for this unit."""
    if not standing:
        return (Reason("holding.not-standing-holder", Kind.NOT_YOURS, "该单位不在密钥保管人常设名册中"),)
    if not reserved or statement["unit"].get("part") not in PARTS_AHEAD:
        return (Reason("holding.not-reserved", Kind.NOT_NOW, "不是预留的项目编号"),)
    if statement["role"] != "c" or statement["n"] != SLOTS:
        return (Reason("holding.other-unit", Kind.NOT_VALID, "声明的用途或数量与要求不符"),)
    if len(keys) != 32 * SLOTS or statement["keys_sha256"] != keys_sha256:
        return (Reason("keys.not-as-signed", Kind.NOT_VALID, "公钥与声明中的摘要不符"),)
    return ()


def span_due(*, closes_at: datetime, at: datetime) -> Span | None:
    """Which alarm may be due now: within the last hour, within the last day, or none; none after the deadline."""
    left = closes_at - at
    if left <= timedelta():
        return None
    return next((span for span in (Span.HOUR, Span.DAY) if left <= SPANS[span][0]), None)


def is_ready(confirmed_at: datetime | None, *, closes_at: datetime, span: Span) -> bool:
    """Whether a holder's newest confirmation, or trial opening, is fresh enough."""
    return confirmed_at is not None and confirmed_at >= closes_at - SPANS[span][1]


def why_not_confirm(
    *, holds: bool, open_for_bids: bool, same_manifest: bool, said_at: datetime, at: datetime
) -> tuple[Reason, ...]:
    """Reasons against a holder's word that it is ready: who, when, what.  said_at: by the holder's own clock."""
    if not holds:
        return (Reason("ready.not-holder", Kind.NOT_YOURS, "不是本项目的密钥保管人"),)
    if not open_for_bids:
        return (Reason("ready.not-now", Kind.NOT_NOW, "只在{terms.deadline}前确认就绪"),)
    if not same_manifest:
        return (Reason("ready.other-manifest", Kind.NOT_VALID, "确认所指的钥匙清单不是本项目的"),)
    if abs(at - said_at) > SKEW:
        return (Reason("ready.other-time", Kind.NOT_VALID, "确认的时间与现在相差过大，请核对本机时间"),)
    return ()


def why_not_replace(
    *, stage: str, in_approval: bool, buyer: str, holders: Collection[str], leaving: str, entering: str, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against putting another holder in one's place; who may sit at the table `why_not_draw` says.

    After publication the manifest is part of the terms: the others open, or the bidders rescue their own bids.
    """
    shut = why_not_officer(buyer=buyer, by=by)
    if shut:
        return shut
    if stage != Stage.DRAFT:
        text = "钥匙清单已随公告公布，不能更换；其余保管人够数即可开启，不够时由{terms.bidder}补救"
        return (Reason("keys.published", Kind.NOT_NOW, text, SEVERAL_HOLDERS),)
    if in_approval:
        return (Reason("keys.in-approval", Kind.NOT_NOW, "项目在审批中，退回修改后才能更换保管人"),)
    if leaving not in holders or entering in holders:
        return (Reason("keys.no-such-place", Kind.NOT_VALID, "请选择一家现任保管人和一家名册中的其他单位"),)
    return ()
