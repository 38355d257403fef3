"""Projects, notices and reports."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from ledger.services import publish_blob
from market.awards.models import Proposal
from market.catalogue.models import ItemVersion
from market.notices import index
from market.notices.models import Notice
from market.notices.rules import Type
from market.projects.models import Project
from market.projects.rules import METHODS, Edition, Stage
from market.purchases import notice as purchases
from market.purchases.models import Purchase
from proofs import canonical
from proofs.scoring import build_report
from rulebook.times import iso
from tests import cast
from tests.make import accounts

NUMBER = "T-2026-001"
PUBLISHED = cast.NOON - 30 * cast.DAY


def project(*, number: str = NUMBER, stage: Stage = Stage.OPEN, buyer: str = cast.BUYER, **other: Any) -> Project:
    """A project of the cast's buyer; anything but a draft was approved by the second officer and published."""
    accounts.organisation(buyer)
    accounts.user(cast.OFFICER)
    accounts.user(cast.APPROVER)
    facts: dict[str, Any] = {
        "title": "城区空气质量自动监测站设备采购",
        "buyer_id": buyer,
        "officer": cast.OFFICER.person,
        "contact_name": cast.OFFICER.name,
        "contact_phone": "0478-8200000",
        "address": "河套市河套区胜利路 1 号",
        "edition": "87-2017",
        "category": "goods",
        "item": "空气质量自动监测站",
        "demand": "监测站 2 套，含安装调试与一年运维。",
        "budget": Decimal("1300000.00"),
        "price_cap": Decimal("1280000.00"),
        "stage": stage.value,
        "stage_at": PUBLISHED,
        "drafted_by": cast.OFFICER.person,
        "drafted_at": PUBLISHED - cast.DAY,
        "publish_at": PUBLISHED,
    }
    if stage is not Stage.DRAFT:
        facts |= {
            "submitted_at": PUBLISHED - cast.HOUR,
            "approved_at": PUBLISHED - cast.HOUR,
            "approved_by": cast.APPROVER.person,
            "scheduled_at": PUBLISHED - cast.HOUR,
            "published_at": PUBLISHED,
            "notice_ends_at": PUBLISHED + 7 * cast.DAY,
        }
    return Project.objects.create(number=number, **(facts | other))


def purchase(
    *, number: str = "P-2026-001", edition: str = "zjcs-random", stage: Stage = Stage.OPEN,
    facts: dict[str, Any] | None = None, **other: Any,
) -> Purchase:  # fmt: skip
    """A purchase in the supermarket: three thousand yuan of the buyer's own money for an inspection, closing at NOON.

    facts: of its project.
    """
    told = {
        "title": "住宅加装电梯检测", "category": "services", "item": "房屋安全鉴定",
        "demand": "一栋六层住宅，出具鉴定报告。",
        "budget": Decimal("3000.00"), "price_cap": Decimal("3000.00"),
    }  # fmt: skip
    made = project(number=number, stage=stage, edition=edition, method=METHODS[Edition(edition)].value,
                   **(told | (facts or {})))  # fmt: skip
    own = {
        "item": "150000-PG-001", "fund": "own", "days": 10, "price_known": True, "closes_at": cast.NOON,
        "selects_at": cast.NOON,
    }  # fmt: skip
    return Purchase.objects.create(project=made, **(own | other))


AWARDED = {
    "winner": {"org": cast.YINSHAN, "name": cast.NAMES[cast.YINSHAN], "amount": "1100000.00", "rank": 1},
    "items": [], "experts": [], "notice_period": "1 个工作日", "report_sha256": "0" * 64, "documents": [],
    "objection": "七个工作日",
}  # fmt: skip


def notice(project: Project, *, type: Type = Type.TENDER, content: dict[str, Any] | None = None) -> Notice:
    """The next notice of a project."""
    number = project.notices.count() + 1
    heading = {
        "v": "notice/1",
        "project": project.number,
        "notice": number,
        "type": type.value,
        "edition": project.edition,
        "published_at": iso(PUBLISHED),
        "title": project.title,
        "buyer": {"org": project.buyer_id, "name": project.buyer.name, "address": project.address,
                  "contact": project.contact_name, "phone": project.contact_phone},
    }  # fmt: skip
    if project.notice_ends_at:
        period = project.procedure.notice.words
        heading |= {"notice_ends_at": iso(project.notice_ends_at), "notice_period": period}
    if content is None and (bought := Purchase.objects.filter(project=project).first()):
        content = purchases.content(bought, ItemVersion(name=project.item))
    if content is None and type is Type.AWARD:
        content = AWARDED
    text = canonical.dumps({**heading, **(content or {"documents": []})})
    made = Notice.objects.create(
        project=project, number=number, type=type.value, text=text.decode(), sha256=publish_blob(text),
        published_at=PUBLISHED,
    )  # fmt: skip
    index.write(made)
    return made


SCORING = {
    "price_weight": "30",
    "price_cap": "1280000.00",
    "small_deduction": "0.1",
    "category": "goods",
    "factors": [
        {"key": "f1", "name": "技术参数响应", "max": "40", "objective": True},
        {"key": "f2", "name": "实施与运维方案", "max": "30", "objective": False},
    ],
}


def report(number: str = NUMBER, *, quotes: dict[str, str] | None = None, seats: int = 5) -> dict[str, Any]:
    """Scenario 1: 1,000,000 / 1,100,000 (small) / 1,250,000 yuan with equal scores; the small enterprise leads."""
    quotes = quotes or {cast.HETAO: "1000000.00", cast.YINSHAN: "1100000.00", cast.WULIANG: "1250000.00"}
    bids = [
        {
            "org": org,
            "name": cast.NAMES[org],
            "quote": quote,
            "small": org in cast.SMALL,
            "compliant": True,
            "reasons": [],
            "scores": {str(seat): {"f1": "36.00", "f2": "25.00"} for seat in range(1, seats + 1)},
        }
        for org, quote in quotes.items()
    ]
    return build_report(number=number, scoring=SCORING, bids=bids, seats=seats)


EXPERTS = [
    {"name": f"专家{mark}", "employer": "河套学院", "cid": f"{n:064x}", "number": f"E-{n}", "salt": "00" * 32}
    for n, mark in enumerate("甲乙丙丁戊", start=1)
]  # fmt: skip


def proposal(project: Project, *, at: datetime = cast.NOON, **other: Any) -> Proposal:
    """The report of scenario 1 as the buyer received it."""
    told = report(project.number)
    ranked = sorted((bid for bid in told["bids"] if bid["compliant"]), key=lambda bid: bid["rank"])
    facts: dict[str, Any] = {
        "report": canonical.dumps(told).decode(),
        "salt": "11" * 32,
        "order": [bid["org"] for bid in ranked],
        "experts": EXPERTS,
        "received_at": at,
        "due_at": project.procedure.determination.due(at),
    }
    for org in facts["order"]:
        accounts.organisation(org)
    return Proposal.objects.create(project=project, **(facts | other))
