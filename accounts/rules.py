"""Who may be entered, and which statements count as whose."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from rulebook.actor import Actor, Role
from rulebook.credit_code import why_not_credit_code
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason


class Kind(StrEnum):
    """What an organisation is to the market."""

    BUYER = "buyer"  # 采购人
    AGENT = "agent"  # 采购代理机构
    ENTERPRISE = "enterprise"  # 企业业主，以自有资金购买中介服务
    CITIZEN = "citizen"  # 自然人业主
    PROVIDER = "provider"  # 供应商
    CENTRE = "centre"  # 交易中心
    REGULATOR = "regulator"  # 监督管理部门
    NOTARY = "notary"  # 公证机构等独立第三方
    PLATFORM = "platform"  # 平台运营机构


# A person acts in one role, and a role belongs to certain organisations. Experts judge in their own name.
HOUSES: dict[Role, frozenset[Kind]] = {
    Role.OFFICER: frozenset({Kind.BUYER, Kind.AGENT, Kind.ENTERPRISE, Kind.CITIZEN}),
    Role.PROVIDER: frozenset({Kind.PROVIDER}),
    Role.EXPERT: frozenset(),
    Role.SUPERVISOR: frozenset({Kind.REGULATOR}),
    Role.WITNESS: frozenset({Kind.CENTRE}),
    Role.HOLDER: frozenset({Kind.BUYER, Kind.AGENT, Kind.CENTRE, Kind.NOTARY, Kind.REGULATOR}),
    Role.CONTRIBUTOR: frozenset({Kind.BUYER, Kind.AGENT, Kind.CENTRE, Kind.NOTARY, Kind.PLATFORM, Kind.REGULATOR}),
    Role.OPERATOR: frozenset({Kind.PLATFORM}),
    Role.SECURITY: frozenset({Kind.PLATFORM}),
    Role.AUDITOR: frozenset({Kind.REGULATOR, Kind.NOTARY}),
}

THREE = Article("GB/T 22239-2019", "8.1.5")
KEEPERS = frozenset({Role.SYSTEM, Role.OPERATOR})
# 系统、安全、审计: one runs the platform, one says who may do what on it, one watches both. Three persons.
# Law: GB/T 22239-2019 8.1.5.
STEWARDS = frozenset({Role.OPERATOR, Role.SECURITY, Role.AUDITOR})


def why_not_enter(*, by: Actor) -> tuple[Reason, ...]:
    """Reasons against entering organisations and people: the operator's desk does it, or the platform at its birth."""
    if by.role not in KEEPERS:
        return (Reason("accounts.not-operator", Fault.NOT_YOURS, "仅平台运营人员可登记单位和人员"),)
    return ()


def why_not_create_organisation(*, code: str, name: str, kind: Kind | None = None, by: Actor) -> tuple[Reason, ...]:
    """Reasons against entering an organisation.  code: 统一社会信用代码 (GB 32100), the platform's for a citizen."""
    if reasons := why_not_enter(by=by):
        return reasons
    reasons = () if kind is Kind.CITIZEN else tuple(why_not_credit_code(code))  # a citizen has none
    if not name.strip():
        reasons += (Reason("accounts.no-name", Fault.NOT_VALID, "单位名称不能为空"),)
    return reasons


PHONE = re.compile(r"1[3-9]\d{9}")


def why_not_sign_up(*, name: str, phone: str, taken: bool) -> tuple[Reason, ...]:
    """Reasons against a person's signing up to buy for himself: a name and a telephone, nothing more is asked."""
    reasons: tuple[Reason, ...] = ()
    if not 2 <= len(name.strip()) <= 30:
        reasons += (Reason("accounts.citizen-name", Fault.NOT_VALID, "请填写姓名"),)
    if not PHONE.fullmatch(phone):
        reasons += (Reason("accounts.citizen-phone", Fault.NOT_VALID, "请填写11位手机号码"),)
    if taken:
        reasons += (Reason("accounts.citizen-known", Fault.NOT_NOW, "该手机号码已注册，请直接登录"),)
    return reasons


# What a code sent to a telephone is worth: six digits, for so long, so many tries; how often one is sent.
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CODE_PAUSE = timedelta(seconds=60)  # between two to one telephone
CODES_AN_HOUR = 5  # to one telephone
CODES_OF_SOURCE = 20  # an hour, from one place
CODE_HOUR = timedelta(hours=1)


