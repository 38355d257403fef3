"""Fill an empty house with what its pages need to be looked at, and say which pages there are for whom.

For `scripts.shots` and for the test that walks through every page. People are the cast's of the tests.
"""

import io
from datetime import datetime, timedelta
from decimal import Decimal

from accounts import inbox
from bidding.changes import services as changes
from bidding.guarantees import services as guarantees
from bidding.guarantees.models import Freed
from bidding.tender.models import Tender
from bidding.tender.services import take_documents
from blacklist.sanctions.models import Sanction
from experts.affiliates import services as affiliates
from experts.affiliates.rules import Bond
from experts.certificates import services as certificates
from experts.certificates.rules import Proof
from experts.registry import importing, lapses, staging, standing
from experts.registry.conduct import Fault
from experts.registry.models import Application, Expert, StagedImport
from experts.registry.rules import Post, Verdict
from experts.registry.services import judge
from intermediaries.registry import importing as provider_imports
from intermediaries.registry import keeping, leaving, renaming
from intermediaries.registry.models import Import
from intermediaries.registry.rules import Finding, Outcome
from market.catalogue import brought, offers
from market.catalogue import services as catalogue
from market.history import services as history
from market.notices import index
from market.notices.rules import Type
from market.projects.models import Project
from market.projects.rules import Stage
from portal.ocds import bulk
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china
from rulebook.credit_code import check_character
from scripts import (
    stage_agency,
    stage_auctions,
    stage_cases,
    stage_clues,
    stage_complaints,
    stage_contracts,
    stage_halls,
    stage_judged,
    stage_keeping,
    stage_people,
    stage_purchases,
    stage_quotes,
    stage_reaching,
    stage_regions,
    stage_signin,
    stage_supervision,
    stage_tips,
    stage_undo,
)
from supervision.flags import tasks as flags
from tests import cast
from tests.make import accounts, bidding_offers, blacklist, experts, market, providers, registry
from tests.make.bidding import tender

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
JUDGE = {"name": "宝音德力格尔", "employer": "河套学院"}
SEEN_ELSEWHERE = "xinbaerhuyouqi-2021"  # a set of transactions from before the house


def fill(now: datetime) -> None:
    """Rows for every page, put around this instant."""
    history.load(key=SEEN_ELSEWHERE, by=SYSTEM, at=now)
    accounts.world()
    accounts.keys()
    _register(now)
    _catalogue(now)
    _providers(now)
    inbox.post(
        to_user=cast.PROVIDER.person,
        subject="您获取的招标文件有更正",
        body="“城区空气质量自动监测站设备采购”的截止时间未变，请查看更正内容。",
        link="/notices/",
        at=now,
    )
    inbox.post(to_role=Role.OFFICER, subject="采购文件待审批", body="请在公布前完成审批。", link="/desk/", at=now)
    inbox.deliver(at=now)
    shown = market.project(number="T-2026-001", published_at=now - timedelta(days=9))
    tender(number="T-2026-001", project=shown, closes_at=now + timedelta(days=12, hours=3))
    _asked_and_answered("T-2026-001", now)
    tender(number="T-2026-002", stage=Stage.DRAFT, project=drafted(now))
    words = {"reasons": [{"text": "投标人不足三家", "law": "政府采购法 第36条"}]}
    ended = market.project(
        number="T-2026-003", title="旗医院医用气体系统采购", stage=Stage.FAILED, end_reasons=words["reasons"]
    )
    tender(project=ended)
    market.notice(ended, type=Type.FAILURE, content=words)
    awarded = market.project(number="T-2026-004", title="河道水质自动监测设备采购", stage=Stage.AWARDED)
    market.notice(awarded)
    market.notice(awarded, type=Type.AWARD, content=market.AWARDED | {"experts": [JUDGE]})
    earlier = now - timedelta(minutes=3)
    for number, title, play in (
        ("T-2026-005", "苏木卫生院医疗设备采购", bidding_offers.open_hall),
        ("T-2026-006", "旗第一小学供暖锅炉节能改造设备采购", bidding_offers.read_out_tender),
    ):
        shown = market.project(number=number, title=title, published_at=now - timedelta(days=21))
        play(3, number=number, project=shown, closes_at=earlier, window=1800)
    _guarantees("T-2026-006", now)
    stage_clues.fill("T-2026-006", now)
    stage_keeping.fill(now)
    stage_halls.fill(now)
    stage_judged.fill(now)
    stage_auctions.fill(now)
    stage_contracts.fill(now)
    stage_complaints.fill(now)
    stage_purchases.fill(now)
    stage_quotes.fill(now)
    stage_supervision.fill(now)
    stage_cases.fill(now)
    stage_tips.fill(now)
    stage_signin.fill(now)
    stage_agency.fill(now)
    stage_people.fill(now)
    for days in (1, 2, 3, 40):
        bulk.write(day_in_china(now - timedelta(days=days)))
    stage_reaching.fill(now)
    stage_undo.fill(now)
    stage_regions.fill(now)
    flags.note_results(by=SYSTEM, at=now)
    # Who has bid there is banned only now.
    banned = blacklist.sanction(code=cast.LANGSHAN, name=cast.NAMES[cast.LANGSHAN], region="15")
    blacklist.followed(banned.public_id, "stayed")
    blacklist.sanction(code=cast.WULIANG, name=cast.NAMES[cast.WULIANG], decision_no="河财采罚〔2026〕7号")
    blacklist.person(blacklist.PERSON, decision_no="河人社罚〔2026〕1号")
    blacklist.drafted(code=cast.WULIANG, name=cast.NAMES[cast.WULIANG], decision_no="河财采罚〔2026〕9号")


