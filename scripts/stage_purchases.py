"""Purchases of the supermarket in every state: a part of `scripts.stage`."""

from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal

from accounts import joining
from accounts.models import SignUp, User
from accounts.rules import Kind
from market.purchases import attaching, services
from market.purchases.models import Purchase, SplitAlert
from market.selection import services as selection
from market.selection import tasks
from rulebook.actor import SYSTEM, Actor
from rulebook.refusal import Refused
from tests import cast
from tests.make import choices, purchases
from tests.make import market as rows

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
DRAFT, SMALL, DIRECT, OPEN = "房产竣工测绘", "自建房测绘", "监测站竣工测绘", "草原站竣工测绘"
PAID = [{"share": "40", "when": "签订后"}, {"share": "60", "when": "验收合格后 30 日内"}]
WAITS, CHOSEN, SHORT_LIST = "P-2026-001", "P-2026-002", "P-2026-003"


def fill(now: datetime) -> None:
    """Drafts of an office and of a citizen, one that is picked for, one that is enrolled for, one that is chosen."""
    purchases.draft(title=DRAFT, at=now, demand="一栋楼，其他要求另行通知。", price_cap=Decimal(15_000), payment=PAID)
    attaching.attach(
        number=_number(DRAFT), name="需求说明.pdf", blob=b"%PDF-1.7 demand\n%%EOF\n", by=cast.OFFICER, at=now
    )
    purchases.draft(
        purchases.citizen(), title=SMALL, at=now, region="塔尔湖镇", address="塔尔湖镇", fund="own",
        fund_share=Decimal(), edition="zjcs-random", price_known=True, price_cap=Decimal(3_000),
    )  # fmt: skip
    purchases.published(title=DIRECT, at=now, price_cap=Decimal(24_000))
    purchases.published(title="气象站竣工测绘", at=now, price_cap=Decimal(24_000))
    with suppress(Refused):  # the third of the year: blocked, and the supervision is told
        services.submit(number=_number(DRAFT), by=cast.OFFICER, at=now)
    purchases.published(title=OPEN, at=now, edition="zjcs-random", price_known=True)
    selection.enrol(number=_number(OPEN), by=cast.PROVIDER, at=now)
    firms = (cast.PROVIDER, cast.RIVAL, cast.THIRD)
    asked = {"name": "李春", "phone": "13904700009", "password": "xiang-ban-yi-jian-shi"}
    joining.begin(**asked, source="192.0.2.9", by=cast.STRANGER, at=now)
    for number, edition in ((WAITS, "zjcs-random"), (CHOSEN, "zjcs-random"), (SHORT_LIST, "zjcs-credit")):
        closes = now - timedelta(minutes=5)
        row = rows.purchase(number=number, edition=edition, closes_at=closes, selects_at=closes, need={})
        rows.notice(row.project)
        choices.enrolled(row.project, *firms, at=closes - timedelta(minutes=5))
        if number != WAITS:
            tasks.close_enrolment(by=SYSTEM, at=closes + timedelta(minutes=1))
    choices.sequenced(at=now)
    tasks.close_enrolment(by=SYSTEM, at=now)
    for number in (CHOSEN, SHORT_LIST):
        choices.drawn(Purchase.objects.get(project__number=number).project, at=now)


def _number(title: str) -> str:
    return str(Purchase.objects.get(project__title=title).project.number)


def pages() -> list[Page]:
    """The steps of both wizards, the purchases, where one enrols, how one was chosen, the alerts."""
    draft, small = f"/purchases/{_number(DRAFT)}/", f"/purchases/{_number(SMALL)}/"
    who = User.objects.get(organisation__kind="citizen").as_actor()
    waits = SignUp.objects.filter(kind=Kind.CITIZEN, user=None).latest("pk")
    found: list[Page] = [
        ("purchase-new", cast.OFFICER, "/purchases/new/"),
        *((f"purchase-{step}", cast.OFFICER, f"{draft}edit/{step}/")
          for step in ("what", "conditions", "money", "method", "time", "preview")),
        *((f"citizen-{screen}", who, f"{small}edit/{screen}/") for screen in ("need", "where", "preview")),
        ("citizen-desk", who, "/desk/"),
        ("sign-up", cast.STRANGER, "/accounts/sign-up/"),
        ("sign-up-firm", cast.STRANGER, "/enter/enterprise/"),
        ("sign-up-code", cast.STRANGER, f"/accounts/sign-up/{waits.public_id}/"),
        ("house-rules", cast.STRANGER, "/rules/"),
        ("purchase-pick", cast.OFFICER, f"/purchases/{_number(DIRECT)}/choose/"),
        ("split-alerts", cast.SUPERVISOR, "/purchases/alerts/"),
        *(("split-alert", viewer, f"/purchases/alerts/{SplitAlert.objects.get().public_id}/")
          for viewer in (cast.SUPERVISOR, cast.OFFICER)),
        ("enrol", cast.RIVAL, f"/purchases/{_number(OPEN)}/enrol/"),
        ("enrolled", cast.PROVIDER, f"/purchases/{_number(OPEN)}/enrol/"),
    ]  # fmt: skip
    for name, number in (("direct", _number(DIRECT)), ("lots", _number(OPEN)), ("waits", WAITS), ("chosen", CHOSEN)):
        found += [(f"purchase-{name}", viewer, f"/purchases/{number}/") for viewer in (cast.STRANGER, cast.PROVIDER)]
    for name, number in (("choice", CHOSEN), ("short-list", SHORT_LIST)):
        found += [(name, viewer, f"/purchases/{number}/choice/") for viewer in (cast.STRANGER, cast.OFFICER)]
    return [*found, ("choice-award", cast.PROVIDER, f"/projects/{CHOSEN}/award/")]
