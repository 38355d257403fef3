"""What is being bought in the demo's supermarket: by an office, by a firm and by a citizen, each at another stage."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from market.purchases import services
from market.selection import direct
from market.selection import services as selection
from rulebook.actor import Actor

PLACE = {
    "contact_name": "乌云其木格",
    "contact_phone": "0470-6400001",
    "address": "新巴尔虎右旗阿拉坦额莫勒镇贝尔街 6 号",
}
OPEN: dict[str, Any] = {
    "item": "NM-SL-001", "title": "监测站取水井水资源论证", "region": "新巴尔虎右旗阿拉坦额莫勒镇", "days": 30,
    "demand": "取水井一口，年取水量 1.2 万立方米，编制水资源论证报告表并配合审查。", "scale": "年取水量 1.2 万立方米",
    "price_cap": Decimal(20_000), "price_known": True, "fund": "fiscal", "fund_share": Decimal(1),
    "edition": "zjcs-random", **PLACE,
}  # fmt: skip
CHOSEN: dict[str, Any] = {
    "item": "NM-SB-001", "title": "监测站业务用房水土保持方案", "region": "新巴尔虎右旗阿拉坦额莫勒镇", "days": 30,
    "demand": "业务用房一处，占地 0.6 公顷，编制水土保持方案报告表。", "price_cap": Decimal(18_000),
    "fund": "fiscal", "fund_share": Decimal(1), "edition": "zjcs-direct", **PLACE,
}  # fmt: skip
WHY = "三家报价 16,000、17,500、18,000 元，该机构最低，且去年为本旗两个同类项目编制的方案一次通过审查。"
BEGUN: dict[str, Any] = {"item": "NM-CH-001", "title": "站房竣工测绘", "demand": "须在呼伦贝尔市注册，其他要求面议。"}
OF_FIRM: dict[str, Any] = {
    "item": "NM-FK-001", "title": "草料库临时用地土地复垦方案", "region": "新巴尔虎右旗贝尔苏木", "days": 45,
    "demand": "临时用地 2.1 公顷，编制土地复垦方案。", "price_cap": Decimal(14_000), "fund": "own",
    "fund_share": Decimal(0), "edition": "rehearsal-auction", "auction": {
        "start": "14000.00", "step": "200.00", "minutes": 30, "window": 60, "most": 10,
    }, "contact_name": "高娃", "contact_phone": "0470-6400088", "address": "新巴尔虎右旗贝尔苏木",
}  # fmt: skip
OF_CITIZEN: dict[str, Any] = {
    "item": "NM-SB-001", "title": "牧家乐停车场水土保持方案", "region": "新巴尔虎右旗克尔伦苏木", "days": 20,
    "demand": "牧家乐停车场一处，占地 0.2 公顷，编制水土保持方案报告表。", "price_cap": Decimal(3_000),
    "price_known": True, "edition": "rehearsal-random",
    "contact_name": "包*", "contact_phone": "139****0001", "address": "新巴尔虎右旗克尔伦苏木",
}  # fmt: skip


def begin(people: dict[str, Actor], *, at: datetime) -> None:
    """One purchase that waits for providers, one chosen and published, one draft with something to set right; and in
    minutes, as rehearsals: a firm's auction with two enrolled, a citizen's choice by lot among three.

    people: actors of the demo by username.
    """
    office, second = people["officer"], people["approver"]
    for facts in (OPEN, CHOSEN):
        number = services.draft(facts=facts, by=office, at=at).project.number
        services.submit(number=number, by=office, at=at)
        services.approve(number=number, by=second, at=at)
    direct.pick(number=number, org=people["yinshan"].organisation, amount=Decimal(16_000), reason=WHY, by=office, at=at)
    services.draft(facts=BEGUN, by=office, at=at)
    closes_at = at + timedelta(minutes=15)
    times = {"closes_at": closes_at, "selects_at": closes_at + timedelta(minutes=1)}
    for username, facts, firms in (
        ("ranch", OF_FIRM | times, ("hetao", "yinshan")),
        ("13904700001", OF_CITIZEN, ("hetao", "yinshan", "kelulun")),
    ):
        own = people[username]
        number = services.draft(facts=facts, by=own, at=at).project.number
        services.submit(number=number, by=own, at=at)
        for firm in firms:
            selection.enrol(number=number, by=people[firm], at=at + timedelta(seconds=1))