def _guarantees(number: str, now: datetime) -> None:
    """One went back, one is overdue, one is not due yet."""
    held = Tender.objects.get(project__number=number)
    held.guarantee = {"amount": "20000.00", "forms": ["bank"]}
    held.save()
    for code in (cast.YINSHAN, cast.WULIANG):
        Freed.objects.create(tender=held, organisation=code, at=now - timedelta(days=40))
    guarantees.note_refund(
        project_number=number, org=cast.WULIANG, on=(now - timedelta(days=36)).date(), by=cast.OFFICER, at=now
    )


def _asked_and_answered(number: str, now: datetime) -> None:
    """A question that waits, one that was answered, a new version of the documents, and a change to be approved."""
    take_documents(project_number=number, by=cast.PROVIDER, at=now)
    first = changes.ask(project_number=number, text="验收以到货还是以调试完成为准？", by=cast.PROVIDER, at=now)
    changes.propose(
        project_number=number, answers={str(first.public_id): "以安装调试完成、连续运行 72 小时为准。"},
        differences=[("第三章第 2 条", "交货期 30 日", "交货期 60 日")], may_affect=False,
        documents=[("招标文件.pdf", io.BytesIO(b"%PDF-1.7 second version"))], by=cast.OFFICER, at=now,
    )  # fmt: skip
    changes.approve(project_number=number, by=cast.APPROVER, at=now)
    changes.ask(project_number=number, text="是否接受进口备件？", by=cast.PROVIDER, at=now)
    changes.propose(
        project_number=number, text="联系电话改为 0478-8200001。", may_affect=False, by=cast.OFFICER, at=now
    )


def _catalogue(now: datetime) -> None:
    """Service items of two departments, one of them withdrawn, a bundle a part has outgrown, a draft half done."""
    before = now - 2 * cast.DAY
    for n, each in enumerate(brought.items()):
        by = cast.OFFICER if n < 12 else cast.OTHER_OFFICER
        catalogue.draft_item(code=each.code, content=each.content, by=by, at=before)
        catalogue.publish_item(code=each.code, effective_from=day_in_china(before), by=by, at=before)
        if each.code == "NM-SB-001":
            changed = (by, each.content | {"limit": "40 日"})
    catalogue.draft_item(code="NM-SB-001", content=changed[1], by=changed[0], at=now)
    catalogue.publish_item(code="NM-SB-001", effective_from=day_in_china(now), by=changed[0], at=now)
    guided = {"fee_type": "guided", "price_max": "12.00", "price_min": "8.00", "price_unit": "平方米",
              "fee_basis": "某发改价〔2026〕1号"}  # fmt: skip
    fixed = {"law": "某试行办法", "article": "第3条", "until": (day_in_china(now) + 20 * cast.DAY).isoformat()}
    catalogue.draft_item(code="NM-FK-002", content=changed[1] | {"name": "矿山复垦年度监测", "basis": [fixed]} | guided,
                         by=cast.OFFICER, at=now)  # fmt: skip
    catalogue.publish_item(code="NM-FK-002", effective_from=day_in_china(now), by=cast.OFFICER, at=now)
    catalogue.withdraw_item(code="NM-DX-001", reason="改由区域评估统一办理。", by=cast.OFFICER, at=now)
    half = {**brought.items()[0].content, "basis": [], "limit": "尽快", "conditions": "符合要求，并提供其他材料。"}
    catalogue.draft_item(code="NM-HP-002", content=half, by=cast.OFFICER, at=now)


