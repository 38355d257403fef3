"""What the roster is called on pages."""

from django.utils.translation import gettext_lazy as _

from accounts.models import KIND_WORDS
from bidding.holding.rules import Duty, Side

__all__ = ["DUTY_WORDS", "KIND_WORDS", "SIDE_WORDS", "WHAT_WORDS"]

DUTY_WORDS = {Duty.MEMBER: _("经手人"), Duty.DEPUTY: _("替补"), Duty.NONE: _("不担任")}
SIDE_WORDS = {Side.BUYER: _("采购人一方"), Side.CENTRE: _("交易中心"), Side.OUTSIDE: _("第三方")}
WHAT_WORDS = {
    "entered": _("加入常设名册"),
    "left": _("退出常设名册"),
    "member": _("任经手人"),
    "deputy": _("任替补"),
    "none": _("不再担任"),
    "away": _("外出，由替补办理"),
    "back": _("已返回"),
    "alone": _("改由无人值守服务释放钥匙"),
    "manned": _("改由经手人释放钥匙"),
}
