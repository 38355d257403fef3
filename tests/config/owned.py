"""One of every single thing that belongs to somebody, in each state in which what it lets out differs: all at NOON.

A moment is a thing in a state, as `case.noticed`; what fills the holes of its addresses stands beside it.
"""

import hashlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import joining
from accounts.factors.models import Passkey
from accounts.models import Delivery, SignUp, User
from accounts.reaching import services as reaching
from accounts.reaching.rules import Way
from accounts.regions import services as regions
from accounts.regions.rules import Act
from accounts.resets import services as resets
from accounts.resets.rules import Lost
from accounts.sessions.models import BrowserSession
from blacklist.cases import queries as cases_told
from blacklist.lists import services as lists
from blacklist.lists.rules import HEAD as LIST_HEAD
from documents.evidence import queries as evidence
from documents.evidence.models import Evidence
from documents.issued import queries as issued
from experts.affiliates import services as affiliates
from experts.affiliates.rules import Bond
from experts.certificates import services as certificates
from experts.certificates.rules import Proof
from experts.panels.models import Seat
from experts.registry import importing, lapses, staging
from experts.registry.conduct import Fault
from intermediaries.registry import importing as firms
from intermediaries.registry import keeping, leaving
from intermediaries.registry.models import Correction
from intermediaries.registry.rules import Outcome
from market.agency.models import Entrustment
from market.awards.models import Award, ResultObjection
from market.complaints import services as complaints
from market.complaints.rules import About
from market.complaints.rules import Outcome as Decided
from market.notices.rules import Type
from market.performance.models import Attachment
from market.projects.models import Project
from market.projects.rules import Stage
from market.purchases.models import SplitAlert
from market.selection import tasks as choosing
from market.tickets import services as tickets
from market.tickets.rules import COLUMNS
from people.colleagues import services as colleagues
from people.colleagues.models import Invitation
from people.entering.models import Applicant
from people.powers import services as powers
from proofs import tip
from rulebook.actor import SYSTEM, Actor, Role
from rulebook.calendar import day_in_china
from rulebook.credit_code import check_character
from supervision.monitors.services import raise_alert
from tests import cast
from tests.make import (
    accounts,
    agency,
    bidding,
    bidding_offers,
    blacklist,
    cases,
    choices,
    experts,
    market,
    performance,
    providers,
    purchases,
    registry,
    tips,
)
from tests.make import (
    auctions as auctioned,
)
from tests.make import (
    reaching as reached,
)
from tests.make.notifier import expert_of

NOON, DAY, HOUR = cast.NOON, cast.DAY, cast.HOUR
ON = day_in_china(NOON)
COLLEAGUE = Actor("00000000-0000-4000-8000-000000000091", Role.PROVIDER, cast.HETAO, "苏同事")
CODE = tip.code_of(bytes([9] * 17))
Moments = dict[str, dict[str, Any]]


def everything() -> Moments:
    """Every moment ↦ what its addresses are filled with."""
    accounts.world()
    accounts.keys()
    accounts.user(COLLEAGUE)
    for actor in (tips.INSPECTOR, tips.OUTSIDER):
        tips.regulator(actor)
    told: Moments = {"none": {}}
    for part in PARTS:
        told |= part()
    return told


def _of(row: Any) -> dict[str, Any]:
    return {"public_id": row.public_id}


def _letters() -> Moments:
    offered, agreed = agency.offered(), agency.agreed(title="生态环境局项目采购代理")
    paper = issued.of(f"agency:{agreed.public_id}")
    assert paper is not None
    return {
        "letter.offered": _of(offered), "letter.agreed": _of(agreed),
        "file.letter": _of(offered.file), "paper.closed": _of(paper),
    }  # fmt: skip


def _tips() -> Moments:
    tips.standing()
    tips.tell(CODE, "评标前有人打招呼")
    return {"tip.held": {"public_id": tips.held(CODE)}}