def why_not_send_code(*, last: datetime | None, sent: int, of_source: int, at: datetime) -> tuple[Reason, ...]:
    """Reasons against sending a code.  last, sent: to this telephone, in the hour.  of_source: from the same place."""
    if last is not None and at < last + CODE_PAUSE:
        return (Reason("accounts.code-soon", Fault.NOT_NOW, "刚刚发送过验证码，请一分钟后再试", own(28)),)
    if sent >= CODES_AN_HOUR or of_source >= CODES_OF_SOURCE:
        return (Reason("accounts.code-often", Fault.NOT_NOW, "一小时内发送验证码次数过多，请稍后再试", own(28)),)
    return ()


def why_not_try_code(*, expires_at: datetime, tries: int, used: bool, at: datetime) -> tuple[Reason, ...]:
    """Reasons against looking at a code.  tries: before this one."""
    if used or at >= expires_at or tries >= CODE_TRIES:
        return (Reason("accounts.code-over", Fault.NOT_NOW, "验证码已失效，请重新获取", own(28)),)
    return ()


def wrong_code(tries: int) -> tuple[Reason, ...]:
    """Why a code is not taken.  tries: with this one."""
    left = max(CODE_TRIES - tries, 0)
    text = "验证码不正确，还可以输入 {left} 次"
    return (Reason("accounts.code-wrong", Fault.NOT_VALID, text, own(28), {"left": left}),)


def masked(name: str) -> str:
    """What the public reads in a citizen's place: 张*, whatever the length."""
    return f"{name.strip()[:1]}*"


def masked_phone(phone: str) -> str:
    """138****0001."""
    return f"{phone[:3]}****{phone[-4:]}"


def why_not_create_user(*, role: Role, kind: Kind | None, by: Actor) -> tuple[Reason, ...]:
    """Reasons against entering a person.  kind: of the organisation acted for, None for somebody without one."""
    return why_not_enter(by=by) or why_not_role(role=role, kind=kind)


def why_not_role(*, role: Role, kind: Kind | None) -> tuple[Reason, ...]:
    """Reasons against a role in that kind of organisation."""
    if role not in HOUSES:
        return (Reason("accounts.no-such-role", Fault.NOT_VALID, "没有可登记的角色“{role}”", values={"role": role}),)
    houses = HOUSES[role]
    if houses and kind not in houses:
        return (Reason("accounts.wrong-house", Fault.NOT_VALID, "该单位的人员不能担任此角色"),)
    return ()


def why_not_steward(*, role: Role, known: bool, elsewhere: bool) -> tuple[Reason, ...]:
    """Reasons against one of the three offices.  known: who it is.  elsewhere: the person holds one of them already.

    Law: GB/T 22239-2019 8.1.5.
    """
    if role not in STEWARDS:
        return ()
    if not known:
        return (Reason("accounts.steward-unknown", Fault.NOT_VALID, "系统、安全、审计人员须登记身份证号码", THREE),)
    if elsewhere:
        text = "该人员已担任系统、安全、审计管理之一，三者须由不同的人担任"
        return (Reason("accounts.steward-twice", Fault.NOT_NOW, text, THREE),)
    return ()


def why_not_move(*, was: Role, role: Role) -> tuple[Reason, ...]:
    """Reasons against another role: an office of the three is neither left for another nor entered from one."""
    if was is role or not {was, role} & STEWARDS:
        return ()
    text = "系统、安全、审计管理岗位不能与其他岗位互换，请另行登记人员"
    return (Reason("accounts.steward-moves", Fault.NOT_NOW, text, THREE),)


def why_not_first_password(*, has_one: bool) -> tuple[Reason, ...]:
    """Reasons against giving an account its first password."""
    if has_one:
        return (Reason("accounts.has-password", Fault.NOT_NOW, "该账户已经启用"),)
    return ()


