"""Who may enter, change, object and leave; who is eligible for what on a day. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from rulebook.actor import Actor, Role
from rulebook.credit_code import why_not_credit_code
from rulebook.house import own
from rulebook.identity_number import born
from rulebook.law import Article
from rulebook.machine import Machine
from rulebook.refusal import Kind, Reason

OPEN_ENTRY = Article("内蒙古自治区网上中介服务超市管理办法", "第3条")
RELEASED = own(91)
OBJECT_WITHIN = 5  # working days
LEAST_STATEMENT = 10  # characters
REMIND_BEFORE = timedelta(days=30)
OBJECTIONS_A_DAY = 10  # of one source
LEAST_DOCUMENT = 4  # characters
MOST_HELD = 200  # certificates, people, places of one provider


class State(StrEnum):
    """Where a provider stands in the register."""

    LISTED = "listed"  # brought in from another register; its promise is not signed yet
    ENTERED = "entered"
    LEFT = "left"


LIFE = Machine(
    {
        State.LISTED: frozenset({State.ENTERED, State.LEFT}),
        State.ENTERED: frozenset({State.LEFT}),
        State.LEFT: frozenset({State.ENTERED}),
    },
    code="provider.state",
)


class Outcome(StrEnum):
    """What a spot check found."""

    IN_ORDER = "in-order"
    TO_CORRECT = "to-correct"
    FALSE = "false"


class Finding(StrEnum):
    """What came of an objection to somebody's data."""

    UPHELD = "upheld"
    REJECTED = "rejected"


class Claim(StrEnum):
    """What came of somebody's word that he has left a firm."""

    FREED = "freed"
    KEPT = "kept"
    DROPPED = "dropped"  # the firm released him itself, or left


