"""Contracts under way and over, and what both sides say of each other: a part of `scripts.stage`."""

from datetime import datetime, timedelta
from decimal import Decimal

from documents.issued import services as papers
from intermediaries.ratings import services as ratings
from market.awards.models import Award, Letter
from market.contracts import letters
from market.contracts import services as contracts
from market.notices.rules import Type
from market.performance import ending, money, services
from market.projects.rules import Stage
from rulebook.actor import STRANGER, SYSTEM, Actor
from rulebook.calendar import day_in_china
from tests import cast
from tests.make import market, performance

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
UNDER_WAY, TO_RATE, RATED, TO_AGREE = "T-2026-031", "T-2026-032", "T-2026-033", "T-2026-034"
SENT_BACK = "T-2026-035"
AGAIN = {"amount": str(performance.AMOUNT), "payment": "分三期支付，每期验收后付清"}


def fill(now: datetime) -> None:
    """One with everything that can go wrong, one to be rated, one that was rated low."""
    begun = now - timedelta(days=30)
    made = performance.agreed(number=UNDER_WAY, title="矿山地质环境监测服务", at=begun)
    who = {"number": UNDER_WAY, "by": cast.PROVIDER}
    performance.handed(made, 1, at=begun + timedelta(days=20))
    services.inspect(
        number=UNDER_WAY, milestone=1, accepted=False, reasons="缺少三号点位的监测数据。", by=cast.OFFICER,
        at=begun + timedelta(days=22),
    )  # fmt: skip
    performance.handed(made, 1, at=now - timedelta(days=1))
    ending.give_notice(**who, grounds="业主长期不提供场地。", files=[performance.given("催告函.pdf")], at=now)
    ending.reply(number=UNDER_WAY, agrees=False, text="场地已于上月移交。", by=cast.OFFICER, at=now)
    money.record_invoice(**who, invoice="发票00012345", amount=Decimal(400_000), issued_on=day_in_china(now), at=now)
    paid = money.record_payment(
        number=UNDER_WAY, amount=Decimal(100_000), paid_on=day_in_china(now), reference="电汇凭证第77号，首笔", at=now,
        by=cast.OFFICER,
    )  # fmt: skip
    answered = "账户未收到该笔款项，请核对账号"
    money.answer_payment(**who, payment=paid.public_id, received=False, text=answered, at=now)
    performance.put_forward(_sent_back(TO_AGREE, now), at=now, **AGAIN)
    _sent_back(SENT_BACK, now)
    Letter.objects.create(award=made.award)
    papers.announce_certificate(by=SYSTEM, at=now)
    letters.issue_letter(award=made.award, by=SYSTEM, at=now)
    performance.completed(number=TO_RATE, title="草原生态修复评估服务", at=now)
    performance.completed(number=RATED, title="排污许可技术审查服务", at=now)
    performance.rated(RATED, by=cast.OFFICER, points=(2, 3), level=2, at=now)
    performance.rated(RATED, by=cast.PROVIDER, points=(4,), at=now)
    ratings.answer(number=RATED, side="provider", text="已补派两名工程师，整改完毕。", by=cast.PROVIDER, at=now)


def _sent_back(number: str, now: datetime) -> str:
    """A purchase whose contract the winner sent back; its number."""
    begun = now - timedelta(days=5)
    project = market.project(number=number, title="苏木应急广播设备采购", stage=Stage.AWARDED, stage_at=begun)
    Award.objects.create(
        project=project, notice=market.notice(project, type=Type.AWARD), rank=1, organisation=cast.HETAO,
        name=cast.NAMES[cast.HETAO], amount=performance.AMOUNT, determined_by=cast.OFFICER.person, determined_at=begun,
    )  # fmt: skip
    performance.put_forward(number, amount=str(performance.AMOUNT), at=now)
    contracts.send_back(number=number, reasons="交付地点与招标文件不一致，请改正", by=cast.PROVIDER, at=now)
    return number


def pages() -> list[Page]:
    """Their pages."""
    under_way = f"/projects/{UNDER_WAY}/performance/"
    return [
        *(("performance", viewer, under_way) for viewer in (STRANGER, cast.OFFICER, cast.PROVIDER)),
        *(("contract-put", viewer, f"/projects/{TO_AGREE}/award/") for viewer in (cast.OFFICER, cast.PROVIDER)),
        ("contract-put", cast.OFFICER, f"/projects/{SENT_BACK}/award/"),
        ("contract-made", STRANGER, f"/projects/{UNDER_WAY}/award/"),
        ("paper", STRANGER, f"/papers/{Letter.objects.get(award__project__number=UNDER_WAY).paper.public_id}/"),
        ("certificate", STRANGER, "/papers/certificate/"),
        ("rate", cast.OFFICER, f"/projects/{TO_RATE}/ratings/"),
        ("ratings", STRANGER, f"/projects/{RATED}/ratings/"),
        ("ratings-of", STRANGER, f"/providers/{cast.HETAO}/ratings/"),
        ("follow-ups", cast.SUPERVISOR, "/ratings/follow-ups/"),
    ]