def why_not_register_key(*, org: str, gen: int, pinned: int, signed_by: int, by: Actor) -> tuple[Reason, ...]:
    """Reasons against registering an identity key.

    gen: generation handed in.  pinned: newest generation already registered, 0 for none.
    signed_by: generation whose key signed it, 0 for none of them.  Generation 1 signs itself; each later one is signed
    by the one before, or by itself when the operator's desk re-registers in person after a compromise.
    Spec: docs/proofs.md, registration.
    """
    if by.role not in KEEPERS and by.organisation != org:
        return (Reason("accounts.not-own-key", Fault.NOT_YOURS, "只能登记本单位的身份公钥"),)
    if gen != pinned + 1:
        return (
            Reason(
                "accounts.key-out-of-turn",
                Fault.NOT_NOW,
                "应登记第 {due} 代身份公钥，收到的是第 {gen} 代",
                values={"due": pinned + 1, "gen": gen},
            ),
        )
    if signed_by != (pinned or gen) and not (signed_by == gen and by.role in KEEPERS):
        return (Reason("accounts.key-unsigned", Fault.NOT_VALID, "身份公钥登记声明的签名不成立"),)
    return ()


REVOKED = Reason(
    "statement.revoked-key", Fault.NOT_NOW, "签署所用的密钥已经吊销，请换现行的一代；吊销以前收下的声明照样有效"
)


def why_not_revoke_key(
    *, org: str, gen: int, revokes: int, registered: Collection[int], revoked: Collection[int], signed: bool, by: Actor
) -> tuple[Reason, ...]:
    """Reasons against revoking a generation of an identity key.

    gen: generation that says so.  revokes: the one that is to end.  signed: the statement carries the key of `gen`.
    Only a later one may: of two keys the older is the likelier stolen one, and somebody who holds it must not end the
    new one with it. So the newest stands always, and what comes after it can be signed.
    Spec: docs/proofs.md, registration.
    """
    if by.role is not Role.SYSTEM and by.organisation != org:
        return (Reason("accounts.not-own-revocation", Fault.NOT_YOURS, "只能吊销本单位的密钥"),)
    if revokes not in registered:
        return (Reason("accounts.no-such-key", Fault.NOT_VALID, "没有登记过第 {gen} 代密钥", values={"gen": revokes}),)
    if revokes in revoked:
        return (Reason("accounts.key-revoked", Fault.NOT_NOW, "第 {gen} 代密钥已经吊销", values={"gen": revokes}),)
    if revokes == max(registered):
        text = "这是现行的一代：请先登记新一代密钥，再用新一代吊销它"
        return (Reason("accounts.key-newest", Fault.NOT_NOW, text),)
    if gen <= revokes or gen not in registered or gen in revoked:
        text = "请用比它新、没有吊销的一代密钥签署"
        return (Reason("accounts.key-not-later", Fault.NOT_VALID, text),)
    return () if signed else (Reason("accounts.revocation-unsigned", Fault.NOT_VALID, "吊销声明的签名不成立"),)


# Which capacity a signature-only door gives to an organisation that has no person at the keyboard.
STANDING: dict[Kind, Role] = {
    Kind.BUYER: Role.HOLDER,
    Kind.AGENT: Role.HOLDER,
    Kind.ENTERPRISE: Role.OFFICER,
    Kind.CITIZEN: Role.OFFICER,
    Kind.CENTRE: Role.HOLDER,
    Kind.NOTARY: Role.HOLDER,
    Kind.PLATFORM: Role.CONTRIBUTOR,
    Kind.REGULATOR: Role.SUPERVISOR,
    Kind.PROVIDER: Role.PROVIDER,
}

# 25 wrong tries in 15 minutes from one source, 100 an hour: hopeless for guessing, room for an office behind one line.
TRIES = 25


def why_not_try(failures: int) -> tuple[Reason, ...]:
    """Reasons against looking at a password.  failures: of this source in the window, this try included."""
    if failures > TRIES:
        return (Reason("accounts.too-many-tries", Fault.NOT_NOW, "此网络来源尝试次数过多，请十五分钟后再试"),)
    return ()


# Statements a source may send to the doors without a session, and wrong ones, in so many seconds. A key holder hands in
# a thousand slot keys in one go, and bidders of a whole town may share one line.
FLOOD_WINDOW = 10
SAID = 2000
WRONG = 100


def why_not_say(said: int, wrong: int) -> tuple[Reason, ...]:
    """Reasons against reading another statement.  said, wrong: of this source in the window, this one included."""
    if said > SAID or wrong >= WRONG:
        return (Reason("accounts.flood", Fault.NOT_NOW, "此网络来源发送的声明过多，请数秒后再试"),)
    return ()
