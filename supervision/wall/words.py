"""The words of the wall."""

from django.utils.translation import gettext_lazy as _

REGIME_WORDS = {
    "A": _("工程招标"),
    "B": _("政府采购公开招标"),
    "C": _("政府采购非招标"),
    "D": _("中介服务超市"),
}
