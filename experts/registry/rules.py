"""Who may apply, who stays, who may enter a pool. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from rulebook.actor import Actor, Role
from rulebook.law import Article
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason

RECUSAL = Article("政府采购法实施条例", "第9条")
BARRED = Article("政府采购法实施条例", "第75条")
POOL_ENTRY = Article("政府采购评审专家管理办法", "第6条")
POOL_REVIEW = Article("政府采购评审专家管理办法", "第9条")
POOL_CHANGE = Article("政府采购评审专家管理办法", "第10条")
POOL_EXIT = Article("政府采购评审专家管理办法", "第11条")

# The house's own short keys, kept in every edition of the catalogue.
SPECIALTIES: Mapping[str, str] = {
    "A-office": "办公设备",
    "A-it": "信息技术",
    "A-medical": "医疗设备",
    "A-vehicle": "车辆与机械",
    "A-education": "教学仪器",
    "C-survey": "勘察测绘",
    "C-design": "规划设计",
    "C-cost": "造价咨询",
    "C-audit": "财务与审计",
    "C-law": "法律服务",
}


class Title(StrEnum):
    """What an applicant's professional title is, or is like."""

    SENIOR = "senior"  # 高级、副高级
    MIDDLE = "middle"  # 中级
    LIKE_SENIOR = "like-senior"  # 同等专业水平
    LIKE_MIDDLE = "like-middle"
    NONE = "none"


@dataclass(frozen=True)
class Entry:
    """What an edition of the law asks of an applicant.

    years: least years in the field for each title that is enough.  below: years of age one must not have reached.
    clean: years before the application without a bar.  most: specialties of one expert, the house's own number.
    """

    edition: str
    law: Article
    years: Mapping[Title, int]
    below: int
    clean: int
    most: int


# 财库〔2016〕198号: 高级 or its like; 中级 or its like with 8 years; under 70; three years without misconduct.
ENTRY = Entry(
    "财库〔2016〕198号", POOL_ENTRY,
    {Title.SENIOR: 0, Title.LIKE_SENIOR: 0, Title.MIDDLE: 8, Title.LIKE_MIDDLE: 8}, below=70, clean=3, most=3,
)  # fmt: skip
MOST_SPECIALTIES = ENTRY.most
COOLING_YEARS = 3  # an employer counts as one's own for so long after one has left it
REVIEW_YEARS = 1  # between two reviews


class ApplicationState(StrEnum):
    """How far an application is."""

    SUBMITTED = "submitted"
    CHECKED = "checked"  # by a first keeper
    RETURNED = "returned"  # for the applicant to mend
    ACCEPTED = "accepted"  # by a second keeper
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_A = ApplicationState
APPLICATION_LIFE = Machine(
    {
        _A.SUBMITTED: frozenset({_A.CHECKED, _A.RETURNED, _A.REFUSED, _A.WITHDRAWN}),
        _A.CHECKED: frozenset({_A.ACCEPTED, _A.RETURNED, _A.REFUSED, _A.WITHDRAWN}),
        _A.RETURNED: frozenset({_A.SUBMITTED, _A.WITHDRAWN}),
    },
    code="expert.application",
)
UNDER_WAY = frozenset({_A.SUBMITTED, _A.CHECKED})


class Verdict(StrEnum):
    """What a keeper says of an application."""

    AGREE = "agree"
    RETURN = "return"
    REFUSE = "refuse"


class Standing(StrEnum):
    """How an expert stands in the register."""

    ENROLLED = "enrolled"
    SUSPENDED = "suspended"  # did not pass a yearly review
    LEFT = "left"


STANDING_LIFE = Machine(
    {
        Standing.ENROLLED: frozenset({Standing.SUSPENDED, Standing.LEFT}),
        Standing.SUSPENDED: frozenset({Standing.ENROLLED, Standing.LEFT}),
        Standing.LEFT: frozenset({Standing.ENROLLED}),  # by a new application
    },
    code="expert.standing",
)


