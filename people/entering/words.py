"""Words of houses that come in."""

from django.utils.translation import gettext_lazy as _

from accounts.rules import Kind
from people.entering.rules import State

STATE_WORDS = {
    State.WAITING: _("等待核对证明文件"),
    State.ENTERED: _("已入驻"),
    State.REFUSED: _("未通过"),
    State.KNOWN: _("该信用代码已登记"),
    State.ASKED: _("已请求邀请"),
    State.OBJECTED: _("异议待核实"),
    State.UPHELD: _("异议成立"),
    State.DISMISSED: _("异议不成立"),
}
CHOICES = (
    (Kind.PROVIDER, _("供应商、中介服务机构"), _("投标、报价、提供服务。承诺后即时生效。")),
    (Kind.ENTERPRISE, _("企业业主"), _("用自有资金采购中介服务。承诺后即时生效。")),
    (Kind.BUYER, _("采购单位"), _("国家机关、事业单位、团体组织。上传证明文件，平台核对后生效。")),
    (Kind.AGENT, _("采购代理机构"), _("受采购单位委托办理。上传证明文件，平台核对后生效。")),
)
