"""What the acts, parts, verdicts and findings of an opening are called."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bidding.opening.rules import Act

PARTS: dict[str, str | Promise] = {
    "sheet": _("开标一览表"),
    "body": _("商务技术文件"),
    "tech": _("技术文件"),
    "price": _("报价文件"),
}
VERDICTS: dict[str, str | Promise] = {
    "OK": _("开启成功"),
    "ABSENT": _("投标人未释放解密凭据"),
    "BAD_BIDDER_HALF": _("投标人的解密凭据不符"),
    "INSUFFICIENT": _("有效钥匙不足且未补救"),
    "BAD_RESCUE": _("补救凭据不符"),
    "INVALID:HEADER": _("投标文件信封头无效"),
    "INVALID:MANIFEST": _("投标文件未按钥匙清单封装"),
    "INVALID:BAD_DEAL": _("投标人分发的份额前后不一"),
    "INVALID:CCM": _("投标人的份额承诺不符"),
    "INVALID:PAYLOAD": _("投标文件内容无法还原"),
    "INVALID:INDEX": _("投标文件目录不符"),
    "INVALID:SIGNATURE": _("投标文件签名不符"),
}
ACTS: dict[Act, str | Promise] = {
    Act.WAITING: _("等待开标"),
    Act.SEALING: _("截标封存"),
    Act.CLOSED: _("截标封存"),
    Act.BIDDERS: _("投标人解密"),
    Act.HOLDERS: _("持钥人开启"),
    Act.RESCUE: _("投标人补救"),
    Act.CAUSES: _("认定原因"),
    Act.RECORD: _("确认签字"),
    Act.BETWEEN: _("待评审通过名单"),
    Act.ENDED: _("结束"),
    Act.NOT_OPENED: _("不予开标"),
}
CAUSES: dict[str, str | Promise] = {"bidder": _("投标人原因"), "other": _("其他原因")}
OUTCOMES: dict[str, str | Promise] = {
    "revoked": _("视为撤销其投标文件"),
    "withdrawn": _("视为撤回其投标文件，可向责任方要求赔偿"),
}
SIDES: dict[str, str | Promise] = {"host": _("主持人"), "witness": _("交易中心见证人")}
HOW: dict[str, str | Promise] = {
    "agreed": _("主持人与见证人意见一致"),
    "supervisor": _("监督人员裁定"),
    "evidence": _("限时内未达成一致，按证据认定"),
}
SIGNERS: dict[str, str | Promise] = {"bidder": _("投标人"), "witness": _("见证人"), "host": _("主持人")}


def part(name: str) -> str:
    """A part of a bid in words."""
    return str(PARTS.get(name, name))


def verdict(code: str) -> str:
    """A verdict in words."""
    return str(VERDICTS.get(code, code))


def finding(code: str) -> str:
    """A finding in words: who is to blame for what."""
    if code == "ENVELOPE_LOST":
        return gettext("平台保存的文件损坏且未能恢复，责任在平台")
    found = re.fullmatch(r"(WRONG_KEY|BAD_SHARE)\((r?)(\d+)\)", code)
    if not found:
        return gettext("投标文件的份额分发有误") if code.startswith("BAD_DEAL") else code
    if found[1] == "WRONG_KEY":
        return gettext("第 {i} 位密钥保管人释放了错误的钥匙").format(i=found[3])
    return gettext("投标人封给第 {i} 位密钥保管人的份额有误").format(i=found[3])