class Post(StrEnum):
    """How somebody is tied to an organisation."""

    MAIN = "main"  # the employer; one at a time
    PART_TIME = "part-time"
    BOARD = "board"  # director or supervisor
    OWNER = "owner"  # controls it


class Candidate(Protocol):
    """What a rule needs to know of an expert."""

    employer_code: str
    state: str
    review_due_on: date | None
    on_leave_from: date | None
    on_leave_until: date | None
    barred_until: date | None

    @property
    def employers(self) -> Iterable[tuple[str, date | None]]:
        """Credit codes of other and former employers, with the last day; None while it lasts."""


# Why somebody is not in a pool: code → (sentence, law). The codes are kept with the draw, one for each person left out.
EXCLUSIONS: Mapping[str, tuple[str, Article | None]] = {
    "employer-of-buyer": ("任职于采购人", RECUSAL),
    "employer-of-bidder": ("任职于投标人", RECUSAL),
    "employer-of-agent": ("任职于代理机构", RECUSAL),
    "employer-supervises": ("任职于监督管理部门", RECUSAL),
    "was-employer-of-buyer": ("三年内曾任职于采购人", None),
    "was-employer-of-bidder": ("三年内曾任职于投标人，或者担任其董事、监事、控股股东", RECUSAL),
    "was-employer-of-agent": ("三年内曾任职于代理机构", None),
    "left": ("已退出专家库", POOL_EXIT),
    "suspended": ("年度复核未通过，暂停抽取", None),
    "review-overdue": ("年度复核已逾期", None),
    "barred": ("处于禁止参加评审期内", BARRED),
    "on-leave": ("请假中", None),
    "called-before": ("本项目此前已被抽取", RECUSAL),
    "employer-on-panel": ("同单位已有人在评审小组", None),
}


# A former employer keeps somebody out for some years where he would have been kept out as its employee.
FORMER: Mapping[str, str] = {
    "employer-of-buyer": "was-employer-of-buyer",
    "employer-of-bidder": "was-employer-of-bidder",
    "employer-of-agent": "was-employer-of-agent",
    **{f"affiliate-of-{whom}": f"was-affiliate-of-{whom}" for whom in ("buyer", "bidder", "agent")},
}


def later(day: date, *, years: int) -> date:
    """The same day so many years on; 1 March for a 29 February that is missing."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def left_out_because(
    expert: Candidate, *, avoid: Mapping[str, str], on: date, called_before: bool = False
) -> str | None:
    """The code why this expert is not in the pool; None when he is.

    avoid: credit code of an employer → its exclusion code.
    Law: 政府采购法实施条例 第9条.
    """
    if called_before:
        return "called-before"
    if (code := avoid.get(expert.employer_code)) is not None:
        return code
    for code_of_one, until in expert.employers:
        if (code := avoid.get(code_of_one)) is None:
            continue
        if until is None or on <= until:
            return code
        if code in FORMER and on < later(until, years=COOLING_YEARS):
            return FORMER[code]
    if expert.state != Standing.ENROLLED:
        return "left" if expert.state == Standing.LEFT else "suspended"
    if expert.barred_until is not None and on <= expert.barred_until:
        return "barred"
    if expert.on_leave_from is not None and expert.on_leave_from <= on and (
        expert.on_leave_until is None or on <= expert.on_leave_until
    ):  # fmt: skip
        return "on-leave"
    if expert.review_due_on is not None and on > expert.review_due_on:
        return "review-overdue"
    return None


def why_not_keep_register(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against changing the register: its keepers do, nobody who buys or bids."""
    if by.role not in (Role.OPERATOR, Role.SUPERVISOR, Role.SYSTEM):
        return (Reason("expert.not-keeper", Kind.NOT_YOURS, "仅专家库管理人员可维护专家名册"),)
    return ()


def why_not_take_leave(*, own: bool, by: Actor, first: date, last: date | None) -> tuple[Reason, ...]:
    """Reasons against a leave: it is the expert's own to take, and ends after it begins."""
    if not own or by.role is not Role.EXPERT:
        return (Reason("expert.not-own-leave", Kind.NOT_YOURS, "只能为自己请假"),)
    if last is not None and last < first:
        return (Reason("expert.leave-backwards", Kind.NOT_VALID, "请假的结束日期早于开始日期"),)
    return ()