REGIME = "D"  # the market the register is for
# From the highest down; a grade of one ladder serves where a lower one of the same is wanted.
GRADES = (("特级", "甲级", "乙级", "丙级", "丁级"), ("一级", "二级", "三级"), ("一类", "二类", "三类"))
PROFILE = ("legal_rep", "region", "address", "scope", "contact_name", "contact_phone")
PROFILE_NAMES: Mapping[str, str] = {
    "legal_rep": "法定代表人", "region": "住所地区", "address": "住所", "scope": "业务范围", "contact_name": "联系人",
    "contact_phone": "联系电话",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A qualification somebody must hold.  grade: at least, empty for any."""

    kind: str
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What a purchase asks of a provider.  every: all qualifications, not one.  staff: (certificate, people)."""

    qualifications: tuple[Wanted, ...] = ()
    every: bool = False
    staff: tuple[tuple[str, int], ...] = ()


class Held(Protocol):
    """A qualification as rules see it. valid_to: its last day, None where it has none."""

    kind: str
    grade: str
    valid_to: date | None


class Certified(Protocol):
    """A practitioner's certificate as rules see it."""

    kind: str
    valid_to: date | None
    person: object


def valid(held: Held | Certified, *, on: date) -> bool:
    """It still holds on a day: through its last day."""
    return held.valid_to is None or on <= held.valid_to


def serves(grade: str, wanted: str) -> bool:
    """A grade is the wanted one or a higher one of its ladder."""
    if not wanted or grade == wanted:
        return True
    ladder = next((steps for steps in GRADES if wanted in steps and grade in steps), ())
    return bool(ladder) and ladder.index(grade) <= ladder.index(wanted)


def why_not_eligible(
    *, state: str, held: Sequence[Held], staff: Sequence[Certified], need: Need, on: date
) -> tuple[Reason, ...]:
    """Everything that stands against a provider's part on a day, told at once; what has expired drops out by its date.

    held, staff: what it has in the register, expired or not.
    """
    if state != State.ENTERED:
        return (Reason("provider.not-entered", Kind.NOT_NOW, "该机构没有签署承诺书入驻"),)
    against = {wanted: _why_not_held(wanted, held, on=on) for wanted in need.qualifications}
    reasons: tuple[Reason, ...] = ()
    if need.every or not any(not why for why in against.values()):
        reasons += tuple(reason for why in against.values() for reason in why)
    for kind, count in need.staff:
        have = {each.person for each in staff if each.kind == kind and valid(each, on=on)}
        if len(have) < count:
            text = "“{kind}”在有效期内的有{have}人，要求{count}人"
            values = {"kind": kind, "have": len(have), "count": count}
            reasons += (Reason("provider.too-few-staff", Kind.NOT_VALID, text, None, values),)
    return reasons


def _why_not_held(wanted: Wanted, held: Sequence[Held], *, on: date) -> tuple[Reason, ...]:
    fitting = [each for each in held if each.kind == wanted.kind and serves(each.grade, wanted.grade)]
    if any(valid(each, on=on) for each in fitting):
        return ()
    name = f"{wanted.kind}{wanted.grade}"
    ends = [each.valid_to for each in fitting if each.valid_to is not None]
    if ends:
        text = "“{name}”已于{until}到期"
        return (Reason("provider.expired", Kind.NOT_VALID, text, None, {"name": name, "until": max(ends).isoformat()}),)
    return (Reason("provider.not-qualified", Kind.NOT_VALID, "没有“{name}”", None, {"name": name}),)


# --- entering, changing, leaving -------------------------------------------------------------------------------------


def why_not_own(*, provider: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against acting for a provider: its own people do."""
    if by.role is not Role.PROVIDER or not by.organisation or by.organisation != provider:
        return (Reason("provider.not-own", Kind.NOT_YOURS, "由机构本单位的经办人办理"),)
    return ()


def why_not_enter(
    *, code: str, state: State | None, profile: Mapping[str, str], promised: bool, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against entering: nobody approves it, nothing but a whole profile and the promise is asked.

    state: what the register has of it, None for nothing.  No local seat and no size is asked for.
    Law: 内蒙古自治区网上中介服务超市管理办法 第3条.
    """
    if reasons := why_not_own(provider=code, by=by):
        return reasons
    if state is not None and (reasons := LIFE.why_not(state, State.ENTERED)):
        return reasons
    reasons = tuple(why_not_credit_code(code)) + why_not_profile(profile)
    if not promised:
        reasons += (Reason("provider.no-promise", Kind.NOT_VALID, "请阅读并签署承诺书", OPEN_ENTRY),)
    return reasons


def why_not_profile(profile: Mapping[str, str]) -> tuple[Reason, ...]:
    """Reasons against a profile: each element that is empty."""
    return tuple(
        Reason("provider.missing", Kind.NOT_VALID, "缺少“{field}”", None, {"field": PROFILE_NAMES[field]})
        for field in PROFILE
        if not profile.get(field, "").strip()
    )


def why_not_change(*, provider: str, state: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against changing what the register has of a provider: who, then when."""
    if reasons := why_not_own(provider=provider, by=by):
        return reasons
    if state != State.ENTERED:
        return (Reason("provider.not-in", Kind.NOT_NOW, "请先签署承诺书入驻"),)
    return ()


def why_not_hold(
    *, kind: str, number: str, issuer: str, valid_to: date | None, held: int, taken: bool, on: date
) -> tuple[Reason, ...]:
    """Reasons against a certificate as it is typed in.  taken: another provider has it in the register."""
    reasons: tuple[Reason, ...] = ()
    if not kind.strip() or not number.strip() or not issuer.strip():
        reasons += (Reason("provider.certificate", Kind.NOT_VALID, "请填写类别、证书编号和发证机关"),)
    if valid_to is not None and valid_to < on:
        reasons += (Reason("provider.already-over", Kind.NOT_VALID, "该证书已经到期"),)
    if taken:
        reasons += (Reason("provider.certificate-taken", Kind.NOT_VALID, "该证书编号已登记在册，不能重复登记"),)
    return reasons + _why_not_more(held)


def why_not_employ(*, name: str, id_number: str, held: int, elsewhere: bool, here: bool) -> tuple[Reason, ...]:
    """Reasons against entering a practitioner.  elsewhere: in the register with another firm.  here: with this one."""
    reasons: tuple[Reason, ...] = ()
    if not 2 <= len(name.strip()) <= 40 or born(id_number) is None:
        reasons += (Reason("provider.person", Kind.NOT_VALID, "请填写姓名和有效的18位身份证号码"),)
    if elsewhere:
        text = "此人已登记在另一家机构名下；须由该机构先登记离职"
        reasons += (Reason("provider.employed-elsewhere", Kind.NOT_VALID, text),)
    if here:
        reasons += (Reason("provider.employed-here", Kind.NOT_VALID, "此人已登记在本机构名下"),)
    return reasons + _why_not_more(held)


def _why_not_more(held: int) -> tuple[Reason, ...]:
    if held < MOST_HELD:
        return ()
    return (Reason("provider.too-many", Kind.NOT_VALID, "登记的数目不超过{most}", None, {"most": MOST_HELD}),)


def why_not_claim(*, named: bool, statement: str, open_already: bool, left_on: date, on: date) -> tuple[Reason, ...]:
    """Reasons against the word that somebody has left his firm.

    named: a person with this number and name is entered with another firm.
    """
    if not named:
        text = "没有以此姓名和身份证号码登记在其他机构的人员"
        return (Reason("provider.claim-who", Kind.NOT_VALID, text, RELEASED),)
    if open_already:
        return (Reason("provider.claim-open", Kind.NOT_NOW, "此人的离职声明正在办理", RELEASED),)
    reasons: tuple[Reason, ...] = ()
    if left_on > on:
        reasons += (Reason("provider.claim-day", Kind.NOT_VALID, "离职日不能在今天以后", RELEASED),)
    if len(statement.strip()) < LEAST_STATEMENT:
        text = "请写入本人的声明：何时离职、怎样通知了原机构（不少于{n}字）"
        reasons += (Reason("provider.claim-words", Kind.NOT_VALID, text, RELEASED, {"n": LEAST_STATEMENT}),)
    return reasons


def why_not_object_to_claim(
    *, provider: str, decided: bool, objected: bool, due_on: date, text: str, by: Actor, on: date
) -> tuple[Reason, ...]:
    """Reasons against objecting to it: the firm's own people, once, within the term, with reasons."""
    if reasons := why_not_own(provider=provider, by=by):
        return reasons
    if decided or objected or on > due_on:
        return (Reason("provider.claim-over", Kind.NOT_NOW, "已提出异议，或者期限已过", RELEASED),)
    if len(text.strip()) < LEAST_STATEMENT:
        text = "请写明理由和依据，如劳动合同、社会保险缴纳情况（不少于{n}字）"
        return (Reason("provider.claim-why", Kind.NOT_VALID, text, RELEASED, {"n": LEAST_STATEMENT}),)
    return ()


def why_not_decide_claim(*, decided: bool, objected: bool, reason: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against deciding it: a keeper's, once there is an objection, with the reason."""
    if reasons := why_not_keep(by=by):
        return reasons
    if decided or not objected:
        return (Reason("provider.claim-undisputed", Kind.NOT_NOW, "没有待决定的异议", RELEASED),)
    if not reason.strip():
        return (Reason("provider.claim-reason", Kind.NOT_VALID, "请写明查明的事实和理由", RELEASED),)
    return ()


def why_not_rename(*, name: str, before: str, since: date, document: str, taken: bool, on: date) -> tuple[Reason, ...]:
    """Reasons against another name of a firm: it is another one, nobody else's, and registered by now.

    taken: another organisation goes by it.  document: of the registration of the change.
    """
    reasons: tuple[Reason, ...] = ()
    if not 4 <= len(name.strip()) <= 200 or name.strip() == before:
        reasons += (Reason("provider.name", Kind.NOT_VALID, "请填写与现名不同的完整名称"),)
    if taken:
        reasons += (Reason("provider.name-taken", Kind.NOT_VALID, "该名称已由另一单位使用，请核对登记机关的核准"),)
    if since > on:
        text = "变更自登记机关核准之日起办理，不能填写以后的日期"
        reasons += (Reason("provider.name-later", Kind.NOT_VALID, text),)
    if len(document.strip()) < LEAST_DOCUMENT:
        reasons += (Reason("provider.name-document", Kind.NOT_VALID, "请写明登记机关的变更登记文书号"),)
    return reasons


def why_not_leave(*, provider: str, state: str, open_contracts: Collection[str], by: Actor) -> tuple[Reason, ...]:
    """Reasons against leaving the register.  open_contracts: numbers of projects won and not completed."""
    if reasons := why_not_own(provider=provider, by=by):
        return reasons
    if reasons := LIFE.why_not(State(state), State.LEFT):
        return reasons
    return tuple(
        Reason("provider.open-contract", Kind.NOT_NOW, "项目{number}尚未履行完毕，不能退出", None, {"number": number})
        for number in sorted(open_contracts)
    )


# --- afterwards: checks and objections -------------------------------------------------------------------------------

KEEPERS = frozenset({Role.OPERATOR, Role.SUPERVISOR})


def why_not_keep(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against keeping the register: checks, findings, imports."""
    if by.role not in KEEPERS or not by.person:
        return (Reason("provider.not-keeper", Kind.NOT_YOURS, "由平台运营人员或者监督人员办理"),)
    return ()


def why_not_check(
    *, subject: str, outcome: str, note: str, due_on: date | None, by: Actor, on: date
) -> tuple[Reason, ...]:
    """Reasons against recording a spot check.  due_on: until when what was found is to be set right."""
    if reasons := why_not_keep(by=by):
        return reasons
    reasons = ()
    if not subject.strip() or outcome not in set(Outcome):
        reasons += (Reason("provider.check", Kind.NOT_VALID, "请写明核查内容和结论"),)
    if outcome != Outcome.IN_ORDER and not note.strip():
        reasons += (Reason("provider.check-note", Kind.NOT_VALID, "有问题的，请写明事实"),)
    if outcome == Outcome.TO_CORRECT and (due_on is None or due_on < on):
        reasons += (Reason("provider.check-due", Kind.NOT_VALID, "限期改正的，请写明今天以后的期限"),)
    return reasons


def why_not_object(*, provider: str, text: str, reachable: bool, today: int, by: Actor) -> tuple[Reason, ...]:
    """Reasons against an objection to a provider's data: everybody else may raise one.

    reachable: a name and a telephone were left, or somebody is signed in.  today: objections of this source so far.
    """
    if by.organisation == provider:
        return (Reason("provider.own-data", Kind.NOT_YOURS, "本机构的信息请直接更正"),)
    if today >= OBJECTIONS_A_DAY:
        return (Reason("provider.many-objections", Kind.NOT_NOW, "今天从此处提交的异议过多，请明天再试"),)
    reasons: tuple[Reason, ...] = ()
    if len(text.strip()) < 5:
        reasons += (Reason("provider.objection-text", Kind.NOT_VALID, "请写明哪一项不实、事实和理由"),)
    if not reachable:
        reasons += (Reason("provider.objection-who", Kind.NOT_VALID, "请留下姓名和电话，仅供核查联系，不公开"),)
    return reasons


def why_not_find(*, found: bool, finding: str, text: str, by: Actor) -> tuple[Reason, ...]:
    """Reasons against a finding on an objection: a keeper's, once, with what was found."""
    if reasons := why_not_keep(by=by):
        return reasons
    if found:
        return (Reason("provider.found-already", Kind.NOT_NOW, "该异议已有结论"),)
    if finding not in set(Finding) or not text.strip():
        return (Reason("provider.finding", Kind.NOT_VALID, "请选择结论并写明查明的事实，二者都会公开"),)
    return ()


# --- bringing in another register ------------------------------------------------------------------------------------


def why_not_confirm(*, staged_by: str, done: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against confirming a staged import: a second keeper, once."""
    if reasons := why_not_keep(by=by):
        return reasons
    if done:
        return (Reason("provider.import-done", Kind.NOT_NOW, "这批数据已经处理"),)
    if staged_by == by.person:
        return (Reason("provider.own-import", Kind.NOT_YOURS, "须由另一人核对后确认"),)
    return ()