def _cases() -> Moments:
    """All against LANGSHAN, reported by the buyer's officer."""
    whom = {"subject": cast.LANGSHAN}
    told: dict[str, Any] = {
        "case.reported": cases.case(**whom), "case.noticed": cases.noticed(at=NOON - DAY, **whom),
        "case.decided": cases.decided(at=NOON - 10 * DAY, **whom),
        "case.served": cases.served(at=NOON - 20 * DAY, **whom)[0].case,
    }  # fmt: skip
    files = {f"file.{name}": evidence.of(cases_told.about(case, 1))[0] for name, case in told.items()}
    charge = evidence.of(cases_told.about(told["case.noticed"], 3))[0]
    return {
        **{name: _of(case) for name, case in told.items()}, **{name: _of(file) for name, file in files.items()},
        "file.charge": _of(charge), "restriction.shown": _of(told["case.served"].restrictions.get(kind="suspension")),
    }  # fmt: skip


def _grievances() -> Moments:
    """HETAO challenges and complains about purchases of the buyer; before the bureau."""
    told: Moments = {}
    for n, state in enumerate(("raised", "answered", "filed", "accepted", "decided")):
        project = market.project(number=f"T-2026-20{n}", stage=Stage.OPEN, notice_ends_at=NOON - DAY)
        market.notice(project)
        facts: dict[str, Any] = {"about": About.DOCUMENTS, "number": project.number, "by": cast.PROVIDER}
        step = complaints.challenge(points=["参数只有一家满足"], **facts, at=NOON - 2 * HOUR)
        if state != "raised":
            complaints.answer(public_id=step.public_id, text="参数不作调整", by=cast.OFFICER, at=NOON - HOUR)
        if state in ("raised", "answered"):
            told[f"challenge.{state}"] = _of(step)
            continue
        held = complaints.file(
            after=step.public_id, body=cast.BUREAU, points=step.points, request="责令修改", interest="供应商",
            **facts, at=NOON - HOUR,
        )  # fmt: skip
        if state != "filed":
            complaints.accept(public_id=held.public_id, by=cast.SUPERVISOR, at=NOON)
        if state == "decided":
            complaints.decide(
                public_id=held.public_id, outcome=Decided.UNFOUNDED, text="缺乏事实依据", by=cast.SUPERVISOR, at=NOON
            )
        told[f"complaint.{state}"] = _of(held)
    head = [column.name for column in COLUMNS]
    row = ["RX1", ON.isoformat(), "", "开标时间太早", "热线来电反映", "咨询", "", ""]
    (ticket,) = tickets.bring_in(table=[head, row], sha256="0" * 64, by=cast.SUPERVISOR, at=NOON)
    return told | {"ticket.open": _of(ticket)}


def _lists() -> Moments:
    line = [cast.NAMES[cast.YINSHAN], cast.YINSHAN, "（2026）内08执1号", "有履行能力拒不履行", "2026-03-01", ""]
    told: dict[str, Any] = {"source": "信用中国", "as_of": ON, "file_name": "名单.xlsx", "sha256": "a" * 64}
    issue = lists.stage(key="tax", table=[list(LIST_HEAD), line], **told, by=cast.SUPERVISOR, at=NOON)
    ban = blacklist.sanction(code=cast.LANGSHAN, name=cast.NAMES[cast.LANGSHAN])
    draft = blacklist.drafted(decision_no="河财采罚〔2026〕9号")
    return {"list.staged": _of(issue), "ban.shown": _of(ban), "ban.drafted": _of(draft)}