def _providers(now: datetime) -> None:
    """One shopfront with everything, one nearly empty, an objection that waits and one that was answered."""
    providers.entered(at=now)
    providers.entered(cast.RIVAL, at=now, region="包头市", scope="土地复垦")
    for name in ("阴山土地技术有限公司", cast.NAMES[cast.YINSHAN]):  # another one, and back
        registered = {"since": day_in_china(now), "document": "变更〔2026〕12号"}
        renaming.rename(code=cast.YINSHAN, name=name, **registered, by=cast.RIVAL, at=now)
    providers.qualified(days=20, at=now)
    providers.qualified(days=None, number="CMA-2026-018", kind="检验检测机构资质认定", grade="", at=now)
    providers.employed(at=now)
    left = leaving.claim(
        code=cast.YINSHAN, name="苏布德", id_number=registry.id_number(1), left_on=day_in_china(now),
        statement="本人已离职，并书面通知原单位。", by=cast.RIVAL, at=now,
    )  # fmt: skip
    leaving.object_to(claim=left, text="劳动合同尚未解除，仍在缴纳社会保险。", by=cast.PROVIDER, at=now)
    offers.offer_service(item="NM-CH-001", price=Decimal("3000"), unit="宗", by=cast.PROVIDER, at=now)
    offers.offer_service(item="NM-AQ-001", by=cast.PROVIDER, at=now)
    keeping.check(
        code=cast.HETAO, subject="执业人员社保", outcome=Outcome.IN_ORDER, note="", by=cast.SUPERVISOR, at=now
    )
    keeping.check(
        code=cast.HETAO, subject="办公场所", outcome=Outcome.TO_CORRECT, note="登记的电话无人接听",
        due_on=day_in_china(now), by=cast.SUPERVISOR, at=now,
    )  # fmt: skip
    said = {
        "code": cast.HETAO,
        "name": "某公民",
        "contact": "13800000000",
        "source": "",
        "by": cast.STRANGER,
        "at": now,
    }
    first = keeping.raise_objection(**said, text="住所已经搬迁。")
    keeping.find(objection=first, finding=Finding.REJECTED, text="已实地核查，住所未变。", by=cast.SUPERVISOR, at=now)
    keeping.raise_objection(**said, text="测绘资质证书编号查无此证。")
    listed = [
        "岱海测绘有限公司", "91152900MA0B000017", "白音", "乌兰察布市", "集宁区 1 号", "测绘", "白音", "0474-8200001",
        "测绘资质", "乙级", "乙测150099", "内蒙古自治区自然资源厅", "2099-12-31",
    ]  # fmt: skip
    listed[1] = listed[1][:17] + check_character(listed[1][:17])
    provider_imports.stage(name="盟市名录.xlsx", table=[list(provider_imports.HEAD), listed], by=cast.OPERATOR, at=now)


def _register(now: datetime) -> None:
    """Experts, one of them with a history, and an application that waits for its second keeper."""
    experts.register(3)
    number = experts.expert(1).number
    board = {"code": cast.COLLEGE, "name": cast.NAMES[cast.COLLEGE], "post": Post.BOARD}
    standing.change_employer(number=number, **board, since=now.date() - timedelta(days=400), by=cast.EXPERT, at=now)
    standing.train(number=number, subject="政府采购法规", hours=8, on=now.date(), by=cast.OPERATOR, at=now)
    standing.look(dossier=experts.expert(1).user.dossier, purpose="核对联系方式以补发通知", by=cast.OPERATOR, at=now)
    missed = {"fault": Fault.CANCELLED, "project": "T-2026-001", "on": now.date(), "note": "开评前一小时取消"}
    missed_one = lapses.record(number=number, **missed, by=cast.OPERATOR, at=now)
    lapses.answer(lapse=missed_one, text="家中有人急病，已经电话告知。", by=experts.actor(1), at=now)
    row = registry.application(cast.EXPERTS[8], at=now)
    judge(application=row, verdict=Verdict.AGREE, note="", by=cast.OPERATOR, at=now)
    scan = {
        "proof": Proof.TITLE,
        "name": "高级工程师（计算机）",
        "file": b"%PDF-1.7",
        "valid_until": now.date() + cast.DAY,
    }
    certificates.add(**scan, by=cast.EXPERTS[8], at=now)
    registry.brought_in(2, 3, at=now)
    staging.stage(table=[list(importing.HEAD), registry.line(4), registry.line(5)], by=cast.OPERATOR, at=now)
    bond = {"one": cast.HETAO, "one_name": "河套仪器有限公司", "other": cast.COLLEGE, "other_name": "河套学院"}
    affiliates.declare(
        bond=Bond.HOLDING, **bond, since=now.date() - 400 * cast.DAY, until=None, basis="国家企业信用信息公示系统",
        by=cast.PROVIDER, at=now,
    )  # fmt: skip