def why_not_enrol(
    *, number: str, specialties: list[str], number_taken: bool, known: Collection[str] = SPECIALTIES
) -> tuple[Reason, ...]:
    """Reasons against entering somebody in the register.  known: the keys of the catalogue in force.

    Law: 政府采购评审专家管理办法 第6条.
    """
    reasons: tuple[Reason, ...] = ()
    if not number.strip() or number_taken:
        reasons += (Reason("expert.number", Kind.NOT_VALID, "专家编号为空或已被使用"),)
    return reasons + why_not_specialties(specialties, known=known)


def why_not_specialties(keys: Collection[str], *, known: Collection[str]) -> tuple[Reason, ...]:
    """Reasons against somebody's specialties."""
    reasons: tuple[Reason, ...] = ()
    if not 1 <= len(set(keys)) <= MOST_SPECIALTIES:
        reasons += (
            Reason("expert.specialties", Kind.NOT_VALID, "评审专业须为1至{most}个", POOL_ENTRY,
                   {"most": MOST_SPECIALTIES}),
        )  # fmt: skip
    if unknown := sorted(set(keys) - set(known)):
        reasons += (
            Reason("expert.unknown-specialty", Kind.NOT_VALID, "没有这个评审专业：{key}", None, {"key": unknown[0]}),
        )
    return reasons


def why_not_qualified(
    *, title: Title, field_since: int, birthday: date | None, barred_until: date | None, on: date
) -> tuple[Reason, ...]:
    """Reasons of the law against an applicant.  field_since: the year in which work in the field began.

    Law: 政府采购评审专家管理办法 第6条.
    """
    reasons: tuple[Reason, ...] = ()
    if title not in ENTRY.years:
        reasons += (Reason("expert.title", Kind.NOT_VALID, "须具有中级以上专业技术职称或者同等专业水平", POOL_ENTRY),)
    elif on.year - field_since < ENTRY.years[title]:
        reasons += (
            Reason("expert.years", Kind.NOT_VALID, "中级职称须从事相关领域工作满{years}年", POOL_ENTRY,
                   {"years": ENTRY.years[title]}),
        )  # fmt: skip
    if field_since > on.year or (birthday is not None and field_since < birthday.year + 14):
        reasons += (Reason("expert.since", Kind.NOT_VALID, "从事相关领域工作的起始年份不可能"),)
    if birthday is not None and on >= later(birthday, years=ENTRY.below):
        reasons += (
            Reason("expert.age", Kind.NOT_VALID, "须不满{below}周岁", POOL_ENTRY, {"below": ENTRY.below}),
        )  # fmt: skip
    if barred_until is not None and on < later(barred_until, years=ENTRY.clean):
        reasons += (
            Reason("expert.bad-record", Kind.NOT_VALID, "申请前{clean}年内有不良行为记录", POOL_ENTRY,
                   {"clean": ENTRY.clean}),
        )  # fmt: skip
    return reasons