def _people() -> Moments:
    """HETAO's provider administers it; YINSHAN's, its own."""
    for head in (cast.PROVIDER, cast.RIVAL, cast.SECURITY):
        colleagues.appoint_first(person=head.person, by=SYSTEM, at=NOON)
    told: dict[str, Any] = {"role": "provider", "phone": "", "administers": False, "by": cast.PROVIDER, "at": NOON}
    row, token = colleagues.invite(name="其木格", **told)
    power = powers.give(person=COLLEAGUE.person, every=True, by=cast.PROVIDER, at=NOON)
    used = "a-word-that-was-used"
    Invitation.objects.create(
        organisation_id=cast.HETAO, by_user=accounts.user(cast.PROVIDER), role="provider", name="白音", sent_at=NOON,
        token_sha256=hashlib.sha256(used.encode()).hexdigest(), expires_at=NOON + DAY, used_at=NOON,
    )  # fmt: skip
    facts = {"code": "91150702MA0ND9T13F", "firm": "克鲁伦牧业有限公司", "name": "巴特尔", "phone": "13904700001"}
    waits = Applicant.objects.create(state="waiting", kind="buyer", promise="0" * 64, came_at=NOON, **facts)
    knows = joining.begin(
        name="李春",
        phone="13904700009",
        password="xiang-ban-yi-jian-shi",
        source="192.0.2.9",
        by=cast.STRANGER,
        at=NOON,
    )  # noqa: S106
    begun = SignUp.objects.create(
        kind="provider", phone="13904700008", facts=facts, password="!", promise="0" * 64, source="0", begun_at=NOON,
        expires_at=NOON + HOUR,
    )  # fmt: skip
    return {
        "colleague": {"person": COLLEAGUE.person}, "invitation.sent": {"invitation": row.public_id, "token": token},
        "invitation.used": {"token": used}, "invitation.none": {"token": "a-word-of-nobody"},
        "power": {"power": power.pk}, "entry.waits": {"applicant": waits.public_id},
        "sign-up": {"sign_up": knows.public_id}, "entry.begun": {"sign_up": begun.public_id},
    }  # fmt: skip


def _experts() -> Moments:
    experts.register(9)
    panel = experts.drawn_panel(experts.called_panel(number="T-2026-200"), played=False)
    seat = experts.invited(panel)[0]
    first = expert_of(seat)
    row = registry.application(cast.EXPERTS[9])
    proof = certificates.add(
        proof=Proof.TITLE, name="高级工程师", file=b"%PDF-1.7", valid_until=ON + DAY, by=cast.EXPERTS[9], at=NOON
    )
    missed = lapses.record(
        number=first.number, fault=Fault.CANCELLED, project="T-2026-201", on=ON, note="开评前取消", by=cast.OPERATOR,
        at=NOON,
    )  # fmt: skip
    staged = staging.stage(table=[list(importing.HEAD), registry.line(4)], by=cast.OPERATOR, at=NOON)
    return {
        "draw": {"draw_id": panel.draw_id}, "expert": {"expert": first.public_id},
        "application": {"application": row.public_id},
        "certificate": {"certificate": proof.public_id}, "lapse": {"lapse": missed.public_id},
        "workbook": {"staged": staged.public_id}, "employment": {"employment": first.employments.get().pk},
        "seat": {"invitation": seat.public_id, "public_id": seat.public_id},
    }  # fmt: skip


def asked_first(moments: Moments) -> Actor:
    """Whom the seat asks: everything else of an expert is his as well."""
    return experts.person_of(Seat.objects.get(public_id=moments["seat"]["invitation"]))


