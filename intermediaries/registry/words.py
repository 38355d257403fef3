"""The register in people's words."""

from django.utils.translation import gettext_lazy as _

from intermediaries.registry.rules import Claim, Finding, Outcome, State

STATE_WORDS = {
    State.LISTED: (_("待签承诺书"), "warn"), State.ENTERED: (_("已入驻"), "ok"), State.LEFT: (_("已退出"), ""),
}  # fmt: skip
OUTCOME_WORDS = {
    Outcome.IN_ORDER: (_("情况属实"), "ok"), Outcome.TO_CORRECT: (_("限期改正"), "warn"),
    Outcome.FALSE: (_("承诺不实"), "bad"),
}  # fmt: skip
FINDING_WORDS = {Finding.UPHELD: (_("异议成立"), "bad"), Finding.REJECTED: (_("异议不成立"), "ok")}
CLAIM_WORDS = {
    "": (_("办理中"), "warn"), Claim.FREED: (_("已解除原登记"), "ok"), Claim.KEPT: (_("不解除原登记"), "bad"),
    Claim.DROPPED: (_("原机构已登记离职"), "ok"),
}  # fmt: skip
PROFILE_WORDS = {
    "legal_rep": _("法定代表人"), "region": _("住所地区"), "address": _("住所"), "scope": _("业务范围"),
    "contact_name": _("联系人"), "contact_phone": _("联系电话"),
}  # fmt: skip
CHANGE_WORDS = {
    "listed": _("由其他名录导入"), "entered": _("签署承诺书入驻"), "profile": _("变更基本信息"),
    "qualification": _("登记资质"), "struck": _("资质、证书不再计入"), "joined": _("登记执业人员"),
    "certificate": _("登记执业证书"), "left-staff": _("执业人员离职"), "place": _("登记服务网点"),
    "closed-place": _("撤销服务网点"), "service": _("变更服务和价格"),
    "renamed": _("变更名称"), "freed": _("执业人员声明离职，登记解除"), "left": _("退出"),
}  # fmt: skip
