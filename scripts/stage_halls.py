"""Halls in every state they can be in, lots, and the candidates of works: a part of `scripts.stage`."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from bidding.opening import causes, conducting, services, sessions, talking
from bidding.opening import queries as openings
from bidding.opening.models import HallObjection
from bidding.opening.tasks import advance_openings
from bidding.tender.models import Tender
from market.awards import services as awards
from market.notices import services as notices
from market.projects import standing
from market.projects.rules import Stage
from rulebook.actor import STRANGER, SYSTEM, Actor
from scripts import stage_panels
from tests import cast
from tests.cast import HETAO, MINUTE, WULIANG, YINSHAN
from tests.make import bidding_offers, market, registry
from tests.make.bidding import tender

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
HALF_HOUR = 1800
SLOTS = 6  # as few as will do: making keys is slow
PASSED = (HETAO, YINSHAN, WULIANG)
OBJECTIONS = ((HETAO, "一名在场人员没有登记身份"), (WULIANG, "解密时限没有事先告知"))


def fill(now: datetime) -> None:
    """The worlds, put around this instant."""
    earlier = now - 8 * MINUTE
    _between("T-2026-007", "草原生态监测站点设备采购", now - 3 * cast.HOUR)
    _second_session("T-2026-008", "湿地水位遥测系统采购", now - 3 * cast.HOUR, now)
    _paused("T-2026-009", "牧区学校取暖设备采购", earlier)
    _causes("T-2026-010", "城镇污水在线监测设备采购", now - 34 * MINUTE)
    _few("T-2026-011", "苏木防火瞭望设备采购", earlier)
    held = bidding_offers.opened_tender(3, **_of("T-2026-012", "社区微型消防站器材采购", now - cast.HOUR))
    _stopped("T-2026-074", "旗县应急广播设备采购", earlier)
    stage_panels.fill(held.project, now)
    stage_panels.draw_early(now)
    _lots(now)
    _works(now)


def _of(number: str, title: str, closes_at: datetime, **other: Any) -> dict[str, Any]:
    shown = market.project(number=number, title=title, published_at=closes_at - 21 * cast.DAY)
    return {"number": number, "project": shown, "closes_at": closes_at, "window": HALF_HOUR, "slots": SLOTS, **other}


def _between(number: str, title: str, closes_at: datetime) -> Tender:
    """Two envelopes: the technical ones were opened, the panel judges."""
    return bidding_offers.opened_tender(4, **_of(number, title, closes_at, envelopes="two"))


def _second_session(number: str, title: str, closes_at: datetime, now: datetime) -> None:
    """Two envelopes: three of four passed, and two of them have released their prices."""
    held = _between(number, title, closes_at)
    at = now - 4 * MINUTE
    with transaction.atomic():
        sessions.admit(project=held.project, passed={code: cast.NAMES[code] for code in PASSED}, at=at)
    sessions.open_session(project_number=number, by=cast.OFFICER, at=at)
    bidding_offers.halves_released(held, [HETAO, YINSHAN], at=at + MINUTE)


def _paused(number: str, title: str, closes_at: datetime) -> None:
    """One identity was checked, words were said, and then the host paused."""
    held = bidding_offers.open_hall(3, **_of(number, title, closes_at))
    at = closes_at + 2 * MINUTE
    bidding_offers.halves_released(held, [HETAO], at=at)
    common: dict[str, Any] = {"project_number": number, "at": at}
    talking.check_identity(
        bidder=HETAO, fits=True, reason="", deposit="not-asked", by_hand=False, by=cast.OFFICER, **common
    )
    talking.say(to="all", text="请各投标人核对清单后尽快解密。", by=cast.OFFICER, **common)
    talking.say(to="host", text="本单位网络中断，正在更换设备。", by=cast.THIRD, **common)
    talking.mute(bidder=YINSHAN, muted=True, reason="反复发送与开标无关的内容", by=cast.OFFICER, **common)
    raised = [bidding_offers.said("obj/1", code, {"text": text}, number=number, at=at) for code, text in OBJECTIONS]
    bidding_offers.heard(held, raised, at=at)
    seq = HallObjection.objects.get(opening__tender=held, organisation=HETAO).entry.seq
    services.answer_objection(objection_seq=seq, text="在场人员均已登记，异议不成立。", by=cast.OFFICER, **common)
    for name, why, until in (
        ("故障三号", "机房断电半分钟，已恢复", at - MINUTE / 2),
        ("故障四号", "出口线路中断，已经切换", at),
    ):
        conducting.report_incident(
            number=name, cause=why, since=until - MINUTE / 2, until=until, by=cast.OPERATOR, **common
        )
    conducting.confirm_incident(number="故障三号", by=cast.SUPERVISOR, **common)
    why = "一家投标人的网络中断，核实期间暂停计时"
    conducting.pause(project_number=number, reason=why, by=cast.OFFICER, at=closes_at + 3 * MINUTE)


def _causes(number: str, title: str, closes_at: datetime) -> None:
    """One of four bidders stayed away; the others are open, and it is to be said why the fourth is not."""
    held = bidding_offers.open_hall(4, **_of(number, title, closes_at))
    bidding_offers.halves_released(held, PASSED, at=closes_at + 2 * MINUTE)
    over = closes_at + MINUTE + timedelta(seconds=HALF_HOUR + held.drain)
    advance_openings(by=SYSTEM, at=over)
    bidding_offers.keys_released(held, at=over)
    talking.confirm_price(
        project_number=number, agrees=False, reason="唱出的金额与报价单不符，请核对", by=cast.PROVIDER, at=over
    )
    causes.state_cause(
        project_number=number, bidder=cast.LANGSHAN, cause="bidder", reason="该单位始终没有联系，电话无人接听",
        by=cast.OFFICER, at=over + MINUTE,
    )  # fmt: skip


def _few(number: str, title: str, closes_at: datetime) -> None:
    """Two bids where three are needed: not opened."""
    held = bidding_offers.closed_tender(2, **_of(number, title, closes_at))
    at = closes_at + 2 * MINUTE
    closing = openings.stand(held.project, at=at).facts.closing
    few = bidding_offers.said("few/1", cast.BUREAU, {"closing": closing, "min": held.min_bids}, number=number, at=at)
    bidding_offers.heard(held, [few], at=at)
    services.declare_too_few(project_number=number, by=cast.OFFICER, at=at)


def _lots(now: datetime) -> None:
    """Three lots of one batch; the first bidder has bid for the second."""
    for n, part in enumerate(("东段", "中段", "西段"), 1):
        number = f"T-2026-1{n}"
        shown = market.project(
            number=number, title=f"旗乡道养护设备采购（{part}）", batch="T-2026-B1", lot=n, most_lots=1,
            published_at=now - 5 * cast.DAY, price_cap=Decimal("480000.00") * n, budget=Decimal("500000.00") * n,
        )  # fmt: skip
        held = bidding_offers.open_tender(number=number, project=shown, closes_at=now + 16 * cast.DAY, slots=SLOTS)
        if n == 2:
            bidding_offers.sealed_bid(held, cast.PROVIDER, price="800000.00", at=now)


def _works(now: datetime) -> None:
    """Works whose candidates are published; one bidder objects. And works whose buyer has just received the report."""
    for number, title in (
        ("W-2026-001", "旗福利院消防改造工程"),
        ("W-2026-002", "苏木卫生院供暖管网改造工程"),
    ):
        shown = market.project(
            number=number, title=title, edition="ztb-2019", category="works", stage=Stage.PROPOSED,
            item="改造工程 1 项", published_at=now - 30 * cast.DAY,
        )  # fmt: skip
        tender(number=number, project=shown, closes_at=now - 2 * cast.DAY, keys=False)
        standing.note_leader(
            project=shown, org=YINSHAN, name="斯琴高娃", id_number=registry.id_number(2), certificate="建造师第77号",
            at=now - cast.HOUR,
        )  # fmt: skip
        market.proposal(shown, at=now - cast.HOUR)
    awards.publish_candidates(number="W-2026-001", by=cast.OFFICER, at=now - 30 * MINUTE)
    raised = awards.object_to_candidates(
        number="W-2026-001", text="第一候选人所报项目经理有在建工程，请核实。", by=cast.RIVAL, at=now - 20 * MINUTE
    )
    awards.answer_objection(
        number="W-2026-001", objection=str(raised.public_id), text="经核实，该项目已于上月竣工验收。", by=cast.OFFICER,
        at=now - 10 * MINUTE,
    )  # fmt: skip
    awards.object_to_candidates(
        number="W-2026-001", text="请公布第二候选人业绩的证明材料。", by=cast.PROVIDER, at=now - 5 * MINUTE
    )


def _stopped(number: str, title: str, closes_at: datetime) -> None:
    """Cancelled while the holders were releasing: one bidder had stayed away, nothing was opened."""
    held = bidding_offers.open_hall(3, **_of(number, title, closes_at))
    bidding_offers.halves_released(held, [HETAO, YINSHAN], at=closes_at + 2 * MINUTE)
    notices.end_by_hand(
        number=number, to=Stage.CANCELLED, ground="change", facts="主管部门调整规划，本项目不再实施。",
        by=cast.OFFICER, at=closes_at + 3 * MINUTE,
    )  # fmt: skip


def pages() -> list[Page]:
    """Every page of them, for whom it is different."""
    host, supervisor, bidder = cast.OFFICER, cast.SUPERVISOR, cast.PROVIDER
    everybody = (STRANGER, bidder, host, supervisor, cast.WITNESS, cast.HOLDER)
    halls: dict[str, tuple[str, tuple[Actor, ...]]] = {
        "hall-between": ("T-2026-007", (STRANGER, host)),
        "hall-price": ("T-2026-008", everybody),
        "hall-paused": ("T-2026-009", (STRANGER, bidder, host, supervisor)),
        "hall-causes": ("T-2026-010", (STRANGER, host, supervisor, cast.WITNESS)),
        "hall-few": ("T-2026-011", (STRANGER, host)),
        "hall-ended": ("T-2026-012", (STRANGER, bidder, host)),
        "hall-stopped": ("T-2026-074", (STRANGER, bidder, host)),
    }
    found = [(name, who, f"/projects/{number}/hall/") for name, (number, seen) in halls.items() for who in seen]
    found.append(("replay", STRANGER, "/projects/T-2026-012/hall/replay/"))
    found += [("lots", who, "/projects/T-2026-11/") for who in (STRANGER, bidder)]
    found += [
        ("lots-bid", bidder, "/projects/T-2026-11/bid/"),
        ("lots-sitting", bidder, "/projects/T-2026-11/bid/lots/"),
    ]
    found += [("candidates", who, "/projects/W-2026-001/award/") for who in (STRANGER, bidder, host)]
    found += stage_panels.pages("T-2026-012")
    found.append(("candidates-waiting", host, "/projects/W-2026-002/award/"))
    return found