def _register() -> Moments:
    for n, actor in enumerate(choices.FIRMS[:3], 1):
        providers.entered(actor, at=NOON - 2 * DAY)
        if n == 1:
            providers.employed(actor, at=NOON - DAY)
    said: dict[str, Any] = {"code": cast.HETAO, "name": "某公民", "contact": "13800000000", "source": "", "at": NOON}
    objection = keeping.raise_objection(**said, text="住所已经搬迁。", by=cast.STRANGER)
    keeping.check(
        code=cast.HETAO, subject="办公场所", outcome=Outcome.TO_CORRECT, note="电话无人接听", due_on=ON,
        by=cast.SUPERVISOR, at=NOON,
    )  # fmt: skip
    claim = leaving.claim(
        code=cast.YINSHAN, name="苏布德", id_number=registry.id_number(1), left_on=ON, by=cast.RIVAL, at=NOON,
        statement="本人已离职，并书面通知原单位。",
    )  # fmt: skip
    code = "91152900MA0B00001"
    line = ["岱海测绘有限公司", code + check_character(code), "白音", "乌兰察布市", "集宁区", "测绘", "白音",
            "0474-820", "测绘资质", "乙级", "乙测150099", "自然资源厅", "2099-12-31"]  # fmt: skip
    batch = firms.stage(name="名录.xlsx", table=[list(firms.HEAD), line], by=cast.OPERATOR, at=NOON)
    bond = {"one": cast.HETAO, "one_name": "河套仪器", "other": cast.COLLEGE, "other_name": "河套学院", "until": None}
    tie = affiliates.declare(bond=Bond.HOLDING, **bond, since=ON - DAY, basis="公司章程", by=cast.PROVIDER, at=NOON)  # type: ignore[arg-type]
    return {
        "objection": {"objection": objection.public_id}, "correction": {"correction": Correction.objects.get().pk},
        "claim": {"claim": claim.public_id}, "batch": {"batch": batch.public_id},
        "tie": {"affiliation": tie.public_id, "act": "agree"},
    }  # fmt: skip


def _accounts() -> Moments:
    """The provider's own session, message and calendar, the witness's passkey, a reset of somebody of the bureau."""
    user = accounts.user(cast.PROVIDER)
    key = Passkey.objects.create(
        user=accounts.user(cast.WITNESS), name="办公电脑", credential_id="k", credential="", added_at=NOON
    )
    open_one = BrowserSession.objects.create(
        session_key="k" * 32, session_data="", expire_date=NOON + DAY, user=user, device="Android", place="",
        since=NOON, seen_at=NOON,
    )  # fmt: skip
    house = {"organisation_id": cast.BUREAU, "password": "!", "role": "supervisor"}
    lost = User.objects.create(username="bureau-1", name="塔娜", **house)
    reset = resets.ask_reset(
        user=lost, lost=Lost.FACTOR, reason="手机遗失", identity="当面核对", by=cast.SUPERVISOR, at=NOON
    )
    reached.post(cast.PROVIDER)
    mail, word = reached.named(cast.RIVAL, Way.EMAIL, "r@example.cn")
    calendar = reaching.open_calendar(user=user, names=False, by=cast.PROVIDER, at=NOON)
    regions.set_up(rows=({"code": "15", "name": "内蒙古自治区"},), by=SYSTEM, at=NOON)
    office = regions.propose(act=Act.ENTER, code="1507", name="呼伦贝尔市", by=cast.OPERATOR, at=NOON)
    return {
        "passkey": {"passkey": key.public_id}, "session": {"session": open_one.public_id},
        "reset": {"reset": reset.public_id}, "message": _of(Delivery.objects.filter(user=user).latest("pk")),
        "mail": {"contact": mail.pk, "word": word}, "calendar": {"key": calendar},
        "region": _of(office), "holder": {"person": cast.HOLDER.person},
    }  # fmt: skip


def _watched() -> Moments:
    project = market.project(number="T-2026-210", stage=Stage.FAILED)
    market.notice(project)
    alert = raise_alert(kind="clue.address", subject=project.log, fact="1", what="同一地址", project=project, at=NOON)
    return {"alert": _of(alert)}