def drafted(now: datetime) -> Project:
    """A draft that waits for the approval of a second person."""
    at = now + timedelta(days=2)
    return market.project(
        number="T-2026-002", title="学校供暖管网监测系统采购", stage=Stage.DRAFT, publish_at=at, submitted_at=now
    )


def pages() -> list[Page]:
    """Every page, for whom it is different."""
    found: list[Page] = []

    def page(name: str, path: str, *viewers: Actor) -> None:
        found.extend((name, viewer, path) for viewer in viewers or (cast.STRANGER,))

    for name, path in {
        "home": "/", "notices": "/notices/",
        "notices-none": "/notices/?type=contract", "notices-found": "/notices/?q=%E7%9B%91%E6%B5%8B&region=15",
        "buyers": "/buyers/", "buyer": f"/buyers/{cast.BUYER}/", "judges": "/judges/",
        "corrections": "/projects/T-2026-001/corrections/", "corrections-none": "/projects/T-2026-003/corrections/",
        "statistics": "/statistics/",
        "open-data": "/ocds/", "api": "/api/docs", "verify": "/verify/", "verify-receipt": "/verify/receipt/",
        "verify-scripts": "/verify/scripts/",
        "blacklist": "/blacklist/", "login": "/accounts/login/", "missing": "/nowhere/",
        "notice": "/projects/T-2026-001/notices/1/",
        "project": "/projects/T-2026-001/", "print": "/projects/T-2026-001/notice/print/",
        "draw": "/draws/P-2026-001/provider/1/",
        "log": "/projects/T-2026-006/log/", "failed": "/projects/T-2026-003/", "award": "/projects/T-2026-004/award/",
        "hall-before": "/projects/T-2026-001/hall/", "hall": "/projects/T-2026-005/hall/",
        "hall-read": "/projects/T-2026-006/hall/",
    }.items():  # fmt: skip
        page(name, path)
    page("judge", f"/judges/{index.judge_key(**JUDGE)}/")
    page("transactions", f"/statistics/{SEEN_ELSEWHERE}/")
    page("trade", "/statistics/trade/", cast.STRANGER, cast.SUPERVISOR)
    page("trade-rows", "/statistics/trade/rows/purchases/")
    page("trade-none", "/statistics/trade/?since=2020-01-01&until=2020-02-01")
    found.extend(stage_clues.pages("T-2026-006"))
    found.extend(stage_undo.pages())
    found.extend(stage_keeping.pages())
    page("services", "/catalogue/")
    page("services-none", "/catalogue/?q=%E4%BB%BB%E6%84%8F")
    page("service", "/catalogue/NM-HP-001/", cast.STRANGER, cast.OFFICER)
    page("service-withdrawn", "/catalogue/NM-DX-001/")
    page("service-priced", "/catalogue/NM-FK-002/")
    page("service-approvals", "/catalogue/approvals/")
    page("service-bundle", "/catalogue/NM-DP-001/")
    page("service-bundle-edit", "/catalogue/desk/NM-DP-001/", cast.OTHER_OFFICER)
    page("service-sheet", "/catalogue/NM-HP-001/sheet/")
    page("services-own", "/catalogue/desk/", cast.OFFICER)
    page("service-edit", "/catalogue/desk/NM-HP-002/", cast.OFFICER)
    page("providers", "/providers/", cast.STRANGER, cast.PROVIDER)
    page("providers-none", "/providers/?q=%E4%BB%BB%E6%84%8F")
    page("provider", f"/providers/{cast.HETAO}/")
    page("provider-empty", f"/providers/{cast.YINSHAN}/", cast.RIVAL)
    page("credit", f"/providers/{cast.HETAO}/credit/", cast.STRANGER, cast.PROVIDER)
    page("credit-rules", "/credit/rules/")
    page("provider-object", f"/providers/{cast.HETAO}/object/", cast.STRANGER, cast.PROVIDER)
    page("provider-own", "/providers/me/", cast.PROVIDER, cast.RIVAL)
    page("provider-services", "/services/", cast.PROVIDER)
    page("provider-staff", "/providers/me/staff/", cast.PROVIDER)
    page("provider-enter", "/providers/enter/", cast.THIRD)
    page("provider-register", "/providers/register/", cast.SUPERVISOR)
    page("provider-import", "/providers/register/import/", cast.SUPERVISOR)
    page("provider-staged", f"/providers/register/imports/{Import.objects.get().public_id}/", cast.SUPERVISOR)
    page("desk", "/desk/", cast.OFFICER, cast.APPROVER, cast.PROVIDER, cast.EXPERT, cast.SUPERVISOR, cast.WITNESS,
         cast.HOLDER, cast.AUDITOR)  # fmt: skip
    page("inbox", "/inbox/", cast.PROVIDER, cast.WITNESS)
    page("keys", "/keys/", cast.PROVIDER)
    page("holders", "/holders/", cast.HOLDER)
    page("holder-desk", "/holders/desk/", cast.HOLDER)
    page("ban", "/blacklist/new/", cast.SUPERVISOR, cast.OFFICER)
    page("ban-drafts", "/blacklist/drafts/", cast.SUPERVISOR, cast.SECOND_SUPERVISOR)
    ban = f"/blacklist/{Sanction.objects.get(code=cast.LANGSHAN).public_id}/"
    page("ban-one", ban, cast.STRANGER, cast.SUPERVISOR)
    page("ban-following", f"{ban}following/", cast.SUPERVISOR)
    page("new", "/projects/new/", cast.OFFICER)
    page("edit", "/projects/T-2026-002/edit/", cast.OFFICER)
    page("draft", "/projects/T-2026-002/", cast.OFFICER, cast.APPROVER)
    page("changes", "/projects/T-2026-001/changes/", cast.STRANGER, cast.PROVIDER, cast.OFFICER)
    page("correct", "/projects/T-2026-001/correct/", cast.OFFICER)
    page("changes", "/projects/T-2026-001/changes/", cast.APPROVER)
    page("guarantees", "/projects/T-2026-006/guarantees/", cast.OFFICER)
    page("bid", "/projects/T-2026-001/bid/", cast.PROVIDER)
    page("consent", "/projects/T-2026-001/bid/consent/", cast.PROVIDER)
    page("papers", "/projects/T-2026-006/papers/")
    page("replay-before", "/projects/T-2026-006/hall/replay/")
    page("copies", "/projects/T-2026-005/bid/copies/", cast.PROVIDER)
    page("receipts", "/projects/T-2026-005/bid/receipts/", cast.PROVIDER)
    page("project", "/projects/T-2026-001/", cast.PROVIDER, cast.OFFICER)
    page("hall", "/projects/T-2026-005/hall/", cast.PROVIDER, cast.OFFICER, cast.SUPERVISOR, cast.WITNESS, cast.HOLDER)
    page("hall-read", "/projects/T-2026-006/hall/", cast.PROVIDER, cast.OFFICER, cast.SUPERVISOR,
         cast.WITNESS, cast.HOLDER)  # fmt: skip
    page("panel", "/projects/T-2026-006/panel/", cast.OFFICER)
    page("evaluation", "/projects/T-2026-006/evaluation/", cast.OFFICER)
    page("invitations", "/experts/invitations/", cast.EXPERT)
    page("expert-apply", "/experts/apply/", cast.EXPERTS[8], cast.EXPERTS[9])
    page("experts-looks", "/experts/register/looks/", cast.SUPERVISOR)
    page("experts-workbooks", "/experts/register/workbooks/", cast.SUPERVISOR)
    page("expert-enter", "/experts/enter/")
    page("experts-slips", "/experts/register/slips/", cast.OPERATOR)
    page("experts-staged", f"/experts/register/imports/{StagedImport.objects.get(state='waiting').public_id}/",
         cast.SUPERVISOR)  # fmt: skip
    page("affiliations", "/affiliates/", cast.PROVIDER, cast.SUPERVISOR)
    page("expert-own", "/experts/me/", cast.EXPERT)
    page("experts", "/experts/register/", cast.SUPERVISOR)
    page("expert-kept", f"/experts/register/{Expert.objects.get(number='expert-001').public_id}/", cast.SUPERVISOR)
    page("expert-applied", f"/experts/applications/{Application.objects.get().public_id}/", cast.SUPERVISOR)
    others = (
        stage_halls, stage_judged, stage_auctions, stage_cases, stage_contracts, stage_purchases, stage_quotes,
        stage_complaints, stage_supervision,
        stage_tips, stage_reaching, stage_regions, stage_people, stage_signin, stage_agency,
    )  # fmt: skip
    return found + [each for other in others for each in other.pages()]
