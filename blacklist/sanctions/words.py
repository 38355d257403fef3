"""What the pages of decisions call things."""

from django.utils.translation import gettext_lazy as _

from blacklist.sanctions.rules import Fact, Gravity

FACT_WORDS = {
    Fact.STAYED: _("停止执行（复议、诉讼）"),
    Fact.RESUMED: _("恢复执行"),
    Fact.ANNULLED: _("撤销"),
    Fact.REPAIRED: _("信用修复"),
}
GRAVITY_WORDS = {Gravity.MINOR: _("轻微"), Gravity.GENERAL: _("一般"), Gravity.SERIOUS: _("严重")}
REGIME_WORDS = {
    "A": _("依法必须招标的项目"),
    "B": _("政府采购招标"),
    "C": _("政府采购非招标方式"),
    "D": _("中介服务超市"),
}
