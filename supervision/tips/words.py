"""What came of a tip, in words."""

from django.utils.translation import gettext_lazy as _

from supervision.tips.rules import Outcome

OUTCOME_WORDS = {
    Outcome.FOUNDED: _("属实，已处理"),
    Outcome.UNFOUNDED: _("查无实据"),
    Outcome.HANDED: _("另行报告立案或者移送"),
    Outcome.NOT_OURS: _("不属于本单位职权"),
}
