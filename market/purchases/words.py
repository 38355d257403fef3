"""Purchases in people's words."""

from django.utils.translation import gettext_lazy as _

from market.purchases.rules import Finding, Step

STEP_WORDS = {
    Step.WHAT: _("买什么"),
    Step.CONDITIONS: _("要什么条件"),
    Step.MONEY: _("多少钱、谁的钱"),
    Step.METHOD: _("怎么选"),
    Step.TIME: _("什么时候"),
}
FINDING_WORDS = {
    Finding.SPLIT.value: _("属于拆分采购，不得再以直接选取方式采购"),
    Finding.SEPARATE.value: _("不属于拆分，累计限额仍然适用，应改用其他方式"),
}