def why_not_apply(*, standing: Standing | None, under_way: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against applying at all.  standing: in the register, None for somebody who never was.

    Law: 政府采购评审专家管理办法 第6条.
    """
    if by.role is not Role.EXPERT:
        return (Reason("expert.not-applicant", Kind.NOT_YOURS, "请用评审专家账户登录后由本人申请"),)
    if standing not in (None, Standing.LEFT):
        return (Reason("expert.enrolled-already", Kind.NOT_NOW, "您已在专家库中"),)
    if under_way:
        return (Reason("expert.applied-already", Kind.NOT_NOW, "您的申请正在审核，不能再次提交"),)
    return ()


def why_not_promise(promised: bool) -> tuple[Reason, ...]:
    """Reasons against an application without the promise to judge independently."""
    if not promised:
        text = "须承诺以独立身份参加评审，依法履行职责并承担相应法律责任"
        return (Reason("expert.no-promise", Kind.NOT_VALID, text, POOL_ENTRY),)
    return ()


def why_not_withdraw(*, own: bool) -> tuple[Reason, ...]:
    """Reasons against taking an application back: it is the applicant's own to take back."""
    if not own:
        return (Reason("expert.not-own-application", Kind.NOT_YOURS, "只能撤回自己的申请"),)
    return ()


def why_not_judge(*, state: ApplicationState, verdict: Verdict, note: str, first: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against a keeper's word on an application.  first: public id of who checked it first.

    Law: 政府采购评审专家管理办法 第9条.
    """
    if reasons := why_not_keep_register(by=by):
        return reasons
    if state not in UNDER_WAY:
        return (Reason("expert.application-not-waiting", Kind.NOT_NOW, "这份申请不在审核中"),)
    if state is ApplicationState.CHECKED and first == by.person:
        return (Reason("expert.second-person", Kind.NOT_YOURS, "复核须由初审以外的另一人办理"),)
    if verdict is not Verdict.AGREE and not note.strip():
        return (Reason("expert.no-note", Kind.NOT_VALID, "退回或者不予入库须写明理由", POOL_REVIEW),)
    return ()


def why_not_own(*, own: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against changing what an expert says of himself."""
    if not own or by.role is not Role.EXPERT:
        return (Reason("expert.not-own", Kind.NOT_YOURS, "只能变更本人的信息"),)
    return ()


def why_not_exit(*, own: bool, reason: str, decision: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against an exit: one's own wish, or a keeper's by a decision with its number and reason.

    Law: 政府采购评审专家管理办法 第11条.
    """
    if not own and (reasons := why_not_keep_register(by=by)):
        return reasons
    if not own and not (reason.strip() and decision.strip()):
        return (Reason("expert.no-decision", Kind.NOT_VALID, "解聘须写明决定文号和理由", POOL_EXIT),)
    return ()


def why_not_review(*, passed: bool, note: str, birthday: date | None, on: date, by: Actor) -> tuple[Reason, ...]:
    """Reasons against the outcome of a yearly review.

    Law: 政府采购评审专家管理办法 第11条.
    """
    if reasons := why_not_keep_register(by=by):
        return reasons
    if not passed and not note.strip():
        return (Reason("expert.review-note", Kind.NOT_VALID, "复核不通过须写明理由"),)
    if passed and birthday is not None and on >= later(birthday, years=ENTRY.below):
        return (Reason("expert.age-reached", Kind.NOT_VALID, "已满{below}周岁，应办理退出", POOL_EXIT,
                       {"below": ENTRY.below}),)  # fmt: skip
    return ()


def why_not_stay(*, state: Standing) -> tuple[Reason, ...]:
    """Reasons against deciding anything of somebody who has left."""
    if state is Standing.LEFT:
        return (Reason("expert.has-left", Kind.NOT_NOW, "该专家已退出专家库"),)
    return ()


def next_review(*, on: date, birthday: date | None) -> date:
    """When the next review is due: in a year, or on the last day before the age limit."""
    due = later(on, years=REVIEW_YEARS)
    if birthday is None:
        return due
    return min(due, later(birthday, years=ENTRY.below) - timedelta(days=1))


def why_not_training(*, subject: str, hours: int, on: date, today: date, by: Actor) -> tuple[Reason, ...]:
    """Reasons against writing down a training."""
    if reasons := why_not_keep_register(by=by):
        return reasons
    if not subject.strip() or not 1 <= hours <= 200 or on > today:
        return (Reason("expert.training", Kind.NOT_VALID, "培训须有内容、1至200学时和不晚于今天的日期"),)
    return ()


def why_not_look(*, own: bool, purpose: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against seeing somebody's particulars in full."""
    if not own and (reasons := why_not_keep_register(by=by)):
        return reasons
    if not own and len(purpose.strip()) < 4:
        return (Reason("expert.no-purpose", Kind.NOT_VALID, "查看完整个人信息须写明用途（不少于4个字），并留下记录"),)
    return ()