def _contracts() -> Moments:
    """HETAO's with the buyer: a contract put forward, something handed over, ratings sealed and shown, an objection."""
    handed = performance.agreed(number="T-2026-211", at=NOON - DAY)
    performance.handed(handed, 1, at=NOON)
    told: Moments = {"delivery": {"number": "T-2026-211", "file": Attachment.objects.get().public_id}}
    for number, moment, sides in (
        ("T-2026-212", "rating.sealed", (cast.OFFICER,)), ("T-2026-213", "rating.shown", (cast.OFFICER, cast.PROVIDER))
    ):  # fmt: skip
        performance.completed(number=number, at=NOON)
        for by in sides:
            files = [SimpleUploadedFile("照片.pdf", performance.PAPER)] if by == cast.OFFICER else []
            performance.rated(number, by=by, level=2, points=(2,), files=files, at=NOON)
        told[moment] = _of(Evidence.objects.get(about__startswith="rating:", about__contains=number))
    project = market.project(number="T-2026-214", stage=Stage.AWARDED, stage_at=NOON - 9 * DAY)
    Award.objects.create(
        project=project, notice=market.notice(project, type=Type.AWARD), rank=1, organisation=cast.HETAO,
        name=cast.NAMES[cast.HETAO], amount=performance.AMOUNT, determined_by=cast.OFFICER.person,
        determined_at=NOON - 9 * DAY,
    )  # fmt: skip
    put = performance.put_forward("T-2026-214", amount="1000000.00", at=NOON)
    raised = ResultObjection.objects.create(
        project=project, organisation=cast.YINSHAN, name="-", person=cast.RIVAL.person, text="-", raised_at=NOON,
        due_at=NOON + DAY,
    )  # fmt: skip
    return told | {
        "file.contract": _of(put.file), "result.objection": {"number": "T-2026-214", "objection": raised.public_id},
    }  # fmt: skip


def _bought() -> Moments:
    """What the buyer buys in the supermarket, at the stages of each way of choosing; HETAO and YINSHAN take part."""
    told: Moments = {}

    def put(moment: str, project: Project) -> None:
        told[moment] = {"number": project.number}

    put("lots.draft", market.purchase(number="P-01", edition="zjcs-random", stage=Stage.DRAFT).project)
    for number, moment, apart, count in (("P-02", "lots.open", HOUR, 2), ("P-03", "lots.won", -HOUR, 3)):
        times = {"closes_at": NOON + apart, "selects_at": NOON + apart}
        row = market.purchase(number=number, edition="zjcs-random", need={}, **times)
        market.notice(row.project)
        choices.enrolled(row.project, *choices.FIRMS[:count], at=NOON - 2 * HOUR)
        put(moment, row.project)
    for _ in range(2):
        choosing.close_enrolment(by=SYSTEM, at=NOON)
        choices.sequenced(at=NOON)
    choices.drawn(Project.objects.get(number="P-03"), at=NOON)
    letter = Entrustment.objects.exclude(steps=None).get()
    entrusted = market.purchase(number="P-04", edition="zjcs-random", stage=Stage.DRAFT).project
    put("agent.draft", agency.entrust(entrusted, letter, confirmed=False))
    held = market.purchase(number="P-05", edition="zjcs-random", closes_at=NOON + HOUR, selects_at=NOON + HOUR)
    market.notice(held.project)
    put("agent.open", agency.entrust(held.project, letter))
    put("direct.open", purchases.published().project)
    for number, moment, edition, formula in (
        ("P-06", "quotes.open", "zjcs-price", "lowest"), ("P-07", "merit.open", "zjcs-merit", "points")
    ):  # fmt: skip
        row = market.purchase(
            number=number, edition=edition, closes_at=NOON + HOUR, selects_at=NOON + HOUR, need={}, price_known=False,
            formula={"key": formula, "params": {}},
        )  # fmt: skip
        sealed = bidding.tender(
            number=number, project=row.project, closes_at=NOON + HOUR, slots=6, factors=[], qualifications=[],
            price_weight=0, min_bids=1,
        )  # fmt: skip
        if moment == "quotes.open":
            bidding_offers.sealed_bid(sealed, cast.PROVIDER, price="2600.00", at=NOON - HOUR)
        put(moment, row.project)
    put("auction.called", auctioned.called("P-08", bidders=auctioned.BIDDERS[:3]).project)
    alert = SplitAlert.objects.create(
        project=Project.objects.get(number="P-02"),
        item="150000-PG-001",
        year=2026,
        amount=1,
        limit=1,
        earlier=[],
        raised_at=NOON,
    )
    return told | {"split": _of(alert), "item": {"code": purchases.ITEM}}


PARTS = (
    _letters,
    _tips,
    _cases,
    _grievances,
    _lists,
    _people,
    _experts,
    _register,
    _accounts,
    _watched,
    _contracts,
    _bought,
)
