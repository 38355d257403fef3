"""What the acts, parts, verdicts and findings of an opening are called."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bidding.opening.rules import Act
from rulebook.terms import Terms

PARTS: dict[str, str | Promise] = {
    "sheet": _("开标一览表"),
    "body": _("商务技术文件"),
    "tech": _("技术文件"),
    "price": _("报价文件"),
}
VERDICTS: dict[str, str | Promise] = {
    "OK": _("开启成功"),
    "ABSENT": _("{terms.bidder}未释放解密凭据"),
    "BAD_BIDDER_HALF": _("{terms.bidder}的解密凭据不符"),
    "INSUFFICIENT": _("有效钥匙不足且未补救"),
    "BAD_RESCUE": _("补救凭据不符"),
    "INVALID:HEADER": _("{terms.file}信封头无效"),
    "INVALID:MANIFEST": _("{terms.file}未按钥匙清单封装"),
    "INVALID:BAD_DEAL": _("{terms.bidder}分发的份额前后不一"),
    "INVALID:CCM": _("{terms.bidder}的份额承诺不符"),
    "INVALID:PAYLOAD": _("{terms.file}内容无法还原"),
    "INVALID:INDEX": _("{terms.file}目录不符"),
    "INVALID:SIGNATURE": _("{terms.file}签名不符"),
}
ACTS: dict[Act, str | Promise] = {
    Act.WAITING: _("等待{terms.opening}"),
    Act.SEALING: _("{terms.closing}封存"),
    Act.CLOSED: _("{terms.closing}封存"),
    Act.BIDDERS: _("{terms.bidder}解密"),
    Act.HOLDERS: _("持钥人开启"),
    Act.RESCUE: _("{terms.bidder}补救"),
    Act.CAUSES: _("认定原因"),
    Act.RECORD: _("确认签字"),
    Act.BETWEEN: _("待评审通过名单"),
    Act.ENDED: _("结束"),
    Act.NOT_OPENED: _("不予{terms.opening}"),
    Act.STOPPED: _("{terms.opening}终止"),
}
CAUSES: dict[str, str | Promise] = {"bidder": _("{terms.bidder}原因"), "other": _("其他原因")}
OUTCOMES: dict[str, str | Promise] = {
    "revoked": _("视为撤销其{terms.file}"),
    "withdrawn": _("视为撤回其{terms.file}，可向责任方要求赔偿"),
}
SIDES: dict[str, str | Promise] = {"host": _("主持人"), "witness": _("交易中心见证人")}
HOW: dict[str, str | Promise] = {
    "agreed": _("主持人与见证人意见一致"),
    "supervisor": _("监督人员裁定"),
    "evidence": _("限时内未达成一致，按证据认定"),
}
SIGNERS: dict[str, str | Promise] = {"bidder": _("{terms.bidder}"), "witness": _("见证人"), "host": _("主持人")}


def part(name: str) -> str:
    """A part of a bid in words."""
    return str(PARTS.get(name, name))


def act(act: Act, terms: Terms) -> str:
    """What the hall is about now, in words."""
    return str(ACTS[act]).format(terms=terms)


def signer(role: str, terms: Terms) -> str:
    """Whose signature it is, in words."""
    return str(SIGNERS[role]).format(terms=terms)


def verdict(code: str, terms: Terms) -> str:
    """A verdict in words."""
    return str(VERDICTS.get(code, code)).format(terms=terms)


def cause(code: str, terms: Terms) -> str:
    """Whose doing it was that a bid did not open."""
    return str(CAUSES.get(code, code)).format(terms=terms)


def outcome(code: str, terms: Terms) -> str:
    """What the law makes of a bid that did not open."""
    return str(OUTCOMES.get(code, code)).format(terms=terms)


def finding(code: str, terms: Terms) -> str:
    """A finding in words: who is to blame for what."""
    if code == "ENVELOPE_LOST":
        return gettext("平台保存的文件损坏且未能恢复，责任在平台")
    found = re.fullmatch(r"(WRONG_KEY|BAD_SHARE)\((r?)(\d+)\)", code)
    if not found:
        return gettext("{terms.file}的份额分发有误").format(terms=terms) if code.startswith("BAD_DEAL") else code
    if found[1] == "WRONG_KEY":
        return gettext("第 {i} 位密钥保管人释放了错误的钥匙").format(i=found[3])
    return gettext("{terms.bidder}封给第 {i} 位密钥保管人的份额有误").format(i=found[3], terms=terms)
