"""Letters in every state and purchases under one, each waiting for the purchaser: of `scripts.stage`."""

from datetime import datetime

from market.agency import services
from market.agency.models import Entrustment
from market.projects.rules import Stage
from rulebook.actor import Actor
from tests import cast
from tests.make import agency as make
from tests.make import market
from tests.make.bidding import tender

Page = tuple[str, Actor, str]
DRAFT, OPEN, REPORTED, SERVICE = "T-2026-070", "T-2026-071", "T-2026-072", "T-2026-073"
WAITING, DECLINED = "环境监测车辆更新采购", "大气走航监测服务采购"


def fill(now: datetime) -> None:
    """One letter in force with four purchases, one that waits, one that was declined."""
    letter = make.agreed(at=now)
    make.offered(at=now, title=WAITING, single=True, works=frozenset({"prepare", "host"}), payer="owner", fee="不收取")
    declined = make.offered(at=now, title=DECLINED, categories=frozenset({"services"}))
    services.decline(
        public_id=declined.public_id, reason="本机构人员安排不开，请另行委托。", by=cast.AGENT_APPROVER, at=now
    )
    told = {"drafted_by": cast.AGENT_OFFICER.person, "approved_by": cast.AGENT_APPROVER.person}
    drafted = market.project(
        number=DRAFT, title="生态环境局实验室仪器采购", stage=Stage.DRAFT, submitted_at=now, approved_at=now,
        publish_at=now + 5 * cast.DAY, **told,
    )  # fmt: skip
    tender(number=DRAFT, project=make.entrust(drafted, letter, confirmed=False), closes_at=now + 30 * cast.DAY)
    shown = market.project(number=OPEN, title="污水在线监测设备采购", published_at=now - 3 * cast.DAY)
    tender(number=OPEN, project=make.entrust(shown, letter), closes_at=now + 18 * cast.DAY)
    service = market.purchase(
        number=SERVICE, stage=Stage.DRAFT, edition="zjcs-random", closes_at=now + 8 * cast.DAY,
        selects_at=now + 9 * cast.DAY, region="河套区",
        facts={"title": "监测站房竣工测绘", "submitted_at": now, "approved_at": now, "publish_at": now, **told},
    )  # fmt: skip
    make.entrust(service.project, letter, confirmed=False)
    reported = market.project(
        number=REPORTED, title="噪声自动监测系统采购", stage=Stage.PROPOSED, published_at=now - 30 * cast.DAY
    )
    tender(number=REPORTED, project=make.entrust(reported, letter), closes_at=now - 2 * cast.DAY)
    market.proposal(reported, at=now)


def pages() -> list[Page]:
    """The lists of both sides, a letter to write, to answer and in force; what each of the two sees of a purchase."""
    at = {row.title: row.get_absolute_url() for row in Entrustment.objects.all()}
    held = at[make.TITLE]
    return [
        ("agency-letter", cast.AGENT_OFFICER, at[DECLINED]),
        ("agency", cast.OFFICER, "/agency/"),
        ("agency", cast.AGENT_OFFICER, "/agency/"),
        ("agency-new", cast.OFFICER, "/agency/new/"),
        ("agency-letter", cast.OFFICER, held),
        ("agency-letter", cast.SUPERVISOR, held),
        ("agency-answer", cast.AGENT_OFFICER, at[WAITING]),
        ("agency-desk", cast.AGENT_OFFICER, "/desk/"),
        ("agency-draft", cast.OFFICER, f"/projects/{DRAFT}/edit/"),
        ("agency-draft", cast.AGENT_OFFICER, f"/projects/{DRAFT}/edit/"),
        ("agency-purchase-new", cast.AGENT_OFFICER, f"/purchases/new/?letter={held.split('/')[-2]}"),
        ("agency-purchase", cast.OFFICER, f"/purchases/{SERVICE}/edit/preview/"),
        ("agency-purchase", cast.AGENT_OFFICER, f"/purchases/{SERVICE}/edit/preview/"),
        ("agency-statistics", cast.STRANGER, "/statistics/trade/?by=agent"),
        ("agency-project", cast.AGENT_OFFICER, f"/projects/{OPEN}/"),
        ("agency-project", cast.STRANGER, f"/projects/{OPEN}/"),
        ("agency-report", cast.OFFICER, f"/projects/{REPORTED}/award/"),
        ("agency-report", cast.AGENT_OFFICER, f"/projects/{REPORTED}/award/"),
    ]
