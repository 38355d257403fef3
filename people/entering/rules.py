"""Which houses come in by themselves, what they promise and agree to, and who looks at the others. Pure."""

from enum import StrEnum

from accounts.rules import Kind, why_not_sign_up
from proofs import canonical
from rulebook.actor import Actor, Role
from rulebook.credit_code import why_not_credit_code
from rulebook.house import own
from rulebook.law import Article
from rulebook.refusal import Kind as Fault
from rulebook.refusal import Reason

LAW = own(28)
SIGNATURES = Article("电子签名法", "第3条")


class State(StrEnum):
    """How far somebody has come whose telephone is confirmed."""

    WAITING = "waiting"  # the operator looks at the document
    ENTERED = "entered"
    REFUSED = "refused"
    KNOWN = "known"  # the code is somebody's already; nothing said yet
    ASKED = "asked"  # to be invited by that house
    OBJECTED = "objected"  # says that house is his
    UPHELD = "upheld"
    DISMISSED = "dismissed"


# Who comes in: in which role, and what is asked beyond the promise. Everybody else is entered by the platform.
FIRST_ROLE = {
    Kind.PROVIDER: Role.PROVIDER,
    Kind.ENTERPRISE: Role.OFFICER,
    Kind.BUYER: Role.OFFICER,
    Kind.AGENT: Role.OFFICER,
}
WITH_DOCUMENT = frozenset({Kind.BUYER, Kind.AGENT})  # public money: its document is looked at

_TRUE = "本单位依法设立，所填信息真实；经办人有权代表本单位办理入驻，并担任首任单位管理员。"
_RULES = "遵守平台规则；承诺不实的，依法承担责任。"
_BUYS = "依法采购，按公告的条件选取，不指定、不串通，按合同付款。"
PROMISES = {
    Kind.PROVIDER: (_TRUE, "如实提供资质、人员和业绩，不串通，不以他人名义投标、报价。", _RULES),
    Kind.ENTERPRISE: (_TRUE, "以自有资金采购，按公告的条件选取，不指定、不串通，按合同付款。", _RULES),
    Kind.BUYER: (_TRUE, _BUYS, _RULES),
    Kind.AGENT: (_TRUE, "只在采购人委托的范围内办理，不与采购人、供应商串通，不泄露应当保密的信息。", _RULES),
}

# The agreement on electronic signatures. A changed text is another edition; who signed one keeps it.
EDITION = "2026-1"
CLAUSES = (
    "本单位同意在本平台的采购、投标、签约等活动中使用数据电文和电子签名，"
    "不仅因其采用电子形式而否认其效力（电子签名法第3条、第4条）。",
    "经办人以本人账户办理的，和以本单位身份密钥签名的，都是本单位的行为。身份密钥的私钥只在本单位的设备上产生和保存，"
    "由本单位专有、专控；签名后对签名和内容的改动能够被发现。双方约定其为可靠的电子签名（电子签名法第13条）。",
    "可靠的电子签名与手写签名或者盖章具有同等的法律效力（电子签名法第14条）。法律、行政法规规定不适用电子文书的，从其规定。",
    "本单位妥善保管密码和密钥，至少两人分别保管密钥副本；知道已经失密或者可能失密的，立即告知平台并停止使用，"
    "未及时告知造成损失的，依法承担赔偿责任（电子签名法第15条、第27条）。",
    "文件以进入本平台的时间为收到时间，以服务器时间为准，平台当即出具签名回执（电子签名法第11条）。",
    "平台按法律规定的期限保存，保证内容可以随时调取查用、未被改动（电子签名法第5条、第6条）。",
    "本单位终止使用的，书面告知平台；此前以电子签名办理的事项继续有效。",
)


def agreement_text() -> bytes:
    """The agreement as it is hashed: edition and clauses, canonical JSON."""
    return canonical.dumps({"v": "signature-agreement/1", "edition": EDITION, "clauses": list(CLAUSES)})


def promise_text(kind: Kind) -> bytes:
    """The promise of that kind of house as it is hashed."""
    return canonical.dumps({"v": "house-promise/1", "kind": kind.value, "clauses": list(PROMISES[kind])})


def why_not_begin(
    *, kind: Kind | None, code: str, firm: str, name: str, phone: str, promised: bool, agreed: bool
) -> tuple[Reason, ...]:
    """Reasons against a house's coming in. Whether the code is known plays no part: a stranger is not told."""
    if kind not in FIRST_ROLE:
        return (Reason("entering.kind", Fault.NOT_VALID, "这类单位由平台登记，不能自行入驻", LAW),)
    reasons = tuple(why_not_credit_code(code)) + why_not_sign_up(name=name, phone=phone, taken=False)
    if not 2 <= len(firm.strip()) <= 100:
        reasons += (Reason("entering.firm-name", Fault.NOT_VALID, "请填写单位全称", LAW),)
    if not promised:
        reasons += (Reason("entering.no-promise", Fault.NOT_VALID, "签署承诺书后方可入驻", LAW),)
    if not agreed:
        reasons += (Reason("entering.no-agreement", Fault.NOT_VALID, "签署电子签名协议后方可入驻", SIGNATURES),)
    return reasons


def why_not_confirm(*, kind: Kind, document: bool) -> tuple[Reason, ...]:
    """Reasons against looking at the code: the document goes with it."""
    if kind in WITH_DOCUMENT and not document:
        text = "请上传加盖公章的单位证书或者营业执照和经办人授权书"
        return (Reason("entering.no-document", Fault.NOT_VALID, text, LAW),)
    return ()


def why_not_speak(*, state: State, text: str, objects: bool) -> tuple[Reason, ...]:
    """Reasons against asking to be invited, or objecting, where the code is another's."""
    if state is not State.KNOWN:
        return (Reason("entering.said", Fault.NOT_NOW, "已经提交，请等待答复", LAW),)
    if objects and not 10 <= len(text.strip()) <= 2000:
        return (Reason("entering.no-grounds", Fault.NOT_VALID, "请写明理由，10至2000字", LAW),)
    return ()


def why_not_find(*, state: State, text: str, platforms: bool, by: Actor) -> tuple[Reason, ...]:
    """Reasons against a finding: the operator looks at documents, the security officer hears objections.

    Law: GB/T 22239-2019 8.1.5: who runs the platform knows who it is, who secures it says who may act.
    platforms: an objection is to hold against a house that the platform entered itself.
    """
    of = {State.WAITING: Role.OPERATOR, State.OBJECTED: Role.SECURITY}
    if by.role not in of.values() or not by.person:
        return (Reason("entering.not-keeper", Fault.NOT_YOURS, "仅平台运营机构可以办理", LAW),)
    if state not in of:
        return (Reason("entering.found", Fault.NOT_NOW, "已经办理", LAW),)
    if by.role is not of[state]:
        text = "单位证明由运营人员核对，信用代码异议由安全管理员处理"
        return (Reason("entering.other-keeper", Fault.NOT_YOURS, text, LAW),)
    if platforms:
        text = "该单位由平台登记，请由平台当面核实后重新指定单位管理员"
        return (Reason("entering.platforms-own", Fault.NOT_NOW, text, LAW),)
    if not 2 <= len(text.strip()) <= 2000:
        return (Reason("entering.no-finding", Fault.NOT_VALID, "请写明核对的结果", LAW),)
    return ()
